"""Which worker may find, make or change a grade column: one at a time, by a lease in the column's row (row G3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.db.models import LineItem, ResourceLink
from lti_tool.domain.grade_column import WantedColumn
from lti_tool.services.ports import Clock
from lti_tool.services.scores import ActivityColumn, Scores

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class ColumnClaim:
    """The right to work on one column until the lease ends.

    Attributes:
        container_url: the course's line items; None if the platform does not let the tool make columns.
        url: the column so far; None if there is none yet.
        others: columns of other activities.
        new_label: to be written into the column; None if it is right.
        new_maximum: the same.
    """

    column: ActivityColumn
    lease: str
    container_url: str | None
    url: str | None
    wanted: WantedColumn | None
    others: frozenset[str]
    new_label: str | None
    new_maximum: Decimal | None

    @property
    def is_outdated(self) -> bool:
        """Whether anything is to be written into the column."""
        return self.new_label is not None or self.new_maximum is not None


class ColumnClaims:
    """Claims columns and settles them; the caller commits between the two, before it calls the platform."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def url(self, registration_id: int, line_item_id: UUID) -> str | None:
        """Return the column's address, None while it has none."""
        return self._session.scalar(
            select(LineItem.url).where(LineItem.registration_id == registration_id, LineItem.id == line_item_id)
        )

    def claim(self, registration_id: int, line_item_id: UUID, url: str | None) -> ColumnClaim | None:
        """Claim a column whose address is still `url`; None if that changed or another worker has it."""
        now = self._clock()
        lease = str(uuid4())
        free = or_(LineItem.lease.is_(None), LineItem.lease_ends_at <= now)
        mine = and_(LineItem.registration_id == registration_id, LineItem.id == line_item_id, _is_at(url), free)
        if not self._write(mine, lease=lease, lease_ends_at=now + LEASE):
            return None
        row, link = self._session.execute(
            select(LineItem, ResourceLink)
            .join(
                ResourceLink,
                and_(
                    ResourceLink.registration_id == LineItem.registration_id,
                    ResourceLink.id == LineItem.resource_link_id,
                ),
            )
            .where(LineItem.registration_id == registration_id, LineItem.id == line_item_id)
            .execution_options(populate_existing=True)
        ).one()
        made_by_us = row.written_maximum is not None
        return ColumnClaim(
            column=ActivityColumn(registration_id, line_item_id, link.id, link.module_id),
            lease=lease,
            container_url=row.container_url,
            url=row.url,
            wanted=_wanted(row, link),
            others=self._others(row),
            new_label=row.label if made_by_us and row.label != row.written_label else None,
            new_maximum=row.maximum if made_by_us and row.maximum != row.written_maximum else None,
        )

    def renew(self, claim: ColumnClaim) -> bool:
        """Let the lease begin anew; return whether it was still held."""
        return self._write(_has(claim), lease_ends_at=self._clock() + LEASE)

    def settle(self, claim: ColumnClaim, url: str, *, made: bool, sending: UUID) -> None:
        """Store a column that was found or made, and let everybody's scores follow into one that replaces another.

        Args:
            claim: of which a launch may have been quicker: then its column stays.
            url: the column's address.
            made: whether the tool made it, and may therefore change it later.
            sending: the person whose score the caller is about to send there.
        """
        values: dict[str, Any] = {"url": url, "written_label": None, "written_maximum": None}
        if made and claim.wanted:
            values.update(written_label=claim.wanted.label, written_maximum=claim.wanted.maximum)
        stored = self._write(and_(_has(claim), _is_at(claim.url)), lease=None, **values)
        if stored and claim.url is not None:
            Scores(self._session, self._clock).queue_earned(claim.column, again=True, but_not=sending)

    def settle_change(self, claim: ColumnClaim) -> None:
        """Record that the column has the label and maximum it should have, or that the platform keeps its own."""
        values: dict[str, Any] = {}
        if claim.new_label is not None:
            values["written_label"] = claim.new_label
        if claim.new_maximum is not None:
            values["written_maximum"] = claim.new_maximum
        self._write(_has(claim), lease=None, **values)

    def release(self, claim: ColumnClaim) -> None:
        """Give the column back as it is."""
        self._write(_has(claim), lease=None)

    def _others(self, row: LineItem) -> frozenset[str]:
        """Columns that belong to other activities of the same course."""
        found = self._session.scalars(
            select(LineItem.url).where(
                LineItem.registration_id == row.registration_id,
                LineItem.container_url == row.container_url,
                LineItem.id != row.id,
                LineItem.url.is_not(None),
            )
        )
        return frozenset(url for url in found if url)

    def _write(self, where: ColumnElement[bool], **values: Any) -> bool:
        changed = self._session.execute(
            update(LineItem)
            .where(where)
            .values(**values)
            .returning(LineItem.id)
            .execution_options(synchronize_session=False),
        )
        return changed.first() is not None


def _wanted(row: LineItem, link: ResourceLink) -> WantedColumn | None:
    if row.maximum is None or link.module_id is None:
        return None
    return WantedColumn(
        label=row.label or link.module_id,
        maximum=row.maximum,
        resource_id=link.module_id,
        tag=link.kind,
        resource_link_id=link.platform_id,
    )


def _is_at(url: str | None) -> ColumnElement[bool]:
    return LineItem.url.is_(None) if url is None else LineItem.url == url


def _has(claim: ColumnClaim) -> ColumnElement[bool]:
    return and_(
        LineItem.registration_id == claim.column.registration_id,
        LineItem.id == claim.column.line_item_id,
        LineItem.lease == claim.lease,
    )
