"""What was done by whom, chained; and which launches were refused. No table here names a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Digest, Moment, PlatformText
from lti_tool.domain.ids import new_id


class AuditEntry(Base):
    """One action; a trigger in the database refuses to change or delete it."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_registration", "registration_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Moment]
    actor: Mapped[str] = mapped_column(String(20))
    """Value of `services.audit.Who`: in which capacity somebody acted."""
    action: Mapped[str] = mapped_column(String(60))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"))
    subject: Mapped[PlatformText]
    """What it was done to: a deployment's id, a key's id, a town's name."""
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


class AuditLink(Base):
    """A link of the chain over the log: each digest covers an entry and the digest before it (`domain.audit_chain`).

    Beside the entries and not in them, as those cannot be changed: so entries of times before the chain, and those
    that an older version writes during an upgrade, are taken into it later.
    """

    __tablename__ = "audit_link"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 …"""
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), unique=True)
    digest: Mapped[Digest]


class RefusedLaunch(Base):
    """A login or launch that was refused, for the administrator who looks for its reference number."""

    __tablename__ = "refused_launch"
    __table_args__ = (Index("ix_refused_launch_registration", "registration_id", "at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"))
    """None while it is not certain which platform it came from."""
    code: Mapped[str] = mapped_column(String(60))
    reference: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[Moment] = mapped_column(index=True)
