"""Questions of a course that were set aside or whose key was corrected, and what became of each attempt."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, Numeric, PrimaryKeyConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Moment, RegistrationId, Slug, TenantRow, tenant_key, tenant_reference

Points = Numeric(9, 2)


class Regrade(TenantRow, Base):
    """One change to one question, for everybody who took it through the course; the worker carries it out in steps."""

    __tablename__ = "regrade"
    __table_args__ = tenant_key(
        Index("ix_regrade_context", "registration_id", "context_id", "module_id"),
        Index(
            "ix_regrade_due",
            "next_try_at",
            postgresql_where=text("stage IN ('counting', 'applying')"),
            sqlite_where=text("stage IN ('counting', 'applying')"),
        ),
        tenant_reference("context", "context_id"),
    )

    context_id: Mapped[UUID]
    module_id: Mapped[Slug]
    part: Mapped[str] = mapped_column(String(20))
    question_id: Mapped[Slug]
    change: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What is changed (`domain.regrading.Change`)."""
    stage: Mapped[str] = mapped_column(String(20))
    """A value of `domain.regrading.Stage`."""
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    """How many attempts change by how much (`domain.regrading.Figures`); never whose."""
    asked_at: Mapped[Moment]
    applied_at: Mapped[Moment | None]
    """From then on attempts that are handed in are graded by it as well."""
    total: Mapped[int]
    done: Mapped[int]
    cursor: Mapped[UUID | None]
    """The attempt that was looked at last; written together with its change."""
    next_try_at: Mapped[Moment]
    """When a worker may take it (again); while one has it, when its lease ends."""


class RegradedAttempt(Base):
    """What an attempt was worth before and after."""

    __tablename__ = "regraded_attempt"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "regrade_id", "attempt_id"),
        tenant_reference("regrade", "regrade_id"),
        tenant_reference("attempt", "attempt_id"),
    )

    registration_id: Mapped[RegistrationId]
    regrade_id: Mapped[UUID]
    attempt_id: Mapped[UUID] = mapped_column(index=True)
    points_before: Mapped[Decimal] = mapped_column(Points)
    points_after: Mapped[Decimal] = mapped_column(Points)
    passed_before: Mapped[bool]
    passed_after: Mapped[bool]
    sheet_before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
