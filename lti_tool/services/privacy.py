"""What people, their platform's administrators and the operator may do with personal data. Each act is in the log."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.db.models import Registration
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.privacy import FEWEST_RETENTION_MONTHS, MOST_RETENTION_MONTHS
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.erasure import Erasure
from lti_tool.services.personal_data import People
from lti_tool.services.ports import Clock


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased.

    Attributes:
        receipt: a random number that stands in the audit log as well: who holds it can show that this was done, and
            nobody can tell from it who it was.
        counts: rows by table.
    """

    receipt: str
    counts: Mapping[str, int]


class Privacy:
    """Acts in the caller's transaction."""

    def __init__(self, session: Session, clock: Clock, who: Who) -> None:
        self._session = session
        self._clock = clock
        self._audit = AuditLog(session, clock, who)

    def erase(self, people: People, *, withdraw_proofs: bool) -> Erased:
        """Erase a person; the log says that it was done, not whom it concerned."""
        counts = Erasure(self._session, self._clock).erase(people, withdraw_proofs=withdraw_proofs)
        receipt = secrets.token_hex(6)
        self._audit.record(
            Action.PERSON_ERASED,
            receipt,
            registration_id=people.registration_id,
            rows=sum(counts.values()),
            proofs="withdrawn" if withdraw_proofs else "kept",
        )
        return Erased(receipt, counts)

    def note_export(self, people: People) -> str:
        """Note that somebody else than the person made an export; return the number it has in the log."""
        number = secrets.token_hex(6)
        self._audit.record(Action.PERSON_EXPORTED, number, registration_id=people.registration_id)
        return number

    def set_retention(self, registration_id: int, months: int) -> None:
        """Say after how many months without a launch people are erased.

        Raises:
            Refusal: `bad_request` outside of the bounds, `not_found` for a platform that is not there.
        """
        if not FEWEST_RETENTION_MONTHS <= months <= MOST_RETENTION_MONTHS:
            raise Refusal(Code.BAD_REQUEST, f"not between {FEWEST_RETENTION_MONTHS} and {MOST_RETENTION_MONTHS} months")
        changed = self._session.execute(
            update(Registration)
            .where(Registration.id == registration_id)
            .values(retention_months=months)
            .returning(Registration.id)
            .execution_options(synchronize_session=False)
        )
        if changed.first() is None:
            raise Refusal(Code.NOT_FOUND, "no such platform")
        self._audit.record(Action.RETENTION_SET, registration_id=registration_id, months=months)
