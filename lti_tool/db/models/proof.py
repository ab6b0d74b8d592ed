"""Proofs of learning and the keys that sign them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Digest, Moment, Slug, TenantRow, tenant_key

HolderName = String(300)


class IssuedProof(TenantRow, Base):
    """A certificate or a confirmation of participation; all its documents are made anew from this row."""

    __tablename__ = "issued_proof"
    __table_args__ = tenant_key(
        UniqueConstraint("registration_id", "user_id", "kind", "subject_id", "edition"),
        UniqueConstraint("status_list", "status_index"),
        Index("ix_issued_proof_user", "registration_id", "user_id"),
    )

    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    """Part of the public address; random, so that nobody can list or guess proofs."""
    user_id: Mapped[UUID | None]
    """None once the person has been erased: the proof stays verifiable, without a name."""
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[Slug]
    edition: Mapped[int]
    """1, 2, 3 …; the unique constraint lets two clicks issue the same proof only once."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the proof says (`domain.proofs.ProofFacts`), as it was when it was issued."""
    recipient: Mapped[str] = mapped_column(String(45))
    name_mark: Mapped[Digest]
    """Keyed digest of the name it was issued to: the name can be recognised, not read."""
    holder_name: Mapped[str | None] = mapped_column(HolderName)
    name_public: Mapped[bool]
    issued_at: Mapped[Moment]
    valid_until: Mapped[Moment | None]
    revoked_at: Mapped[Moment | None]
    revoked_reason: Mapped[str | None] = mapped_column(String(200))
    status_list: Mapped[int]
    status_index: Mapped[int]
    key_id: Mapped[str] = mapped_column(ForeignKey("proof_key.kid"))


class ProofKey(Base):
    """An Ed25519 key that signs proofs; it stays published for as long as proofs are verified, that is for ever."""

    __tablename__ = "proof_key"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    private_key: Mapped[bytes] = mapped_column(LargeBinary)
    """PKCS 8, encrypted with the secret key."""
    created_at: Mapped[Moment]
