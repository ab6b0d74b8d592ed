"""What learners said of themselves, where they wanted it kept."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import JSON, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Moment, RegistrationId, Slug, tenant_reference


class KeptSelfAssessment(Base):
    """One person's latest self-assessment. Only `services/self_assessments.py` reads it, for that person alone."""

    __tablename__ = "self_assessment"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "user_id"),
        tenant_reference("lti_user", "user_id"),
    )

    registration_id: Mapped[RegistrationId]
    user_id: Mapped[UUID]
    role_id: Mapped[Slug]
    answers: Mapped[dict[str, int]] = mapped_column(JSON)
    """Situation id -> level."""
    kept_at: Mapped[Moment]
