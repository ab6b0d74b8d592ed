"""Invitations to connect a platform: single-use tokens that an operator hands to a municipality."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Digest, Moment, PlatformText


class Invitation(Base):
    """Lets one platform register once. The token itself is shown once and stored nowhere."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[Digest] = mapped_column(unique=True)
    municipality: Mapped[PlatformText]
    """A name only: the municipality's row is made with its first registration."""
    private_hosts: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Hosts of the invited platform that may have private addresses."""
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    claimed_until: Mapped[Moment | None]
    """Until then one confirmation is under way, and no other may begin."""
    used_at: Mapped[Moment | None]
    revoked_at: Mapped[Moment | None]
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id", ondelete="SET NULL"))
    """What came of it."""
