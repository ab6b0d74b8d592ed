"""Notices from platforms: which platform is to be told where they go, and what became of those that came.

A copied course needs nothing done: its links carry their content along, and the first launch makes what it needs. The
notice is kept as the platform's word on where a course came from.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, and_, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from lti_tool.db.models import Context, NoticeHandler
from lti_tool.db.models import Notice as NoticeRow
from lti_tool.db.upsert import insert_once, upsert
from lti_tool.domain.delivery import DeliveryFailed, FailureKind
from lti_tool.domain.launch import Launch
from lti_tool.domain.notices import Notice, NoticeKind
from lti_tool.services.ports import Clock

KEPT = timedelta(days=400)
LEASE = timedelta(seconds=60)
FIRST_DELAY = timedelta(seconds=30)
MOST_TRIES = 12
"""With doubling pauses a bit more than a day."""

_log = structlog.get_logger(__name__)


class Notices:
    """What platforms said."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def take(self, notice: Notice) -> None:
        """Keep a notice; the same one again, or one of an unknown kind, changes nothing (rows P2, P3)."""
        if notice.kind is None:
            _log.info("notice.ignored")
            return
        values = {
            "registration_id": notice.registration_id,
            "notice_id": notice.id,
            "kind": notice.kind,
            "deployment_id": notice.deployment_id,
            "context_id": notice.context_id,
            "origin_context_ids": list(notice.origin_context_ids),
            "received_at": self._clock(),
        }
        if not insert_once(self._session, NoticeRow, values):
            _log.info("notice.repeated", kind=str(notice.kind))
            return
        origins = notice.origin_context_ids
        _log.info("notice.received", kind=str(notice.kind), origins=len(origins), known=self._known(notice, origins))

    def sweep(self) -> None:
        """Forget old notices; long before that their tokens have ended, so none can be sent again."""
        self._session.execute(delete(NoticeRow).where(NoticeRow.received_at < self._clock() - KEPT))

    def _known(self, notice: Notice, context_ids: Collection[str]) -> int:
        if not context_ids:
            return 0
        query = select(func.count()).where(
            Context.registration_id == notice.registration_id,
            Context.deployment_id == notice.deployment_id,
            Context.platform_id.in_(context_ids),
        )
        return self._session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class LeasedHandler:
    """A platform to be told where one kind of notices goes."""

    registration_id: int
    deployment_id: str
    kind: NoticeKind
    url: str
    tries: int


class NoticeSubscriptions:
    """Which platforms know where notices go."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def offered(self, launch: Launch) -> None:
        """Remember what a launch offers; a platform that has been told, or has refused, is left in peace."""
        if launch.notices is None:
            return
        known = self._known_urls(launch)
        for kind in NoticeKind:
            if kind not in launch.notices.types or known.get(kind) == launch.notices.url:
                continue
            upsert(
                self._session,
                NoticeHandler,
                key={
                    "registration_id": launch.registration_id,
                    "deployment_id": launch.deployment_id,
                    "kind": str(kind),
                },
                values={
                    "url": launch.notices.url,
                    "next_try_at": self._clock(),
                    "tries": 0,
                    "registered_at": None,
                    "reason": None,
                },
            )

    def lease(self, limit: int) -> list[LeasedHandler]:
        """Claim up to `limit` that are due; a worker that dies with one leaves it to the next after a minute."""
        now = self._clock()
        query = (
            select(NoticeHandler)
            .where(NoticeHandler.next_try_at <= now)
            .order_by(NoticeHandler.next_try_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        leased = [
            LeasedHandler(row.registration_id, row.deployment_id, NoticeKind(row.kind), row.url, row.tries)
            for row in self._session.scalars(query)
        ]
        for entry in leased:
            self._write(entry, next_try_at=now + LEASE)
        return leased

    def settle_told(self, leased: LeasedHandler) -> None:
        """Record that the platform knows."""
        self._write(leased, next_try_at=None, registered_at=self._clock(), reason=None)

    def settle_failed(self, leased: LeasedHandler, failure: DeliveryFailed) -> None:
        """Record a failed try: again after a while, or not until the platform offers it at another address."""
        tries = leased.tries + 1
        final = failure.kind is FailureKind.PERMANENT or tries >= min(MOST_TRIES, failure.most_tries or MOST_TRIES)
        again = None if final else self._clock() + FIRST_DELAY * 2**leased.tries
        self._write(leased, next_try_at=again, tries=tries, reason=failure.reason)

    def _known_urls(self, launch: Launch) -> dict[str, str]:
        key = {"registration_id": launch.registration_id, "deployment_id": launch.deployment_id}
        return {row.kind: row.url for row in self._session.connection().execute(_KNOWN_URLS, key)}

    def _write(self, entry: LeasedHandler, **values: Any) -> None:
        """Change a row, unless a launch has offered another address meanwhile."""
        self._session.execute(
            update(NoticeHandler)
            .where(_is(entry), NoticeHandler.url == entry.url)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _is(entry: LeasedHandler) -> ColumnElement[bool]:
    return and_(
        NoticeHandler.registration_id == entry.registration_id,
        NoticeHandler.deployment_id == entry.deployment_id,
        NoticeHandler.kind == entry.kind,
    )


_HANDLERS = NoticeHandler.__table__
_KNOWN_URLS = select(_HANDLERS.c.kind, _HANDLERS.c.url).where(
    _HANDLERS.c.registration_id == bindparam("registration_id"),
    _HANDLERS.c.deployment_id == bindparam("deployment_id"),
)
