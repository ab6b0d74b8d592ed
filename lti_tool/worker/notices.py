"""Tells platforms where their notices go: once for each deployment that offers them."""

from __future__ import annotations

import structlog
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.domain.delivery import DeliveryFailed, FailureKind
from lti_tool.services.notices import LeasedHandler, NoticeSubscriptions
from lti_tool.services.ports import Clock, NoticeSubscriber
from lti_tool.worker.handlers import Registrations

AT_A_TIME = 1
"""Grades wait behind it."""

_log = structlog.get_logger(__name__)


class NoticeSubscribing:
    """A task of the worker; each platform is told in a transaction of its own, none while one is open."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        registrations: Registrations,
        subscriber: NoticeSubscriber,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._registrations = registrations
        self._subscriber = subscriber
        self._clock = clock

    def __call__(self) -> None:
        """Tell the platforms that are due."""
        with self._sessions.begin() as session:
            batch = NoticeSubscriptions(session, self._clock).lease(AT_A_TIME)
        for leased in batch:
            self._tell(leased)

    def _tell(self, leased: LeasedHandler) -> None:
        try:
            self._subscribe(leased)
        except DeliveryFailed as failure:
            _log.warning("notices.not_subscribed", code=failure.reason, registration_id=leased.registration_id)
            with self._sessions.begin() as session:
                NoticeSubscriptions(session, self._clock).settle_failed(leased, failure)
            return
        _log.info("notices.subscribed", kind=str(leased.kind), registration_id=leased.registration_id)
        with self._sessions.begin() as session:
            NoticeSubscriptions(session, self._clock).settle_told(leased)

    def _subscribe(self, leased: LeasedHandler) -> None:
        registration = self._registrations.by_id(leased.registration_id)
        if registration is None or not registration.active:
            raise DeliveryFailed(FailureKind.TRY_AGAIN, "registration.inactive")
        self._subscriber.subscribe(registration, leased.url, leased.kind)
