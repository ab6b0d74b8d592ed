"""What erasing people leaves behind: files still to be deleted, and counts without anybody."""

from __future__ import annotations

from sqlalchemy import PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Moment, RegistrationId, Slug


class DoomedFile(Base):
    """A file whose row is gone; noted in that transaction, so that a crash before the file is deleted loses nothing."""

    __tablename__ = "doomed_file"
    __table_args__ = (PrimaryKeyConstraint("registration_id", "key"),)

    registration_id: Mapped[RegistrationId]
    key: Mapped[str] = mapped_column(String(200))
    noted_at: Mapped[Moment] = mapped_column(index=True)


class KeptStatistic(Base):
    """How many erased people had begun and passed a module in a month. Shown only from five people on."""

    __tablename__ = "kept_statistic"
    __table_args__ = (PrimaryKeyConstraint("registration_id", "month", "module_id"),)

    registration_id: Mapped[RegistrationId]
    month: Mapped[str] = mapped_column(String(7))
    """Such as 2026-11."""
    module_id: Mapped[Slug]
    begun: Mapped[int]
    passed: Mapped[int]
