"""People, courses and activities as the platforms name them."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, Numeric, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import (
    Base,
    Moment,
    PlatformText,
    RegistrationId,
    Slug,
    TenantRow,
    tenant_key,
    tenant_reference,
)


class LtiUser(TenantRow, Base):
    """A person of one registration, known by `sub` alone; the name is a label, stored only if the platform sends it."""

    __tablename__ = "lti_user"
    __table_args__ = tenant_key(
        UniqueConstraint("registration_id", "subject"),
        Index("ix_lti_user_seen_in", "registration_id", "seen_in"),
    )

    subject: Mapped[PlatformText]
    name: Mapped[PlatformText | None]
    created_at: Mapped[Moment]
    seen_in: Mapped[Moment | None]
    """The month of the latest launch, its first moment in UTC; what is kept of idle people ends by it. Never shown."""


class Context(TenantRow, Base):
    """A course; its platform id is unique within the deployment (LTI 1.3 core, 5.4.2)."""

    __tablename__ = "context"
    __table_args__ = tenant_key(UniqueConstraint("registration_id", "deployment_id", "platform_id"))

    deployment_id: Mapped[PlatformText]
    platform_id: Mapped[PlatformText]
    label: Mapped[PlatformText]
    title: Mapped[PlatformText]


class Membership(Base):
    """A person's part in a course, as the latest launch said."""

    __tablename__ = "membership"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "context_id", "user_id"),
        tenant_reference("context", "context_id"),
        tenant_reference("lti_user", "user_id"),
    )

    registration_id: Mapped[RegistrationId]
    context_id: Mapped[UUID]
    user_id: Mapped[UUID] = mapped_column(index=True)
    parts: Mapped[str] = mapped_column(String(60))
    """Values of `domain.roles.Role`, sorted, joined by a blank."""


class ResourceLink(TenantRow, Base):
    """An activity in a course, and the content it was made for."""

    __tablename__ = "resource_link"
    __table_args__ = tenant_key(
        UniqueConstraint("registration_id", "deployment_id", "platform_id"),
        tenant_reference("context", "context_id"),
    )

    deployment_id: Mapped[PlatformText]
    platform_id: Mapped[PlatformText]
    context_id: Mapped[UUID | None] = mapped_column(index=True)
    title: Mapped[PlatformText]
    module_id: Mapped[Slug | None]
    """The module; for a tracker that sends a grade, the certification whose percentage that is."""
    kind: Mapped[str] = mapped_column(String(20))


class LineItem(TenantRow, Base):
    """The grade column of an activity in the platform's gradebook (AGS 2.0, 3.2).

    A row without `url` stands for a column that the worker finds or makes when the first score is due.
    """

    __tablename__ = "line_item"
    __table_args__ = tenant_key(
        UniqueConstraint("registration_id", "resource_link_id"),
        tenant_reference("resource_link", "resource_link_id"),
    )

    resource_link_id: Mapped[UUID]
    url: Mapped[str | None] = mapped_column(String(2000))
    container_url: Mapped[str | None] = mapped_column(String(2000))
    """The course's line items, where the tool may find or make this one; None without that right."""
    label: Mapped[PlatformText | None]
    maximum: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    """What the column should be called and hold, by the latest launch."""
    written_label: Mapped[PlatformText | None]
    written_maximum: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    """What the tool wrote into the platform's column; None for a column that the tool did not make."""
    lease: Mapped[str | None] = mapped_column(String(36))
    """Token of the one worker that may make or change the column, until `lease_ends_at`."""
    lease_ends_at: Mapped[Moment | None]
