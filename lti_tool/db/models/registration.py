"""Platforms that may launch the tool, and the municipalities they belong to."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Moment, PlatformText, RegistrationId
from lti_tool.domain.privacy import RETENTION_MONTHS

_Url = String(2000)


class Municipality(Base):
    """A town or district; the tenant in the words of its contract."""

    __tablename__ = "municipality"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[PlatformText] = mapped_column(unique=True)
    closes_at: Mapped[Moment | None]
    """From then on its platforms are let in no more; None while the contract runs."""
    erases_at: Mapped[Moment | None]
    """When all that people left behind goes; until then it can be exported, and the town reopened."""
    erased_at: Mapped[Moment | None]


class Registration(Base):
    """One issuer and client id with its endpoints."""

    __tablename__ = "registration"
    __table_args__ = (UniqueConstraint("issuer", "client_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    name: Mapped[PlatformText]
    issuer: Mapped[str] = mapped_column(_Url)
    client_id: Mapped[PlatformText]
    auth_login_url: Mapped[str] = mapped_column(_Url)
    auth_token_url: Mapped[str] = mapped_column(_Url)
    auth_audience: Mapped[str | None] = mapped_column(_Url)
    jwks_url: Mapped[str] = mapped_column(_Url)
    private_hosts: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Hosts of this platform that may have private addresses (an LMS inside the town hall)."""
    product_family: Mapped[str] = mapped_column(String(100), default="", server_default="")
    """What kind of LMS it is, in its own word ("moodle", "ilias.de"); empty if it never said."""
    scopes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """Services agreed on when the platform registered itself; None for one that was entered by hand."""
    keeps_names: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether people's names, if the platform sends them, are stored beside their results."""
    nrps_enabled: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether rosters are read, where the platform offers them; off unless somebody switched it on."""
    shows_results: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a course's instructors see best results; if not, they see who has passed and nothing else."""
    sends_points: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether points go into the platform's gradebook; if not, only that somebody has passed."""
    marks_anonymously: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether markers see no names unless they ask for them."""
    retention_months: Mapped[int] = mapped_column(default=RETENTION_MONTHS, server_default=str(RETENTION_MONTHS))
    """After so many months without a launch everything of a person is erased."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Moment]


class Deployment(Base):
    """One installation of the tool within a platform; inactive until somebody approves it."""

    __tablename__ = "deployment"

    registration_id: Mapped[RegistrationId] = mapped_column(primary_key=True)
    deployment_id: Mapped[PlatformText] = mapped_column(primary_key=True)
    active: Mapped[bool]
    first_seen_at: Mapped[Moment]
    declined_at: Mapped[Moment | None]
    """When an administrator said no; an inactive one without this date still waits for an answer."""
