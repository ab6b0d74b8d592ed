"""Who acts in a request below `/l/<launch>/`: one call that fetches and checks."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, delete, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.db.engine import connection_of
from lti_tool.db.models import Context, Handover, LaunchSession, LineItem, LtiUser, ResourceLink
from lti_tool.db.upsert import insert_row
from lti_tool.domain.actor import Actor
from lti_tool.domain.deep_linking import ContentKind
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.grade_column import NoGrades
from lti_tool.domain.ids import new_id
from lti_tool.domain.roles import Role
from lti_tool.services.launches import PARKED_SECONDS, SESSION_HOURS, OpenedLaunch, digest, write_handover
from lti_tool.services.ports import Clock

HANDOVER_SECONDS = 60


@dataclass(frozen=True, slots=True)
class ProvedLaunch:
    """A session in the frame, and a code that opens it in a new tab if the frame does not keep the cookie."""

    opened: OpenedLaunch
    code: str


class LaunchSessions:
    """Sessions of launches."""

    def __init__(self, session: Session, clock: Clock, session_hours: int = SESSION_HOURS) -> None:
        self._session = session
        self._clock = clock
        self._session_hours = session_hours

    def actor(self, registration_id: int, launch_id: UUID, secret: str) -> Actor:
        """Return who acts.

        Raises:
            Refusal: `session.foreign` if the secret is not this launch's, `session.expired` if it is over.
        """
        row = (
            connection_of(self._session)
            .execute(
                _ACTOR,
                {"registration_id": registration_id, "launch_id": launch_id},
            )
            .one_or_none()
        )
        if row is None:
            raise Refusal(Code.SESSION_EXPIRED, registration_id=registration_id)
        if row.secret_hash is None or not compare_digest(row.secret_hash, digest(secret)):
            raise Refusal(Code.SESSION_FOREIGN, registration_id=registration_id)
        if row.expires_at <= self._clock():
            raise Refusal(Code.SESSION_EXPIRED, registration_id=registration_id, return_url=row.return_url)
        return _actor(row, registration_id, launch_id)

    def hand_over(self, actor: Actor) -> str:
        """Return a single-use code that opens this launch in another tab within a minute."""
        expires_at = self._clock() + timedelta(seconds=HANDOVER_SECONDS)
        return write_handover(self._session, actor.registration_id, actor.launch_id, expires_at)

    def take_over(self, code: str) -> OpenedLaunch:
        """Use up a code and open the launch for the browser that brought it.

        Raises:
            Refusal: `session.handover_expired` if the code is unknown, used or too old.
        """
        registration_id, launch_id = self._use(code)
        if launch_id is None:
            raise Refusal(Code.HANDOVER_EXPIRED)
        return self._open(registration_id, launch_id)

    def take_over_with_secret(self, code: str, secret: str) -> ProvedLaunch:
        """Use up a code and open the launch for the browser that shows the secret its login left with the platform.

        Raises:
            Refusal: `launch.wrong_browser` if they do not belong together; the code is not used up by that.
        """
        registration_id, launch_id = self._use(code, Handover.storage_proof == digest(secret))
        if launch_id is None:
            raise Refusal(Code.LAUNCH_WRONG_BROWSER)
        opened = self._open(registration_id, launch_id)
        expires_at = self._clock() + timedelta(seconds=PARKED_SECONDS)
        return ProvedLaunch(opened, write_handover(self._session, registration_id, opened.launch_id, expires_at))

    def _use(self, code: str, *conditions: ColumnElement[bool]) -> tuple[int, UUID | None]:
        registration_id = _registration_of(code)
        launch_id = self._session.execute(
            delete(Handover)
            .where(
                Handover.registration_id == registration_id,
                Handover.code_hash == digest(code),
                Handover.expires_at > self._clock(),
                *conditions,
            )
            .returning(Handover.launch_id),
        ).scalar_one_or_none()
        return registration_id, launch_id

    def _open(self, registration_id: int, launch_id: UUID) -> OpenedLaunch:
        """A parked launch becomes this browser's session; a running one gets a second session beside it."""
        secret = secrets.token_urlsafe(24)
        expires_at = self._clock() + timedelta(hours=self._session_hours)
        parked = self._session.execute(
            update(LaunchSession)
            .where(
                LaunchSession.registration_id == registration_id,
                LaunchSession.id == launch_id,
                LaunchSession.secret_hash.is_(None),
            )
            .values(secret_hash=digest(secret), expires_at=expires_at)
            .returning(LaunchSession.id),
        ).scalar_one_or_none()
        if parked is None:
            launch_id = self._copy(registration_id, launch_id, digest(secret))
        return OpenedLaunch(registration_id, launch_id, secret)

    def _copy(self, registration_id: int, launch_id: UUID, secret_hash: str) -> UUID:
        source = self._session.get_one(LaunchSession, (registration_id, launch_id))
        copy_id = new_id()
        values = {column.key: getattr(source, column.key) for column in LaunchSession.__table__.columns}
        values.update(id=copy_id, secret_hash=secret_hash)
        insert_row(self._session, LaunchSession, values)
        return copy_id


def _registration_of(code: str) -> int:
    prefix = code.partition(".")[0]
    if not prefix.isascii() or not prefix.isdigit() or len(prefix) > len("2147483647") - 1:
        raise Refusal(Code.HANDOVER_EXPIRED)
    return int(prefix)


def _actor(row: Any, registration_id: int, launch_id: UUID) -> Actor:
    return Actor(
        registration_id=registration_id,
        launch_id=launch_id,
        parts=frozenset(Role(part) for part in row.parts.split()),
        user_id=row.user_id,
        context_id=row.context_id,
        context_title=row.context_title or "",
        resource_link_id=row.resource_link_id,
        module_id=row.module_id,
        kind=row.kind,
        line_item_id=row.line_item_id,
        locale=row.locale,
        return_url=row.return_url,
        no_grades=NoGrades(row.no_grades) if row.no_grades else None,
        way=row.way if row.line_item_id else None,
        person_name=row.person_name,
    )


_WITH_WAY = (ContentKind.TRACKER, ContentKind.DATES)


def _actor_query() -> Any:
    launch, context, user, line_item, link = (
        model.__table__ for model in (LaunchSession, Context, LtiUser, LineItem, ResourceLink)
    )
    tenant = launch.c.registration_id
    way = select(link.c.module_id).where(link.c.registration_id == tenant, link.c.id == launch.c.resource_link_id)
    return (
        select(
            launch.c.secret_hash,
            launch.c.expires_at,
            launch.c.parts,
            launch.c.user_id,
            launch.c.context_id,
            launch.c.resource_link_id,
            launch.c.module_id,
            launch.c.kind,
            launch.c.locale,
            launch.c.return_url,
            launch.c.no_grades,
            context.c.title.label("context_title"),
            user.c.name.label("person_name"),
            line_item.c.id.label("line_item_id"),
            case((or_(*(launch.c.kind == kind for kind in _WITH_WAY)), way.scalar_subquery())).label("way"),
        )
        .outerjoin(context, and_(context.c.registration_id == tenant, context.c.id == launch.c.context_id))
        .outerjoin(user, and_(user.c.registration_id == tenant, user.c.id == launch.c.user_id))
        .outerjoin(
            line_item,
            and_(
                line_item.c.registration_id == tenant,
                line_item.c.resource_link_id == launch.c.resource_link_id,
            ),
        )
        .where(tenant == bindparam("registration_id"), launch.c.id == bindparam("launch_id"))
    )


_ACTOR = _actor_query()
