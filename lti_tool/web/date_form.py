"""The form that settles a live date, as it was filled in and as a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time

from flask import request
from flask_babel.speaklater import LazyString

from lti_tool.curriculum.model import Catalogue
from lti_tool.domain.date_series import MOST_DATES, Rhythm, series_of
from lti_tool.domain.live_dates import BadPlan, Fault, Plan, Subject
from lti_tool.domain.seats import Limits
from lti_tool.domain.town_time import HourTwice, NoSuchHour, moment_of, shown
from lti_tool.web.date_words import FAULTS

FIELDS = (
    *("subject", "title", "trainer", "day", "from", "until", "deadline_day", "deadline_time"),
    *("join_url", "seats", "per_town", "rhythm", "number", "reason"),
)
_LONGEST = 3000
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class DateForm:
    """What the form holds, so that a fault costs no second typing."""

    values: Mapping[str, str] = field(default_factory=dict)
    whole_town: bool = False
    following: bool = False

    def plan(self, catalogue: Catalogue) -> Plan:
        """Read the first date.

        Raises:
            BadPlan: what is missing or no such thing.
        """
        with clocks_explained():
            starts_at, ends_at = self._moment("day", "from"), self._moment("day", "until")
            deadline = starts_at
            if self._said("deadline_day") or self._said("deadline_time"):
                deadline = self._moment("deadline_day", "deadline_time")
        return Plan(
            subject=self._subject(catalogue),
            title=self._said("title"),
            trainer=self._said("trainer"),
            starts_at=starts_at,
            ends_at=ends_at,
            sign_up_until=deadline,
            join_url=self._said("join_url"),
            limits=Limits(self._number("seats"), self._number("per_town") if self._said("per_town") else None),
        )

    def plans(self, catalogue: Catalogue) -> list[Plan]:
        """Read the whole series; one date without a rhythm.

        Raises:
            BadPlan: as `plan`; also for a series that would meet a change of the clocks.
        """
        plan, rhythm = self.plan(catalogue), self._said("rhythm")
        if rhythm not in set(Rhythm):
            return [plan]
        number = self._number("number")
        if not 0 < number <= MOST_DATES:
            raise BadPlan(Fault.SERIES)
        with clocks_explained():
            return series_of(plan, Rhythm(rhythm), number)

    def _said(self, name: str) -> str:
        return " ".join(self.values.get(name, "").split())

    def _moment(self, day: str, clock: str) -> datetime:
        try:
            named = date.fromisoformat(self._said(day)), time.fromisoformat(self._said(clock)).replace(tzinfo=None)
        except ValueError:
            raise BadPlan(Fault.NOT_A_TIME) from None
        return moment_of(*named)

    def _number(self, name: str) -> int:
        digits = self._said(name)
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS else 0

    def _subject(self, catalogue: Catalogue) -> Subject:
        kind, _, name = self._said("subject").partition(":")
        if kind == "module" and catalogue.module(name):
            return Subject(module_id=name)
        if kind == "certification" and catalogue.certification(name):
            return Subject(certification_id=name)
        raise BadPlan(Fault.SUBJECT)


@contextmanager
def clocks_explained() -> Iterator[None]:
    """Say of a plan that falls into the night of a change of the clocks, or out of all years, what is wrong with it."""
    try:
        yield
    except NoSuchHour:
        raise BadPlan(Fault.NO_SUCH_HOUR) from None
    except HourTwice:
        raise BadPlan(Fault.HOUR_TWICE) from None
    except OverflowError:  # before the first or after the last year there is
        raise BadPlan(Fault.NOT_A_TIME) from None


def sent_form() -> DateForm:
    """Return the form of this request."""
    values = {name: request.form.get(name, "")[:_LONGEST] for name in FIELDS}
    return DateForm(values, "whole_town" in request.form, "following" in request.form)


def form_of(plan: Plan) -> DateForm:
    """Return the form filled in with what is settled; a deadline that is no other than the start stays empty."""
    start, end, about = shown(plan.starts_at), shown(plan.ends_at), plan.subject
    deadline = shown(plan.sign_up_until) if plan.sign_up_until != plan.starts_at else None
    return DateForm(
        {
            "subject": f"module:{about.module_id}" if about.module_id else f"certification:{about.certification_id}",
            "title": plan.title,
            "trainer": plan.trainer,
            "day": start.date().isoformat(),
            "from": f"{start:%H:%M}",
            "until": f"{end:%H:%M}",
            "deadline_day": deadline.date().isoformat() if deadline else "",
            "deadline_time": f"{deadline:%H:%M}" if deadline else "",
            "join_url": plan.join_url,
            "seats": str(plan.limits.seats),
            "per_town": str(plan.limits.per_town or ""),
        }
    )


def faults_by_field(faults: Iterable[Fault]) -> dict[str, LazyString]:
    """Return the sentence for each field that must be mended."""
    said: dict[str, LazyString] = {}
    for fault in faults:
        name, words = FAULTS[fault]
        said.setdefault(name, words)
    return said
