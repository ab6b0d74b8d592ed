"""Platforms: a directory that answers from memory, and the use case that adds one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.db.models import Deployment, Municipality
from lti_tool.db.models import Registration as RegistrationRow
from lti_tool.db.upsert import insert_or
from lti_tool.domain.registration import Registration
from lti_tool.services.ports import Clock

FRESH_SECONDS = 5.0
"""How long a change made by another process may stay unseen."""
UNKNOWN_SECONDS = 1.0
"""How long a platform that another process has registered may stay unknown."""


_NEVER = float("-inf")


@dataclass(frozen=True, slots=True)
class _Snapshot:
    by_id: Mapping[int, Registration] = field(default_factory=dict)
    by_issuer: Mapping[str, Sequence[Registration]] = field(default_factory=dict)
    read_at: float = _NEVER


class RegistrationDirectory:
    """All registrations, read at most every few seconds; safe to share between threads.

    A snapshot is replaced as a whole, never changed, so that readers need no lock.
    """

    def __init__(self, sessions: sessionmaker[Session], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._sessions = sessions
        self._monotonic = monotonic
        self._snapshot = _Snapshot()

    def by_issuer(self, issuer: str) -> Sequence[Registration]:
        """Return all registrations of an issuer, matched character by character.

        A "no" is asked afresh once a second, so that a platform can launch as soon as it is registered.
        """
        found = self._current().by_issuer.get(issuer, ())
        if not found and self._monotonic() - self._snapshot.read_at > UNKNOWN_SECONDS:
            found = self._read().by_issuer.get(issuer, ())
        return found

    def by_id(self, registration_id: int) -> Registration | None:
        """Return one registration."""
        return self._current().by_id.get(registration_id)

    def deployment_active(self, registration: Registration, deployment_id: str) -> bool | None:
        """Return whether a deployment is active, None if unknown; a "no" is asked afresh from the database."""
        known = self._current().by_id.get(registration.id, registration)
        if known.deployments.get(deployment_id):
            return True
        fresh = self._read().by_id.get(registration.id, registration)
        return fresh.deployments.get(deployment_id)

    def forget(self) -> None:
        """Read afresh at the next question."""
        self._snapshot = _Snapshot()

    def _current(self) -> _Snapshot:
        """Return what is fresh enough; while the database is away, what was read last, so that refusals find words."""
        if self._monotonic() - self._snapshot.read_at <= FRESH_SECONDS:
            return self._snapshot
        try:
            return self._read()
        except OperationalError:
            if self._snapshot.read_at == _NEVER:
                raise
            return self._snapshot

    def _read(self) -> _Snapshot:
        with self._sessions() as session:
            session.connection(execution_options={"read_only": True})
            registrations = RegistrationReader(session).all()
        by_issuer: dict[str, list[Registration]] = {}
        for registration in registrations:
            by_issuer.setdefault(registration.issuer, []).append(registration)
        self._snapshot = _Snapshot({entry.id: entry for entry in registrations}, by_issuer, self._monotonic())
        return self._snapshot


class RegistrationReader:
    """Reads registrations with their municipality and deployments."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> list[Registration]:
        """Return every registration, oldest first."""
        return self._read(None)

    def one(self, registration_id: int) -> Registration | None:
        """Return one registration as it is now, for pages that show what was just changed."""
        return next(iter(self._read(registration_id)), None)

    def _read(self, wanted: int | None) -> list[Registration]:
        known = select(Deployment.registration_id, Deployment.deployment_id, Deployment.active)
        query = (
            select(RegistrationRow, Municipality)
            .join(Municipality, Municipality.id == RegistrationRow.municipality_id)
            .order_by(RegistrationRow.id)
        )
        if wanted is not None:
            known = known.where(Deployment.registration_id == wanted)
            query = query.where(RegistrationRow.id == wanted)
        deployments: dict[int, dict[str, bool]] = {}
        for row in self._session.execute(known):
            deployments.setdefault(row.registration_id, {})[row.deployment_id] = row.active
        return [_registration(row, town, deployments.get(row.id, {})) for row, town in self._session.execute(query)]


def _registration(row: RegistrationRow, town: Municipality, deployments: Mapping[str, bool]) -> Registration:
    return Registration(
        id=row.id,
        municipality=town.name,
        closes_at=town.closes_at,
        name=row.name,
        issuer=row.issuer,
        client_id=row.client_id,
        auth_login_url=row.auth_login_url,
        auth_token_url=row.auth_token_url,
        auth_audience=row.auth_audience,
        jwks_url=row.jwks_url,
        active=row.active,
        keeps_names=row.keeps_names,
        nrps_enabled=row.nrps_enabled,
        deployments=MappingProxyType(dict(deployments)),
        private_hosts=frozenset(row.private_hosts),
        product_family=row.product_family,
        scopes=None if row.scopes is None else frozenset(row.scopes),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlatform:
    """What a platform is added with: typed by a person, or agreed on when it registered itself."""

    municipality: str
    name: str
    issuer: str
    client_id: str
    auth_login_url: str
    auth_token_url: str
    jwks_url: str
    deployment_ids: Sequence[str] = ()
    auth_audience: str | None = None
    private_hosts: Sequence[str] = ()
    product_family: str = ""
    scopes: Sequence[str] | None = None
    nrps_enabled: bool | None = None
    """Whether rosters are read; None leaves it as it is, off for a new platform."""
    keeps_names: bool | None = None


class SavePlatform:
    """Adds a platform, or brings the endpoints of a known one (same issuer and client id) up to date."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def save(self, platform: NewPlatform) -> int:
        """Store the platform with its deployments active; return the registration's id."""
        municipality_id = self._municipality(platform.municipality)
        row = self._session.scalar(
            select(RegistrationRow).where(
                RegistrationRow.issuer == platform.issuer,
                RegistrationRow.client_id == platform.client_id,
            ),
        )
        if row is None:
            row = RegistrationRow(issuer=platform.issuer, client_id=platform.client_id, created_at=self._clock())
            self._session.add(row)
        row.municipality_id = municipality_id
        row.name = platform.name
        row.auth_login_url = platform.auth_login_url
        row.auth_token_url = platform.auth_token_url
        row.auth_audience = platform.auth_audience
        row.jwks_url = platform.jwks_url
        row.private_hosts = list(platform.private_hosts)
        row.product_family = platform.product_family or row.product_family or ""
        row.scopes = row.scopes if platform.scopes is None else list(platform.scopes)
        if platform.keeps_names is not None:
            row.keeps_names = platform.keeps_names
        row.nrps_enabled = bool(row.nrps_enabled) if platform.nrps_enabled is None else platform.nrps_enabled
        self._session.flush()  # the deployments below need the new registration's id
        for deployment_id in platform.deployment_ids:
            self._approve(row.id, deployment_id)
        return row.id

    def _municipality(self, name: str) -> int:
        town = self._session.scalar(select(Municipality).where(Municipality.name == name))
        if town is None:
            town = Municipality(name=name)
            self._session.add(town)
            self._session.flush()  # the registration refers to the new id
        return town.id

    def _approve(self, registration_id: int, deployment_id: str) -> None:
        values = {
            "registration_id": registration_id,
            "deployment_id": deployment_id,
            "active": True,
            "first_seen_at": self._clock(),
        }
        self._session.execute(
            insert_or(self._session, Deployment)
            .values(values)
            .on_conflict_do_update(index_elements=["registration_id", "deployment_id"], set_={"active": True}),
        )
