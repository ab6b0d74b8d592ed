"""Who was at a live date, what was decided about that, and the calendars that follow a person's dates."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, PrimaryKeyConstraint, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Digest, Moment, RegistrationId, RowId, tenant_reference

About = String(120)


class Attendance(Base):
    """A person's time at one date, as it stands. It says itself what it counts for, and outlives the date."""

    __tablename__ = "attendance"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "user_id", "date_id"),
        tenant_reference("lti_user", "user_id"),
        Index("ix_attendance_date", "registration_id", "date_id"),
    )

    registration_id: Mapped[RegistrationId]
    user_id: Mapped[UUID]
    date_id: Mapped[UUID] = mapped_column(Uuid)
    """Of the live date; not a reference, as what was attended stays when the date goes with its course."""
    about: Mapped[str] = mapped_column(About)
    """A module's id, or `domain.certification.own_dates`."""
    title: Mapped[str] = mapped_column(String(255))
    minutes: Mapped[int]
    """0 for somebody who was not there after all."""
    changed_at: Mapped[Moment]


class AttendanceEntry(Base):
    """One decision about one person's attendance. Rows are only added: they are history."""

    __tablename__ = "attendance_entry"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "user_id", "id"),
        tenant_reference("lti_user", "user_id"),
        Index("ix_attendance_entry_date", "registration_id", "date_id"),
    )

    registration_id: Mapped[RegistrationId]
    user_id: Mapped[UUID]
    id: Mapped[RowId]
    date_id: Mapped[UUID] = mapped_column(Uuid)
    minutes: Mapped[int]
    how: Mapped[str] = mapped_column(String(20))
    """A value of `domain.attendance.How`."""
    reason: Mapped[str] = mapped_column(String(500))
    """Empty for the first entry; each correction has one."""
    decided_at: Mapped[Moment]
    decided_by: Mapped[UUID | None]
    """The instructor, None for a code; not a reference, as the decision outlives the person's account."""


class CalendarFeed(Base):
    """The secret address of a person's dates. Only its digest is kept, so it can be shown once only."""

    __tablename__ = "calendar_feed"
    __table_args__ = (PrimaryKeyConstraint("registration_id", "user_id"), tenant_reference("lti_user", "user_id"))

    registration_id: Mapped[RegistrationId]
    user_id: Mapped[UUID]
    token_hash: Mapped[Digest] = mapped_column(unique=True)
    made_at: Mapped[Moment]
