"""What people hand in as files, and what people who mark say about answers."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import (
    Base,
    Digest,
    Moment,
    PlatformText,
    Slug,
    TenantRow,
    tenant_key,
    tenant_reference,
)


class Review(TenantRow, Base):
    """One person's marks for one answer. Rows are only added: the newest counts, the others are its history."""

    __tablename__ = "review"
    __table_args__ = tenant_key(
        Index("ix_review_attempt", "registration_id", "attempt_id"),
        tenant_reference("attempt", "attempt_id"),
        Index("ix_review_marker", "registration_id", "marker_id"),
        tenant_reference("lti_user", "marker_id"),
    )

    attempt_id: Mapped[UUID]
    question_id: Mapped[Slug]
    marker_id: Mapped[UUID | None]
    """None once who marked has been erased: the marks are about somebody else, and stay."""
    points: Mapped[dict[str, str]] = mapped_column(JSON)
    """Criterion id -> exact points (`domain.reviews.Review.points_to_json`)."""
    comment: Mapped[str] = mapped_column(Text)
    at: Mapped[Moment]
    second: Mapped[bool] = mapped_column(server_default=false())
    """Given by a second marker, who looked at the same answer again."""


class UploadedFile(TenantRow, Base):
    """A file that was handed in as the answer to one question; its bytes lie in the file store under `key`."""

    __tablename__ = "uploaded_file"
    __table_args__ = tenant_key(
        UniqueConstraint("registration_id", "attempt_id", "question_id", name="uq_uploaded_file_question"),
        tenant_reference("attempt", "attempt_id"),
    )

    attempt_id: Mapped[UUID]
    question_id: Mapped[Slug]
    name: Mapped[PlatformText]
    """As the person named it; shown and offered for download, never a path."""
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    digest: Mapped[Digest]
    """SHA-256 of the bytes."""
    key: Mapped[str] = mapped_column(String(200))
    uploaded_at: Mapped[Moment]
