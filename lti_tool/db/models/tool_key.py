"""The tool's own signing keys."""

from __future__ import annotations

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Digest, Moment


class ToolKey(Base):
    """An RSA key pair; the private part is encrypted with a key derived from the secret key."""

    __tablename__ = "tool_key"

    kid: Mapped[Digest] = mapped_column(primary_key=True)
    """RFC 7638 thumbprint of the public key."""
    private_key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[Moment]
    signs_from: Mapped[Moment]
    """From here on it signs, until a later key's time has come. Its whole life follows from this column."""
