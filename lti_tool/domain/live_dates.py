"""Live dates: what is settled about one, what may be wrong with it, and who may see its join link when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from lti_tool.domain.seats import Limits, Place

LONGEST_TITLE = 200
LONGEST_REASON = 500
LONGEST_LINK = 2000
LONGEST_DATE = timedelta(hours=12)
MOST_SEATS = 10_000
LINK_SHOWN_BEFORE = timedelta(minutes=15)


class Deed(StrEnum):
    """What was done to a date."""

    MADE = "made"
    CHANGED = "changed"
    CANCELLED = "cancelled"


class Fault(StrEnum):
    """What is wrong with a plan; each is a sentence at the edge."""

    TITLE = "title"
    TRAINER = "trainer"
    SUBJECT = "subject"
    NOT_A_TIME = "not_a_time"
    NO_SUCH_HOUR = "no_such_hour"
    HOUR_TWICE = "hour_twice"
    BEGUN = "begun"
    ENDS_FIRST = "ends_first"
    TOO_LONG = "too_long"
    DEADLINE = "deadline"
    LINK = "link"
    SEATS = "seats"
    SEATS_PER_TOWN = "seats_per_town"
    SEATS_TAKEN = "seats_taken"
    SERIES = "series"
    REASON = "reason"
    OVER = "over"
    """Cancelled or ended."""


class Closed(StrEnum):
    """Why nobody can sign up for a date, or leave it."""

    CANCELLED = "cancelled"
    DEADLINE = "deadline"
    BEGUN = "begun"
    TWICE = "twice"
    """Signed up already."""
    NOT_SIGNED_UP = "not_signed_up"


class NotPossible(Exception):  # noqa: N818 -- an answer by design, which a sentence on the page explains
    """Nobody can sign up for a date, or leave it, just now."""

    def __init__(self, why: Closed) -> None:
        super().__init__(why)
        self.why = why


class BadPlan(Exception):  # noqa: N818 -- an answer by design, which sentences on the page explain
    """A date cannot be like that."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Subject:
    """What a date is about: a module, or a certification."""

    module_id: str | None = None
    certification_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What whoever offers a date settles. All moments are aware; people read and write them in Europe/Berlin.

    Attributes:
        sign_up_until: nobody signs up from this moment on; who waits still moves up until the date begins.
        join_url: where the session is; "" while that is not known.
    """

    subject: Subject
    title: str
    trainer: str
    starts_at: datetime
    ends_at: datetime
    sign_up_until: datetime
    join_url: str
    limits: Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One live date.

    Attributes:
        id: stable for ever; the event's UID in calendars.
        registration_id: whose date it is; None for one of the operator's, which is for all towns.
        context_id: the course whose instructors may change it; None for the operator's.
        whole_town: people of other courses of the platform may come as well.
        sequence: grows with each change that calendars must know (RFC 5545, 3.8.7.4).
    """

    id: UUID
    registration_id: int | None
    context_id: UUID | None
    whole_town: bool
    series_id: UUID | None
    plan: Plan
    sequence: int
    cancelled_at: datetime | None
    cancelled_because: str
    made_at: datetime
    changed_at: datetime

    @property
    def for_all_towns(self) -> bool:
        return self.registration_id is None

    def closed_to_newcomers(self, now: datetime) -> Closed | None:
        """Tell why nobody can sign up any more; None while people can."""
        if not (closed := self.closed_to_leavers(now)) and now >= self.plan.sign_up_until:
            return Closed.DEADLINE
        return closed

    def closed_to_leavers(self, now: datetime) -> Closed | None:
        """Tell why nobody can leave any more, nor move up; None while people can."""
        if self.cancelled_at:
            return Closed.CANCELLED
        return Closed.BEGUN if now >= self.plan.starts_at else None

    def join_url_for(self, place: Place | None, now: datetime) -> str:
        """Return the join link for those with a seat, from a little before the start until the end; else ""."""
        shown = self.plan.starts_at - LINK_SHOWN_BEFORE <= now < self.plan.ends_at
        return self.plan.join_url if place is Place.SEAT and shown and not self.cancelled_at else ""


def faults_of(plan: Plan, now: datetime, before: Plan | None = None) -> Iterator[Fault]:
    """Yield what is wrong with a plan in itself; one that is changed may have begun where its time stays."""
    length = plan.ends_at - plan.starts_at
    checks = (
        (Fault.TITLE, not 0 < len(plan.title) <= LONGEST_TITLE),
        (Fault.TRAINER, len(plan.trainer) > LONGEST_TITLE),
        (Fault.BEGUN, plan.starts_at <= now and not (before and before.starts_at == plan.starts_at)),
        (Fault.ENDS_FIRST, length <= timedelta()),
        (Fault.TOO_LONG, length > LONGEST_DATE),
        (Fault.DEADLINE, plan.sign_up_until > plan.starts_at),
        (Fault.LINK, not is_join_link(plan.join_url)),
        (Fault.SEATS, not 0 < plan.limits.seats <= MOST_SEATS),
        (Fault.SEATS_PER_TOWN, plan.limits.per_town is not None and not 0 < plan.limits.per_town <= plan.limits.seats),
    )
    return (fault for fault, holds in checks if holds)


def is_join_link(value: str) -> bool:
    """Whether this may stand as a link: nothing yet, or an address that begins with https:// and has no script in it.

    Names, passwords and unusual characters before the path are refused, as they dress one address up as another.
    """
    if not value:
        return True
    if len(value) > LONGEST_LINK or not value.isascii() or not value.isprintable() or set(value) & set(" \"'<>\\`{}"):
        return False
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return value.startswith("https://") and bool(host) and "." in (host or "") and "@" not in parts.netloc


def differences(before: Plan, after: Plan) -> dict[str, tuple[str, str]]:
    """Return what a change is about, as the history keeps it; the join link itself stays out of it."""
    found = {}
    for field in fields(Plan):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old != new:
            found[field.name] = ("", "") if field.name == "join_url" else (_written(old), _written(new))
    return found


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Subject):
        return value.module_id or value.certification_id or ""
    if isinstance(value, Limits):
        return f"{value.seats}/{value.per_town or '-'}"
    return str(value)
