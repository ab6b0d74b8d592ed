"""What platforms tell the tool by themselves, and which of them know where (Platform Notification Service 1.0)."""

from __future__ import annotations

from sqlalchemy import JSON, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Moment, PlatformText, RegistrationId


class NoticeHandler(Base):
    """A kind of notice that a deployment offers, and whether the platform knows where to send it."""

    __tablename__ = "notice_handler"
    __table_args__ = (PrimaryKeyConstraint("registration_id", "deployment_id", "kind"),)

    registration_id: Mapped[RegistrationId]
    deployment_id: Mapped[PlatformText]
    kind: Mapped[str] = mapped_column(String(40))
    """A value of `domain.notices.NoticeKind`."""
    url: Mapped[str] = mapped_column(String(2000))
    next_try_at: Mapped[Moment | None] = mapped_column(index=True)
    """When to tell the platform (again); None if it knows, or if trying again changes nothing."""
    tries: Mapped[int]
    registered_at: Mapped[Moment | None]
    reason: Mapped[str | None] = mapped_column(String(60))


class Notice(Base):
    """A notice as received; the primary key refuses the second delivery (row P3)."""

    __tablename__ = "notice"
    __table_args__ = (PrimaryKeyConstraint("registration_id", "notice_id"),)

    registration_id: Mapped[RegistrationId]
    notice_id: Mapped[PlatformText]
    kind: Mapped[str] = mapped_column(String(40))
    deployment_id: Mapped[PlatformText]
    context_id: Mapped[PlatformText | None]
    """The platform's id of the course it is about; the tool need not know it yet (row P4)."""
    origin_context_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The platform's ids of the courses it was copied from."""
    received_at: Mapped[Moment] = mapped_column(index=True)
