"""What a launch leaves behind until it ends: the burnt state, the session, a code that hands it over."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import (
    Base,
    Digest,
    Moment,
    PlatformText,
    RegistrationId,
    Slug,
    TenantRow,
    tenant_key,
    tenant_reference,
)


class BurntState(Base):
    """A login state that was used; the primary key refuses the second use."""

    __tablename__ = "burnt_state"
    __table_args__ = (PrimaryKeyConstraint("registration_id", "state_id"),)

    registration_id: Mapped[RegistrationId]
    state_id: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[Moment] = mapped_column(index=True)


class LaunchSession(TenantRow, Base):
    """One launch in one browser; pages under `/l/<id>/` belong to it."""

    __tablename__ = "launch_session"
    __table_args__ = tenant_key(
        tenant_reference("lti_user", "user_id"),
        tenant_reference("context", "context_id"),
        tenant_reference("resource_link", "resource_link_id"),
        tenant_reference("deep_linking", "deep_linking_id"),
        Index(
            "ix_launch_session_deep_linking_id",
            "deep_linking_id",
            postgresql_where=text("deep_linking_id IS NOT NULL"),
            sqlite_where=text("deep_linking_id IS NOT NULL"),
        ),
    )

    user_id: Mapped[UUID | None] = mapped_column(index=True)
    context_id: Mapped[UUID | None] = mapped_column(index=True)
    resource_link_id: Mapped[UUID | None] = mapped_column(index=True)
    parts: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    module_id: Mapped[Slug | None]
    locale: Mapped[str] = mapped_column(String(10))
    return_url: Mapped[str | None] = mapped_column(String(2000))
    no_grades: Mapped[str | None] = mapped_column(String(60))
    """Why this activity sends no grades (`domain.grade_column.NoGrades`); None if it has a column."""
    deep_linking_id: Mapped[UUID | None]
    """The request this launch answers with the picker; a second tab of the launch answers the same one."""
    for_user: Mapped[PlatformText | None]
    """The platform's id (`sub`) of the person whose work a submission review looks at."""
    secret_hash: Mapped[Digest | None]
    """SHA-256 of the cookie's secret; None while the launch is parked and waits to be handed over."""
    expires_at: Mapped[Moment] = mapped_column(index=True)


class Handover(Base):
    """A single-use code that opens a launch in another tab within seconds."""

    __tablename__ = "handover"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "code_hash"),
        ForeignKeyConstraint(
            ("registration_id", "launch_id"),
            ("launch_session.registration_id", "launch_session.id"),
            ondelete="CASCADE",
        ),
    )

    registration_id: Mapped[RegistrationId]
    code_hash: Mapped[Digest]
    launch_id: Mapped[UUID]
    storage_proof: Mapped[Digest | None]
    """SHA-256 of the secret that lies in the platform's storage; with it the launch opens in its frame too."""
    expires_at: Mapped[Moment] = mapped_column(index=True)
