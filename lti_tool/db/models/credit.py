"""Modules that were passed elsewhere and count here."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Moment, RegistrationId, RowId, Slug, tenant_reference


class ModuleCredit(Base):
    """One decision about one module of one person: credited, or taken back. Rows are only added: they are history."""

    __tablename__ = "module_credit"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "user_id", "id"),
        tenant_reference("lti_user", "user_id"),
    )

    registration_id: Mapped[RegistrationId]
    user_id: Mapped[UUID]
    id: Mapped[RowId]
    module_id: Mapped[Slug]
    counts: Mapped[bool]
    """Whether the module counts from here on; False takes an earlier decision back."""
    reason: Mapped[str] = mapped_column(String(500))
    origin: Mapped[str | None] = mapped_column(String(255))
    """The town where the module was passed, for one that counts because of a transcript; else None."""
    decided_at: Mapped[Moment]
    decided_by: Mapped[UUID | None]
    """The instructor, None for a transcript; not a reference, as the decision outlives the person's account."""
