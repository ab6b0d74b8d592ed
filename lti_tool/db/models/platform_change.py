"""Which platforms were changed lately, so that no process has to read again what stayed as it was."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, RegistrationId


class PlatformChange(Base):
    """The last change of a platform, its deployments or its municipality; written by triggers of the database only."""

    __tablename__ = "platform_change"

    registration_id: Mapped[RegistrationId] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(index=True)
    """Rises with each change of any platform, in the order in which changes can be seen."""
    issuer: Mapped[str] = mapped_column(String(2000))
    """As it stands at the registration, so that one table tells all."""
