"""The chain over the audit log: every entry is linked to the one before it, and anybody may check that.

What the chain cannot show by itself is that its end was cut off; whoever keeps a digest elsewhere can ask whether it is
still in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from lti_tool.db.models import AuditEntry, AuditLink
from lti_tool.domain.audit_chain import FIRST, ChainedEntry, link_digest

LOOK_BACK = 1000
"""An entry of an older version may be committed after later ones; so far back such are looked for."""
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a check.

    Attributes:
        length: links that are as they were made.
        head: the last digest of them.
        broken: id of the first entry that is not as it was; None if all are.
        loose: entries that no link holds yet.
    """

    length: int
    head: str
    broken: int | None
    loose: int


class AuditChain:
    """Links entries within the transaction that writes them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def extend(self) -> None:
        """Link what is not linked yet; one transaction after the other, until its end.

        On SQLite whoever writes is alone already.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(text("LOCK TABLE audit_link IN SHARE ROW EXCLUSIVE MODE"))
        last = self._session.execute(
            select(AuditLink.number, AuditLink.entry_id, AuditLink.digest).order_by(AuditLink.number.desc()).limit(1)
        ).one_or_none()
        number, since, digest = (last.number, last.entry_id, last.digest) if last else (0, 0, FIRST)
        for entry in self._session.scalars(
            select(AuditEntry)
            .outerjoin(AuditLink, AuditLink.entry_id == AuditEntry.id)
            .where(AuditEntry.id > since - LOOK_BACK, AuditLink.number.is_(None))
            .order_by(AuditEntry.id)
        ):
            number, digest = number + 1, link_digest(digest, _chained(entry))
            self._session.execute(insert(AuditLink).values(number=number, entry_id=entry.id, digest=digest))

    def check(self) -> Checked:
        """Compute every digest anew and compare."""
        number, digest = 0, FIRST
        while links := self._links(number):
            for link, entry in links:
                expected = link_digest(digest, _chained(entry)) if entry else None
                if link.number != number + 1 or link.digest != expected:
                    return Checked(number, digest, link.entry_id, self._loose())
                number, digest = link.number, link.digest
        return Checked(number, digest, None, self._loose())

    def holds(self, digest: str) -> bool:
        """Tell whether a digest noted elsewhere is still in the chain."""
        return self._session.scalar(select(AuditLink.number).where(AuditLink.digest == digest)) is not None

    def _links(self, after: int) -> list[tuple[AuditLink, AuditEntry | None]]:
        query = (
            select(AuditLink, AuditEntry)
            .outerjoin(AuditEntry, AuditEntry.id == AuditLink.entry_id)
            .where(AuditLink.number > after)
            .order_by(AuditLink.number)
            .limit(_BATCH)
        )
        rows = self._session.execute(query.execution_options(populate_existing=True))
        return [(row[0], row[1]) for row in rows]

    def _loose(self) -> int:
        query = (
            select(func.count())
            .select_from(AuditEntry)
            .outerjoin(AuditLink, AuditLink.entry_id == AuditEntry.id)
            .where(AuditLink.number.is_(None))
        )
        return self._session.scalar(query) or 0


def _chained(row: AuditEntry) -> ChainedEntry:
    return ChainedEntry(
        id=row.id,
        at=row.at,
        actor=row.actor,
        action=row.action,
        registration_id=row.registration_id,
        subject=row.subject,
        detail=row.detail,
    )
