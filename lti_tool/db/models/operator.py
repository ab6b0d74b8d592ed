"""The operator's way in: a one-time link, then a session. Both are stored as hashes only."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Digest, Moment


class OperatorLink(Base):
    """A link from the command line; using it deletes it."""

    __tablename__ = "operator_link"

    code_hash: Mapped[Digest] = mapped_column(primary_key=True)
    expires_at: Mapped[Moment] = mapped_column(index=True)


class OperatorSession(Base):
    """An operator's browser."""

    __tablename__ = "operator_session"

    secret_hash: Mapped[Digest] = mapped_column(primary_key=True)
    expires_at: Mapped[Moment] = mapped_column(index=True)
