"""What a platform showed of itself when an administrator last launched from it."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Moment, PlatformText


class PlatformSighting(Base):
    """One row per registration, written by administrators' launches only: learners' cost nothing more."""

    __tablename__ = "platform_sighting"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    seen_at: Mapped[Moment]
    product: Mapped[PlatformText]
    """Family and version as the platform says, "" if it says nothing."""
    scopes: Mapped[list[str]] = mapped_column(JSON)
    """Scopes of the grade service that this launch offered."""
    line_item_url: Mapped[str | None] = mapped_column(String(2000))
    sends_names: Mapped[bool]
    cookie_came: Mapped[bool]
    """Whether the login's cookie came back in the frame; if not, the launch went on in a new tab."""
