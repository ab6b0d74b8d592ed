"""Series of live dates: the same hour by the clock on later days, also when the clocks were changed in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from lti_tool.domain.live_dates import Plan
from lti_tool.domain.town_time import at_same_clock, shown

MOST_DATES = 30
_SATURDAY = 5


class Rhythm(StrEnum):
    """How the dates of a series follow each other."""

    WORKDAYS = "workdays"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    FOUR_WEEKS = "four_weeks"


_DAYS = {Rhythm.WEEKLY: 7, Rhythm.FORTNIGHTLY: 14, Rhythm.FOUR_WEEKS: 28}


def series_of(plan: Plan, rhythm: Rhythm, number: int) -> list[Plan]:
    """Return the plans of a series, the given one first.

    Raises:
        ValueError: fewer than one date or more than `MOST_DATES`.
        NoSuchHour, HourTwice: one of the dates falls into the night of a change of the clocks.
    """
    if not 0 < number <= MOST_DATES:
        raise ValueError("not a number of dates")
    first = shown(plan.starts_at).date()
    days = [first]
    while len(days) < number:
        days.append(_next(days[-1], rhythm))
    return [plan, *(_moved(plan, day - first) for day in days[1:])]


def moved_along(before: Plan, after: Plan, others: Sequence[Plan]) -> list[Plan]:
    """Return what later dates of a series become when one is changed from `before` to `after`.

    All get what was changed; each stays as many days away from it as it was.

    Raises:
        NoSuchHour, HourTwice: as `series_of`.
    """
    first = shown(before.starts_at).date()
    return [_moved(after, shown(other.starts_at).date() - first) for other in others]


def _next(day: date, rhythm: Rhythm) -> date:
    day += timedelta(_DAYS.get(rhythm, 1))
    while rhythm is Rhythm.WORKDAYS and day.weekday() >= _SATURDAY:
        day += timedelta(1)
    return day


def _moved(plan: Plan, by: timedelta) -> Plan:
    def later(moment: datetime) -> datetime:
        return at_same_clock(moment, shown(moment).date() + by)

    return replace(
        plan,
        starts_at=later(plan.starts_at),
        ends_at=later(plan.ends_at),
        sign_up_until=later(plan.sign_up_until),
    )
