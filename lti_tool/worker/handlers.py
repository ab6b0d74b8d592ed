"""One leased score: sent, found already there, or a failure that says what to do next."""

from __future__ import annotations

from typing import Protocol

from lti_tool.domain.delivery import DeliveryFailed, FailureKind, Reason
from lti_tool.domain.registration import Registration
from lti_tool.domain.scores import Result
from lti_tool.services.outbox import LeasedScore
from lti_tool.services.ports import ScorePublisher
from lti_tool.worker.columns import ColumnKeeper


class Registrations(Protocol):
    """Knows the platforms."""

    def by_id(self, registration_id: int) -> Registration | None:
        """Return one registration, None if there is none."""


class ScoreHandler:
    """Delivers one score at a time, so that the gradebook ends up with it exactly once."""

    def __init__(self, registrations: Registrations, publisher: ScorePublisher, columns: ColumnKeeper) -> None:
        self._registrations = registrations
        self._publisher = publisher
        self._columns = columns

    def deliver(self, leased: LeasedScore) -> None:
        """Send the score unless the gradebook holds it already.

        After a try whose end nobody saw (a dead worker, a timeout, a 409) the gradebook is asked first: a second
        posting would be a second entry in the platform's grade history. It is asked as well before a later value is
        sent: a mark that somebody changed there is not overwritten unless an instructor says so. Since a backup was
        restored, a first value is treated as a later one, as it may be one.

        A column that is missing is found or made first; one that turns out to be gone is so once more (G3, G13).

        Raises:
            DeliveryFailed: as the publisher raised it, or permanently for a platform that is gone or switched off.
            ColumnBusy: another worker is making the column; try again in a moment.
        """
        registration = self._registration(leased)
        url = leased.line_item_url or self._columns.replacement(registration, leased, None)
        if leased.column_outdated:
            self._columns.bring_up_to_date(registration, leased)
        try:
            self._send(registration, url, leased)
        except DeliveryFailed as failure:
            if failure.reason != Reason.NO_COLUMN:
                raise
            self._send(registration, self._columns.replacement(registration, leased, url), leased)

    def _send(self, registration: Registration, url: str, leased: LeasedScore) -> None:
        if leased.interrupted or leased.tries or (not leased.overwrites and (leased.earlier or leased.cautious)):
            result = self._result(registration, url, leased)
            if _is_there(result, leased):
                return
            if result and _changed_by_somebody(result, leased):
                raise DeliveryFailed(FailureKind.PERMANENT, Reason.CHANGED_IN_LMS, held=result)
        try:
            self._publisher.publish(registration, url, leased.score)
        except DeliveryFailed as failure:
            if failure.kind is FailureKind.NOT_NEWER and _is_there(self._result(registration, url, leased), leased):
                return
            raise

    def _registration(self, leased: LeasedScore) -> Registration:
        registration = self._registrations.by_id(leased.registration_id)
        if registration is None or not registration.active:
            raise DeliveryFailed(FailureKind.PERMANENT, "registration.inactive")
        return registration

    def _result(self, registration: Registration, url: str, leased: LeasedScore) -> Result | None:
        """Return what the gradebook shows; a platform that lets nobody look counts as one that shows nothing."""
        try:
            return self._publisher.read_back(registration, url, leased.subject)
        except DeliveryFailed as failure:
            if failure.kind is FailureKind.PERMANENT:
                return None
            raise


def _is_there(result: Result | None, leased: LeasedScore) -> bool:
    """Whether sending changes nothing; results do not tell a comment, so a score with one is sent."""
    return result is not None and not leased.comment and result.agrees_with(leased.given, leased.maximum)


def _changed_by_somebody(result: Result, leased: LeasedScore) -> bool:
    """Whether the gradebook holds a value that did not come from here."""
    knows = leased.earlier or leased.cautious
    if leased.overwrites or not knows or result.given is None or not result.maximum:
        return False
    ours = (*leased.earlier, (leased.given, leased.maximum))
    return not any(result.agrees_with(*value) for value in ours)
