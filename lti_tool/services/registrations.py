"""Platforms: a directory that answers from memory, and the use case that adds one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.db.engine import begin, connection_of
from lti_tool.db.models import Deployment, Municipality
from lti_tool.db.models import Registration as RegistrationRow
from lti_tool.db.upsert import insert_or
from lti_tool.domain.registration import Registration
from lti_tool.services.platform_changes import PlatformChanges
from lti_tool.services.ports import Clock

FRESH_SECONDS = 5.0
"""How long a change made by another process may stay unseen."""


class RegistrationDirectory:
    """Registrations from memory, each read when somebody asks for it, and again after it was changed.

    A country has ten thousand: reading all of them for one launch would cost a hundred times the launch. Every few
    seconds the process asks which ones were changed, and forgets those. What was read is replaced as a whole, never
    changed, so that readers need no lock; safe to share between threads.
    """

    def __init__(self, sessions: sessionmaker[Session], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._sessions = sessions
        self._monotonic = monotonic
        self._known: dict[str | int, Sequence[Registration]] = {}
        self._seen: int | None = None
        self._looked_at = float("-inf")
        self._keeping = Lock()

    def by_issuer(self, issuer: str) -> Sequence[Registration]:
        """Return all registrations of an issuer, matched character by character.

        A "no" is asked afresh at each question, so that a platform can launch as soon as it is registered.
        """
        return self._current(issuer)

    def by_id(self, registration_id: int) -> Registration | None:
        """Return one registration."""
        return next(iter(self._current(registration_id)), None)

    def deployment_active(self, registration: Registration, deployment_id: str) -> bool | None:
        """Return whether a deployment is active, None if unknown; a "no" is asked afresh from the database."""
        known = self.by_id(registration.id) or registration
        if known.deployments.get(deployment_id):
            return True
        fresh = next(iter(self._read(registration.id)), registration)
        return fresh.deployments.get(deployment_id)

    def forget(self) -> None:
        """Ask for changes at the next question."""
        self._looked_at = float("-inf")

    def _current(self, wanted: str | int) -> Sequence[Registration]:
        """Return what is fresh enough; while the database is away, what was read last, so that refusals find words."""
        if self._monotonic() - self._looked_at > FRESH_SECONDS:
            try:
                self._look()
            except OperationalError:
                if wanted not in self._known:
                    raise
        known = self._known.get(wanted)
        return self._read(wanted) if known is None else known

    def _look(self) -> None:
        """Forget what was changed since the last look."""
        began = self._monotonic()
        with self._reading() as session:
            changes = PlatformChanges(session).since(self._seen)
        with self._keeping:
            if changes.platforms is None:
                self._known, self._seen = {}, changes.newest
            else:
                for key in changes.platforms:
                    self._known.pop(key, None)
                self._seen = max(self._seen or 0, changes.newest)
            self._looked_at = began

    def _read(self, wanted: str | int) -> Sequence[Registration]:
        """Read what an issuer or a number stands for.

        Nothing is kept of what does not exist, nor if changes were found meanwhile: it may be one of them.
        """
        seen = self._seen
        with self._reading() as session:
            reader = RegistrationReader(session)
            one = reader.of_issuer(wanted) if isinstance(wanted, str) else reader.of_number(wanted)
        with self._keeping:
            if one and seen is not None and seen == self._seen:
                self._known[wanted] = one
                self._known.update({registration.id: (registration,) for registration in one})
        return one

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with self._sessions() as session:
            begin(session, read_only=True)
            yield session


class RegistrationReader:
    """Reads registrations with their municipality and deployments."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> list[Registration]:
        """Return every registration, oldest first."""
        return self._registrations(_ALL, {})

    def one(self, registration_id: int) -> Registration | None:
        """Return one registration as it is now, for pages that show what was just changed."""
        return next(iter(self.of_number(registration_id)), None)

    def of_number(self, registration_id: int) -> list[Registration]:
        """Return the registration with this number, if there is one."""
        return self._registrations(_BY_NUMBER, {"wanted": registration_id})

    def of_issuer(self, issuer: str) -> list[Registration]:
        """Return every registration of an issuer, oldest first."""
        return self._registrations(_BY_ISSUER, {"wanted": issuer})

    def _registrations(self, query: Any, values: Mapping[str, Any]) -> list[Registration]:
        """Rows of one registration follow one another: one for each deployment, or one without any."""
        found: dict[int, tuple[Any, dict[str, bool]]] = {}
        for row in connection_of(self._session).execute(query, values):
            _, deployments = found.setdefault(row.id, (row, {}))
            if row.deployment_id is not None:
                deployments[row.deployment_id] = row.deployment_active
        return [_registration(row, deployments) for row, deployments in found.values()]


def _query(*where: Any) -> Any:
    """Registrations with their deployments in one query, made once."""
    registration = RegistrationRow.__table__
    return (
        select(
            registration,
            Municipality.name.label("municipality"),
            Municipality.closes_at,
            *(Deployment.deployment_id, Deployment.active.label("deployment_active")),
        )
        .join(Municipality, Municipality.id == RegistrationRow.municipality_id)
        .join(Deployment, Deployment.registration_id == RegistrationRow.id, isouter=True)
        .where(*where)
        .order_by(RegistrationRow.id)
    )


_ALL = _query()
_BY_NUMBER = _query(RegistrationRow.id == bindparam("wanted"))
_BY_ISSUER = _query(RegistrationRow.issuer == bindparam("wanted"))


def _registration(row: Any, deployments: Mapping[str, bool]) -> Registration:
    return Registration(
        id=row.id,
        municipality=row.municipality,
        closes_at=row.closes_at,
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
