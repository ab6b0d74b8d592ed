"""Erases people: all their rows in one transaction, their files noted in it and deleted after it.

What stays is about others, or without anybody: marks they gave, proofs that can still be verified, counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from lti_tool.db.models import IssuedProof, LtiUser
from lti_tool.domain.proofs import WITHDRAWN
from lti_tool.services.doomed_files import DoomedFiles
from lti_tool.services.idea_erasure import let_ideas_go
from lti_tool.services.kept_statistics import KeptStatistics
from lti_tool.services.personal_data import HOLDINGS, Holding, People, PersonalData, rows_of
from lti_tool.services.ports import Clock
from lti_tool.services.sign_ups import SignUps


class Erasure:
    """The one way in which people vanish: by their own wish, by the operator, after some time, with their town."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def erase(self, people: People, *, withdraw_proofs: bool = False) -> Mapping[str, int]:
        """Erase people; return how many rows of each table were deleted or lost their person.

        Who launches or answers at the same moment waits at the locked row, and then finds no such person.

        Args:
            people: of one registration.
            withdraw_proofs: also revoke their proofs; else these stay valid, without a name.
        """
        here = LtiUser.registration_id == people.registration_id
        mine = select(LtiUser.id).where(here, LtiUser.id.in_(people.user_ids)).order_by(LtiUser.id)
        self._session.execute(mine.with_for_update()).all()
        KeptStatistics(self._session).remember(people)
        DoomedFiles(self._session, self._clock).note([row.key for row in PersonalData(self._session).files(people)])
        if withdraw_proofs:
            self._withdraw(people)
        left = SignUps(self._session, self._clock).dates_of(people.registration_id, people.user_ids)
        counts = let_ideas_go(self._session, self._clock, people)
        for holding in HOLDINGS:
            counts[holding.table] = counts.get(holding.table, 0) + self._let_go(holding, people)
        SignUps(self._session, self._clock).fill(left)
        self._session.expire_all()
        return {table: count for table, count in counts.items() if count}

    def _let_go(self, holding: Holding, people: People) -> int:
        where = rows_of(holding, people)
        statement: Any = (
            update(holding.model).where(where).values(dict(holding.unnames))
            if holding.unnames
            else delete(holding.model).where(where)
        )
        result = self._session.execute(statement.execution_options(synchronize_session=False))
        return cast("CursorResult[Any]", result).rowcount

    def _withdraw(self, people: People) -> None:
        self._session.execute(
            update(IssuedProof)
            .where(
                IssuedProof.registration_id == people.registration_id,
                IssuedProof.user_id.in_(people.user_ids),
                IssuedProof.revoked_at.is_(None),
            )
            .values(revoked_at=self._clock(), revoked_reason=WITHDRAWN)
            .execution_options(synchronize_session=False)
        )
