"""Clock times as people in Germany write them, across both changes of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

TOWN_TIME = ZoneInfo("Europe/Berlin")


class NoSuchHour(ValueError):  # noqa: N818 -- a fact about a night in March
    """The clocks jump over this time."""


class HourTwice(ValueError):  # noqa: N818 -- a fact about a night in October
    """The clocks show this time twice."""


def moment_of(day: date, clock: time) -> datetime:
    """Return the moment at which clocks in Germany show this.

    Raises:
        NoSuchHour: between 2 and 3 in the night in March.
        HourTwice: between 2 and 3 in the night in October.
    """
    local = datetime.combine(day, clock, TOWN_TIME)
    moment = local.astimezone(UTC)
    if moment.astimezone(TOWN_TIME).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchHour(local.isoformat())
    if local.replace(fold=1).astimezone(UTC) != moment:
        raise HourTwice(local.isoformat())
    return moment


def shown(moment: datetime) -> datetime:
    """Return what clocks and calendars in Germany show at a moment."""
    return moment.astimezone(TOWN_TIME)


def at_same_clock(moment: datetime, day: date) -> datetime:
    """Return when clocks show the same time on another day.

    Raises:
        NoSuchHour, HourTwice: as `moment_of`.
    """
    return moment_of(day, shown(moment).time())
