"""Traces of the processes and of the house itself, of no town: which workers live, and when a backup was restored."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Moment


class WorkerBeat(Base):
    """A worker that lives. It says so every few seconds, and takes its row away when it ends by itself."""

    __tablename__ = "worker_beat"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    version: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[Moment]
    beat_at: Mapped[Moment] = mapped_column(index=True)


class Restoration(Base):
    """The database was put back to an earlier state: platforms may hold scores that it does not know of."""

    __tablename__ = "restoration"

    restored_at: Mapped[Moment] = mapped_column(primary_key=True)
    backup_made_at: Mapped[Moment]
