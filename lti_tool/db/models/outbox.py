"""The outbox of grades: one row per person and grade column, the newest value wins."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, Numeric, PrimaryKeyConstraint, String, Text, false, text
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
        Index(
            "ix_score_delivery_failed",
            "registration_id",
            "line_item_id",
            postgresql_where=text("state = 'failed'"),
            sqlite_where=text("state = 'failed'"),
        ),
    )

    registration_id: Mapped[RegistrationId]
    line_item_id: Mapped[UUID]
    user_id: Mapped[UUID] = mapped_column(index=True)
    given: Mapped[Decimal] = mapped_column(Numeric(9, 2))
    maximum: Mapped[Decimal] = mapped_column(Numeric(9, 2))
    comment: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What a marker tells the learner; plain text."""
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
    sent_given: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    sent_maximum: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    """The latest value that is known to have arrived."""
    tried_given: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    tried_maximum: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    """The latest value that was or may have been sent."""
    held_given: Mapped[Decimal | None] = mapped_column(Numeric(12, 5))
    held_maximum: Mapped[Decimal | None] = mapped_column(Numeric(12, 5))
    held_at: Mapped[Moment | None]
    """What the platform's gradebook held when it was last read, and when that was."""
    overwrites: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Somebody wants this value sent although the gradebook holds one that was changed there."""


class ResultReading(Base):
    """When a grade column is read back, and how that went; the results themselves stand beside the scores."""

    __tablename__ = "result_reading"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "line_item_id"),
        tenant_reference("line_item", "line_item_id"),
        Index("ix_result_reading_wanted", "next_read_at", postgresql_where=text("wanted"), sqlite_where=text("wanted")),
    )

    registration_id: Mapped[RegistrationId]
    line_item_id: Mapped[UUID]
    wanted: Mapped[bool]
    """Somebody asked for it; the worker reads it."""
    next_read_at: Mapped[Moment]
    read_at: Mapped[Moment | None]
    reason: Mapped[str | None] = mapped_column(String(60))
    """Code of the latest failure (`domain.delivery.Reason`); None after a success."""
