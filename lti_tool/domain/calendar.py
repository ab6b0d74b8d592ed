"""What a calendar is told about a live date: no names, and the join link no sooner than on the date's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from lti_tool.domain.live_dates import Occasion
from lti_tool.domain.seats import Place


class Standing(StrEnum):
    """How sure a date is for one person (RFC 5545, 3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    """A place in the waiting list."""
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of a calendar.

    Attributes:
        uid: the same for ever, so that calendars change the entry instead of adding another one.
        sequence: grows whenever the date was changed, and when its person moves up.
        changed_at: when what is said here was last changed; the same until then, so that nothing is fetched twice.
        join_url: "" until it may be shown, and for whoever has no seat.
    """

    uid: UUID
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    standing: Standing
    changed_at: datetime
    cancelled_because: str = ""
    join_url: str = ""


def event_of(occasion: Occasion, place: Place | None, place_changed_at: datetime | None, now: datetime) -> Event:
    """Return the entry for one person; without a place it is a date that anybody may note."""
    moments = [occasion.changed_at, *([place_changed_at] if place_changed_at else [])]
    return Event(
        uid=occasion.id,
        sequence=2 * occasion.sequence + (place is not Place.WAITING),
        title=occasion.plan.title,
        starts_at=occasion.plan.starts_at,
        ends_at=occasion.plan.ends_at,
        standing=_standing(occasion, place),
        changed_at=max(moments),
        cancelled_because=occasion.cancelled_because,
        join_url=occasion.join_url_for(place, now),
    )


def _standing(occasion: Occasion, place: Place | None) -> Standing:
    if occasion.cancelled_at:
        return Standing.CANCELLED
    return Standing.TENTATIVE if place is Place.WAITING else Standing.CONFIRMED
