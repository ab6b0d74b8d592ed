"""Merges two identities after a platform changed its `sub`, and undoes that.

A person is known by (registration, `sub`) alone. When a platform gives somebody another `sub`, the tool sees a
stranger; only people who know both can say that they are one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.db.models import IdentityMerge, LtiUser
from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.idea_moves import join_ideas, part_ideas
from lti_tool.services.identity_moves import (
    JOINED,
    Pair,
    join_attempts,
    join_reviews,
    join_rows,
    join_sessions,
    part_attempts,
    part_reviews,
    part_rows,
    part_sessions,
)
from lti_tool.services.ports import Clock
from lti_tool.services.proof_moves import join_proofs, part_proofs
from lti_tool.services.sign_up_moves import join_sign_ups, part_sign_ups


@dataclass(frozen=True, slots=True)
class ListedMerge:
    """A merge, with both identities by the platform's ids."""

    id: UUID
    from_subject: str
    to_subject: str
    merged_at: datetime
    undone_at: datetime | None


class Identities:
    """Identities of one registration."""

    def __init__(self, session: Session, clock: Clock, who: Who) -> None:
        self._session = session
        self._clock = clock
        self._audit = AuditLog(session, clock, who)

    def merge(self, registration_id: int, from_subject: str, to_subject: str) -> UUID:
        """Move all that `from_subject` has done to `to_subject`; return the merge's id.

        The better grade of both is sent again under the new identity where the platform has not had it yet.

        Raises:
            Refusal: `identity.unknown`, or `identity.conflict` if both are the same.
        """
        pair = Pair(
            registration_id, self._user_id(registration_id, from_subject), self._user_id(registration_id, to_subject)
        )
        if pair.goes == pair.stays:
            raise Refusal(Code.IDENTITY_CONFLICT, "the same identity twice")
        now = self._clock()
        moved: dict[str, Any] = {
            "attempts": join_attempts(self._session, pair),
            "sessions": join_sessions(self._session, pair),
            "reviews": join_reviews(self._session, pair),
            "proofs": join_proofs(self._session, pair),
            "ideas": join_ideas(self._session, pair),
            "sign_ups": join_sign_ups(self._session, self._clock, pair),
            **{table.__tablename__: join_rows(self._session, table, how, pair, now) for table, how in JOINED.items()},
        }
        row = IdentityMerge(
            registration_id=registration_id,
            from_user_id=pair.goes,
            to_user_id=pair.stays,
            merged_at=now,
            moved=moved,
        )
        self._session.add(row)
        self._session.flush()  # its id is the answer
        self._audit.record(
            Action.IDENTITIES_MERGED, str(row.id), registration_id=registration_id, attempts=len(moved["attempts"])
        )
        return row.id

    def undo(self, registration_id: int, merge_id: UUID) -> None:
        """Give back what a merge moved.

        Raises:
            Refusal: `not_found`, or `identity.conflict` if it is undone already or a later merge builds on it.
        """
        row = self._session.get(IdentityMerge, (registration_id, merge_id))
        if row is None:
            raise Refusal(Code.NOT_FOUND, "no such merge")
        if row.undone_at is not None or self._is_built_on(row):
            raise Refusal(Code.IDENTITY_CONFLICT, "undone, or not the latest")
        pair = Pair(registration_id, row.from_user_id, row.to_user_id)
        moved: Mapping[str, Any] = row.moved
        now = self._clock()
        part_attempts(self._session, moved["attempts"], pair)
        part_sessions(self._session, moved["sessions"], pair)
        part_reviews(self._session, moved.get("reviews", []), pair)
        part_proofs(self._session, moved.get("proofs", []), pair)
        part_ideas(self._session, moved.get("ideas", {}), pair)
        part_sign_ups(self._session, self._clock, moved.get("sign_ups", {}), pair)
        there = (table for table in JOINED if table.__tablename__ in moved)  # a merge of times with fewer tables
        for table in there:
            part_rows(self._session, table, moved[table.__tablename__], pair, now)
        row.undone_at = now
        self._audit.record(Action.MERGE_UNDONE, str(merge_id), registration_id=registration_id)

    def merges(self, registration_id: int) -> list[ListedMerge]:
        """Return all merges, newest first."""
        gone, stayed = aliased(LtiUser), aliased(LtiUser)
        query = (
            select(IdentityMerge, gone.subject, stayed.subject)
            .join(gone, (gone.registration_id == registration_id) & (gone.id == IdentityMerge.from_user_id))
            .join(stayed, (stayed.registration_id == registration_id) & (stayed.id == IdentityMerge.to_user_id))
            .where(IdentityMerge.registration_id == registration_id)
            .order_by(IdentityMerge.merged_at.desc(), IdentityMerge.id.desc())
        )
        return [
            ListedMerge(row.id, before, after, row.merged_at, row.undone_at)
            for row, before, after in self._session.execute(query)
        ]

    def _user_id(self, registration_id: int, subject: str) -> UUID:
        found = self._session.scalar(
            select(LtiUser.id).where(LtiUser.registration_id == registration_id, LtiUser.subject == subject),
        )
        if found is None:
            raise Refusal(Code.IDENTITY_UNKNOWN)
        return found

    def _is_built_on(self, merge: IdentityMerge) -> bool:
        both = (merge.from_user_id, merge.to_user_id)
        latest = self._session.scalar(
            select(IdentityMerge.id)
            .where(
                IdentityMerge.registration_id == merge.registration_id,
                IdentityMerge.undone_at.is_(None),
                or_(IdentityMerge.from_user_id.in_(both), IdentityMerge.to_user_id.in_(both)),
            )
            .order_by(IdentityMerge.merged_at.desc(), IdentityMerge.id.desc())
            .limit(1),
        )
        return latest != merge.id
