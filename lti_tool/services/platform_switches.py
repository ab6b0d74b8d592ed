"""What an administrator, the operator or the command line may switch on a platform. Each act leaves an audit entry."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.db.models import Deployment, LtiUser, Municipality, Registration, Roster, RosterMember, ScoreDelivery
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.scores import Delivery
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.ports import Clock

PAUSED = "registration.inactive"
"""Reason of grades that came due while their platform was paused; they go on when it is resumed."""


class PlatformSwitches:
    """Every method raises `not_found` for a platform, deployment or town that is not there."""

    def __init__(self, session: Session, clock: Clock, who: Who) -> None:
        self._session = session
        self._clock = clock
        self._audit = AuditLog(session, clock, who)

    def pause(self, registration_id: int) -> None:
        """Refuse all logins and hold grades back from now on; running sessions go on."""
        self._set(registration_id, active=False)
        self._audit.record(Action.PLATFORM_PAUSED, registration_id=registration_id)

    def resume(self, registration_id: int) -> None:
        """Let logins in again and send what was held back."""
        self._set(registration_id, active=True)
        self._send(registration_id, ScoreDelivery.reason == PAUSED)
        self._audit.record(Action.PLATFORM_RESUMED, registration_id=registration_id)

    def approve(self, registration_id: int, deployment_id: str) -> None:
        """Let launches of a deployment in, at once."""
        self._decide(registration_id, deployment_id, active=True, declined_at=None)
        self._audit.record(Action.DEPLOYMENT_APPROVED, deployment_id, registration_id=registration_id)

    def decline(self, registration_id: int, deployment_id: str) -> None:
        """Keep launches of a deployment out, and ask no more."""
        self._decide(registration_id, deployment_id, active=False, declined_at=self._clock())
        self._audit.record(Action.DEPLOYMENT_DECLINED, deployment_id, registration_id=registration_id)

    def keep_names(self, registration_id: int, *, keep: bool) -> None:
        """Store people's names from now on, or no more; then the stored ones are deleted."""
        self._set(registration_id, keeps_names=keep)
        for table in () if keep else (LtiUser, RosterMember):
            self._session.execute(
                update(table)
                .where(table.registration_id == registration_id, table.name.is_not(None))
                .values(name=None)
                .execution_options(synchronize_session=False),
            )
        action = Action.NAMES_KEPT if keep else Action.NAMES_DELETED
        self._audit.record(action, registration_id=registration_id)

    def read_rosters(self, registration_id: int, *, read: bool) -> None:
        """Read lists of participants where the platform offers them, or no more; then the stored ones are deleted."""
        self._set(registration_id, nrps_enabled=read)
        if not read:
            self._session.execute(
                delete(Roster)
                .where(Roster.registration_id == registration_id)
                .execution_options(synchronize_session=False),
            )
        action = Action.ROSTERS_READ if read else Action.ROSTERS_DELETED
        self._audit.record(action, registration_id=registration_id)

    def show_results(self, registration_id: int, *, show: bool) -> None:
        """Let instructors see best results, or only who has passed."""
        self._set(registration_id, shows_results=show)
        self._audit.record(Action.RESULTS_SHOWN if show else Action.RESULTS_HIDDEN, registration_id=registration_id)

    def send_points(self, registration_id: int, *, send: bool) -> None:
        """Send points into the gradebook from now on, or only that somebody has passed."""
        self._set(registration_id, sends_points=send)
        self._audit.record(Action.POINTS_SENT if send else Action.ONLY_PASSES_SENT, registration_id=registration_id)

    def mark_anonymously(self, registration_id: int, *, anonymous: bool) -> None:
        """Show markers no names unless they ask, or show them at once."""
        self._set(registration_id, marks_anonymously=anonymous)
        action = Action.MARKED_ANONYMOUSLY if anonymous else Action.MARKED_BY_NAME
        self._audit.record(action, registration_id=registration_id)

    def send_failed_again(self, registration_id: int) -> int:
        """Put every failed grade back into the queue; return how many."""
        count = self._send(registration_id)
        self._audit.record(Action.GRADES_SENT_AGAIN, registration_id=registration_id, count=count)
        return count

    def rename_town(self, municipality_id: int, name: str) -> None:
        """Give a municipality another name.

        Raises:
            Refusal: `town.name_taken`, or `bad_request` for a name that is none.
        """
        name = " ".join(name.split())
        if not 0 < len(name) <= 255:  # noqa: PLR2004 -- the length of the column
            raise Refusal(Code.BAD_REQUEST, "no name for a municipality")
        town = self._session.get(Municipality, municipality_id)
        if town is None:
            raise Refusal(Code.NOT_FOUND, "no such municipality")
        before = town.name
        try:
            with self._session.begin_nested():  # the unique constraint answers at its end
                town.name = name
        except IntegrityError as error:
            raise Refusal(Code.TOWN_NAME_TAKEN) from error
        self._audit.record(Action.TOWN_RENAMED, name, before=before)

    def _set(self, registration_id: int, **values: Any) -> None:
        changed = self._session.execute(
            update(Registration)
            .where(Registration.id == registration_id)
            .values(values)
            .returning(Registration.id)
            .execution_options(synchronize_session=False),
        )
        if changed.first() is None:
            raise Refusal(Code.NOT_FOUND, "no such platform")

    def _decide(self, registration_id: int, deployment_id: str, **values: Any) -> None:
        changed = self._session.execute(
            update(Deployment)
            .where(Deployment.registration_id == registration_id, Deployment.deployment_id == deployment_id)
            .values(values)
            .returning(Deployment.deployment_id)
            .execution_options(synchronize_session=False),
        )
        if changed.first() is None:
            raise Refusal(Code.NOT_FOUND, "no such deployment")

    def _send(self, registration_id: int, *which: ColumnElement[bool]) -> int:
        now = self._clock()
        failed = (
            ScoreDelivery.registration_id == registration_id,
            ScoreDelivery.state == Delivery.FAILED,
            *which,
        )
        sent = self._session.execute(
            update(ScoreDelivery)
            .where(*failed)
            .values(
                state=Delivery.WAITING,
                revision=ScoreDelivery.revision + 1,
                queued_at=now,
                next_try_at=now,
                tries=1,  # whatever was tried before, the worker looks into the gradebook before it sends
            )
            .returning(ScoreDelivery.user_id)
            .execution_options(synchronize_session=False),
        )
        return len(sent.all())
