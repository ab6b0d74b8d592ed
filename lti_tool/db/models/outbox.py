"""The outbox of grades: one row per person and grade column, the newest value wins."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, Numeric, PrimaryKeyConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Moment, RegistrationId, tenant_reference
from lti_tool.domain.scores import Delivery


class ScoreDelivery(Base):
    """A score on its way. It is written in the transaction of the attempt it comes from.

    `revision` grows with every new value. A worker leases the row, sends the value of that revision and settles it; a
    value that came in meanwhile keeps the row waiting.
    """

    __tablename__ = "score_delivery"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "line_item_id", "user_id"),
        tenant_reference("line_item", "line_item_id"),
        tenant_reference("lti_user", "user_id"),
        Index(
            "ix_score_delivery_due",
            "next_try_at",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
    )

    registration_id: Mapped[RegistrationId]
    line_item_id: Mapped[UUID]
    user_id: Mapped[UUID] = mapped_column(index=True)
    given: Mapped[Decimal] = mapped_column(Numeric(9, 2))
    maximum: Mapped[Decimal] = mapped_column(Numeric(9, 2))
    started_at: Mapped[Moment | None]
    submitted_at: Mapped[Moment | None]
    """When the attempt that earned the score was begun and handed in."""
    revision: Mapped[int]
    queued_at: Mapped[Moment]
    state: Mapped[Delivery] = mapped_column(String(10))
    next_try_at: Mapped[Moment]
    """When the row may be leased (again); for a leased row, when the lease ends."""
    lease: Mapped[str | None] = mapped_column(String(36))
    """Token of the worker's lease. A due row with a dead worker's lease may have been sent: look before sending."""
    tries: Mapped[int]
    timestamp: Mapped[Moment | None]
    """Time of the latest score that was or may have been sent; the next one is later by whole seconds."""
    reason: Mapped[str | None] = mapped_column(String(60))
    sent_at: Mapped[Moment | None]
