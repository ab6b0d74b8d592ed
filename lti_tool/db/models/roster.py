"""Who learns in a course, as the platform's roster said (Names and Role Provisioning Services 2.0)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Moment, PlatformText, RegistrationId, tenant_reference


class Roster(Base):
    """A course's roster: where it is read, and when it was."""

    __tablename__ = "roster"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "context_id"),
        tenant_reference("context", "context_id"),
        Index("ix_roster_wanted", "next_read_at", postgresql_where=text("wanted"), sqlite_where=text("wanted")),
    )

    registration_id: Mapped[RegistrationId]
    context_id: Mapped[UUID]
    url: Mapped[str] = mapped_column(String(2000))
    differences_url: Mapped[str | None] = mapped_column(String(2000))
    """Where the platform tells only what changed since the last reading; None if it does not."""
    wanted: Mapped[bool]
    """An instructor opened the course after `next_read_at`; the worker reads it."""
    next_read_at: Mapped[Moment]
    read_at: Mapped[Moment | None]
    read_whole_at: Mapped[Moment | None]
    """When all of it was read, not only what changed."""
    reason: Mapped[str | None] = mapped_column(String(60))
    """Code of the latest failure (`domain.delivery.Reason`); None after a success."""


class RosterMember(Base):
    """A learner of a roster; a copy that each reading replaces. Who never came is no person of ours (`LtiUser`)."""

    __tablename__ = "roster_member"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "context_id", "subject"),
        ForeignKeyConstraint(
            ("registration_id", "context_id"), ("roster.registration_id", "roster.context_id"), ondelete="CASCADE"
        ),
    )

    registration_id: Mapped[RegistrationId]
    context_id: Mapped[UUID]
    subject: Mapped[PlatformText]
    name: Mapped[PlatformText | None]
    active: Mapped[bool]
    """False for who is in the course but suspended; left out of reports."""
