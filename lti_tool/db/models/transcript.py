"""Transcripts: those that were made here, those that people bring, and the issuers whose word is taken."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, PrimaryKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Digest, Moment, RegistrationId, TenantRow, tenant_key, tenant_reference

Did = String(300)
TownId = String(64)
TownName = String(255)


class IssuedTranscript(TenantRow, Base):
    """A transcript that was made here; its file is made anew from this row. Its code was shown once and is not kept."""

    __tablename__ = "issued_transcript"
    __table_args__ = tenant_key(
        UniqueConstraint("status_list", "status_index"),
        Index("ix_issued_transcript_user", "registration_id", "user_id"),
    )

    public_id: Mapped[str] = mapped_column(String(45), unique=True)
    user_id: Mapped[UUID | None]
    """None once the person has been erased: a revocation stays published."""
    town_name: Mapped[str] = mapped_column(TownName)
    """The town's name on that day, as it is signed."""
    contents: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    code_salt: Mapped[str] = mapped_column(String(32))
    code_digest: Mapped[Digest]
    issued_at: Mapped[Moment]
    valid_until: Mapped[Moment]
    revoked_at: Mapped[Moment | None]
    status_list: Mapped[int]
    status_index: Mapped[int]
    key_id: Mapped[str] = mapped_column(ForeignKey("proof_key.kid"))


class PresentedTranscript(TenantRow, Base):
    """A transcript that somebody brought along."""

    __tablename__ = "presented_transcript"
    __table_args__ = tenant_key(
        tenant_reference("lti_user", "user_id"),
        Index("ix_presented_transcript_user", "registration_id", "user_id"),
        Index("ix_presented_transcript_issuer", "registration_id", "issuer", "town_id"),
        Index("ix_presented_transcript_due", "next_try_at"),
    )

    user_id: Mapped[UUID]
    issuer: Mapped[str] = mapped_column(Did)
    public_id: Mapped[str] = mapped_column(String(45))
    town_id: Mapped[str] = mapped_column(TownId)
    town_name: Mapped[str] = mapped_column(TownName)
    contents: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    valid_until: Mapped[Moment]
    presented_at: Mapped[Moment]
    token: Mapped[str | None] = mapped_column(Text)
    """The file, until its signature is checked."""
    claim: Mapped[str | None] = mapped_column(String(350), unique=True)
    """Issuer and id once the signature is checked: a transcript belongs to the one person who presented it."""
    fault: Mapped[str | None] = mapped_column(String(40))
    tries: Mapped[int]
    next_try_at: Mapped[Moment | None]
    """When the issuer is asked next; None once there is nothing left to ask."""
    confirmed_at: Mapped[Moment | None]
    """When the holder said that it shall count."""
    recognised_at: Mapped[Moment | None]
    complete: Mapped[bool]
    """Whether every module in it is offered here; those that are not count as soon as they are."""


class TranscriptIssuer(Base):
    """A tool and a town whose transcripts people of this platform have brought, and what its administrators decided."""

    __tablename__ = "transcript_issuer"
    __table_args__ = (PrimaryKeyConstraint("registration_id", "issuer", "town_id"),)

    registration_id: Mapped[RegistrationId]
    issuer: Mapped[str] = mapped_column(Did)
    town_id: Mapped[str] = mapped_column(TownId)
    town_name: Mapped[str] = mapped_column(TownName)
    accepted: Mapped[bool | None]
    """None while nobody has decided."""
    first_seen_at: Mapped[Moment]
    decided_at: Mapped[Moment | None]
