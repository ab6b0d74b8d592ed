"""Live dates, who has signed up for them, and what was changed about them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Moment, PlatformText, RegistrationId, Slug, tenant_reference
from lti_tool.domain.ids import new_id

Reason = String(500)


class LiveDate(Base):
    """One live session with seats. The key is no tenant's, as the operator's dates are for all towns (decision 0060).

    `services/live_dates.py` alone decides who may see a row; what people do about it stands in `sign_up`, below their
    tenant.
    """

    __tablename__ = "live_date"
    __table_args__ = (
        ForeignKeyConstraint(
            ("registration_id", "context_id"), ("context.registration_id", "context.id"), ondelete="CASCADE"
        ),
        CheckConstraint("(registration_id IS NULL) = (context_id IS NULL)", name="owner"),
        CheckConstraint("(module_id IS NULL) != (certification_id IS NULL)", name="subject"),
        Index("ix_live_date_starts_at", "registration_id", "starts_at"),
        Index("ix_live_date_series", "series_id", "starts_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    """Also the event's UID in calendars; it never changes."""
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"))
    """Whose date it is; None for the operator's, which is for all towns."""
    context_id: Mapped[UUID | None]
    """The course whose instructors may change it."""
    whole_town: Mapped[bool]
    """Whether people of other courses of the platform may come as well."""
    series_id: Mapped[UUID | None]
    """The same for dates that were made together."""
    module_id: Mapped[Slug | None]
    certification_id: Mapped[Slug | None]
    title: Mapped[PlatformText]
    trainer: Mapped[PlatformText]
    starts_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    sign_up_until: Mapped[Moment]
    join_url: Mapped[str] = mapped_column(String(2000))
    """Empty while there is none yet."""
    seats: Mapped[int]
    seats_per_town: Mapped[int | None]
    """The most that people of one municipality may take; None for as many as there are."""
    arrivals: Mapped[int]
    """How often somebody has signed up; counting one more takes the row's lock, so nobody overtakes anybody."""
    sequence: Mapped[int]
    """Grows with each change that calendars must know (iCalendar's SEQUENCE)."""
    cancelled_at: Mapped[Moment | None]
    cancelled_because: Mapped[str] = mapped_column(Reason)
    made_at: Mapped[Moment]
    changed_at: Mapped[Moment]


class SignUp(Base):
    """A person's seat, or place in the waiting list."""

    __tablename__ = "sign_up"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "date_id", "user_id"),
        UniqueConstraint("date_id", "number"),
        Index("ix_sign_up_user", "registration_id", "user_id"),
        tenant_reference("lti_user", "user_id"),
    )

    registration_id: Mapped[RegistrationId]
    date_id: Mapped[UUID] = mapped_column(ForeignKey("live_date.id", ondelete="CASCADE"))
    user_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(String(20))
    """A value of `domain.seats.Place`."""
    number: Mapped[int]
    """The order of arrival, by the date's `arrivals`."""
    signed_up_at: Mapped[Moment]
    changed_at: Mapped[Moment]
    """When the state changed last: somebody moved up."""
    news: Mapped[str | None] = mapped_column(String(20))
    """What the person has not been told yet, a value of `domain.seats.News`; said at the next launch."""


class DateChange(Base):
    """What was done to a date, when and why; nothing here is ever changed."""

    __tablename__ = "date_change"
    __table_args__ = (Index("ix_date_change_date", "date_id", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    date_id: Mapped[UUID] = mapped_column(ForeignKey("live_date.id", ondelete="CASCADE"))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"))
    """None where the operator did it."""
    user_id: Mapped[UUID | None] = mapped_column(index=True)
    """The instructor; None for the operator, and once the person has been erased."""
    at: Mapped[Moment]
    action: Mapped[str] = mapped_column(String(20))
    """A value of `domain.live_dates.Deed`."""
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Name of a fact to what it was and what it became; of the join link only that it changed."""
    reason: Mapped[str] = mapped_column(Reason)
