"""What the tool holds of people: the kinds, why, until when, and who sees them. Words stand at the edge.

This table is the only one: „Wer sieht was?“, „Meine Daten“, the export, the erasure and `docs/personalrat.md` follow
it; which rows belong to a kind stands in `services/personal_data.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

RETENTION_MONTHS = 24
FEWEST_RETENTION_MONTHS = 3
MOST_RETENTION_MONTHS = 120
"""Bounds of what a platform's administrators may choose: no person vanishes over a summer, nothing stays for ever."""
CLOSED_DAYS = 90
"""So long the data of a closed town can be exported, unless another time was agreed on."""
FEWEST_CLOSED_DAYS = 30
MOST_CLOSED_DAYS = 365
FEWEST_PEOPLE = 5
"""Counts of fewer people are not shown."""


class Kind(StrEnum):
    """One kind of data, as a person is told about it."""

    IDENTITY = "identity"
    COURSES = "courses"
    ROSTERS = "rosters"
    PROGRESS = "progress"
    ATTEMPTS = "attempts"
    ANSWERS = "answers"
    FILES = "files"
    MARKS = "marks"
    EXTRA_TIME = "extra_time"
    GRADES = "grades"
    CREDITS = "credits"
    ATTENDANCE = "attendance"
    CALENDAR = "calendar"
    DATES = "dates"
    SELF_ASSESSMENT = "self_assessment"
    PROOFS = "proofs"
    TRANSCRIPTS = "transcripts"
    IDEAS = "ideas"
    TEACHING = "teaching"
    SESSIONS = "sessions"
    MERGES = "merges"


class Audience(StrEnum):
    """Who may come to see something."""

    SELF = "self"
    INSTRUCTOR = "instructor"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
    PLATFORM = "platform"
    PUBLIC = "public"
    READERS = "readers"
    """Whoever may read a released idea: in the course, in the town, or in all towns."""


class Sees(StrEnum):
    """How much of it."""

    ALL = "all"
    OPEN_ONLY = "open_only"
    """Whether something is open, begun or passed; best results and the way only where that is switched on."""
    NUMBERS = "numbers"
    """Counts of five people and more, rounded."""
    IN_PARTS = "in_parts"
    """The attempt that counts; texts to be marked, without a name; else what five people and more did, together."""
    NAMELESS = "nameless"
    """Without a name, unless names are switched on or asked for."""
    COUNTING = "counting"
    """Of all attempts only the one that counts."""
    CHOSEN = "chosen"
    """Only if the person wants it."""
    DATES_ONLY = "dates_only"
    """Titles and times of live dates, without any name."""
    ASKED = "asked"
    """As soon as the person asks for something."""
    ORIGIN = "origin"
    """It comes from there."""


class Basis(StrEnum):
    """Why it may be held (GDPR, article 6)."""

    TASK = "task"
    """6(1)(e) with the law of the Land, for staff also the law on staff data: the town teaches its people."""
    CONSENT = "consent"
    """6(1)(a): only if the person presses the button."""
    SECURITY = "security"
    """6(1)(e) with 32: without it nobody could sign in safely."""


class Ends(StrEnum):
    """When it goes by itself."""

    RETENTION = "retention"
    """Some months after the last launch."""
    ROSTER = "roster"
    """When the platform's list no longer holds the person, or after the same months."""
    SESSION = "session"
    PROOF = "proof"
    """The name with the person; the rest stays, so that the proof can be verified."""
    IDEA = "idea"
    """The tie to the person, and drafts; what was released stays without a name, or goes as well, as was chosen."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a person is told about a kind."""

    basis: Basis
    ends: Ends
    seen_by: Mapping[Audience, Sees]


_SELF, _INSTRUCTOR, _PLATFORM = Audience.SELF, Audience.INSTRUCTOR, Audience.PLATFORM

ACCOUNTS: Mapping[Kind, Account] = {
    Kind.IDENTITY: Account(
        Basis.TASK,
        Ends.RETENTION,
        {_SELF: Sees.ALL, _INSTRUCTOR: Sees.ALL, _PLATFORM: Sees.ORIGIN},
    ),
    Kind.COURSES: Account(Basis.TASK, Ends.RETENTION, {_SELF: Sees.ALL, _INSTRUCTOR: Sees.ALL, _PLATFORM: Sees.ORIGIN}),
    Kind.ROSTERS: Account(Basis.TASK, Ends.ROSTER, {_SELF: Sees.ALL, _INSTRUCTOR: Sees.ALL, _PLATFORM: Sees.ORIGIN}),
    Kind.PROGRESS: Account(
        Basis.TASK,
        Ends.RETENTION,
        {_SELF: Sees.ALL, _INSTRUCTOR: Sees.OPEN_ONLY, Audience.ADMINISTRATOR: Sees.NUMBERS},
    ),
    Kind.ATTEMPTS: Account(Basis.TASK, Ends.RETENTION, {_SELF: Sees.ALL, _INSTRUCTOR: Sees.COUNTING}),
    Kind.ANSWERS: Account(Basis.TASK, Ends.RETENTION, {_SELF: Sees.ALL, _INSTRUCTOR: Sees.IN_PARTS}),
    Kind.FILES: Account(Basis.TASK, Ends.RETENTION, {_SELF: Sees.ALL, _INSTRUCTOR: Sees.NAMELESS}),
    Kind.MARKS: Account(Basis.TASK, Ends.RETENTION, {_SELF: Sees.ALL, _INSTRUCTOR: Sees.NAMELESS}),
    Kind.EXTRA_TIME: Account(Basis.TASK, Ends.RETENTION, {_SELF: Sees.ALL, _INSTRUCTOR: Sees.ALL}),
    Kind.GRADES: Account(
        Basis.TASK, Ends.RETENTION, {_SELF: Sees.ALL, _INSTRUCTOR: Sees.COUNTING, _PLATFORM: Sees.COUNTING}
    ),
    Kind.CREDITS: Account(Basis.TASK, Ends.RETENTION, {_SELF: Sees.ALL, _INSTRUCTOR: Sees.ALL}),
    Kind.ATTENDANCE: Account(Basis.TASK, Ends.RETENTION, {_SELF: Sees.ALL, _INSTRUCTOR: Sees.ALL}),
    Kind.CALENDAR: Account(Basis.CONSENT, Ends.RETENTION, {_SELF: Sees.ALL, Audience.PUBLIC: Sees.DATES_ONLY}),
    Kind.DATES: Account(Basis.TASK, Ends.RETENTION, {_SELF: Sees.ALL, _INSTRUCTOR: Sees.ALL}),
    Kind.SELF_ASSESSMENT: Account(Basis.CONSENT, Ends.RETENTION, {_SELF: Sees.ALL}),
    Kind.PROOFS: Account(Basis.CONSENT, Ends.PROOF, {_SELF: Sees.ALL, Audience.PUBLIC: Sees.CHOSEN}),
    Kind.TRANSCRIPTS: Account(Basis.CONSENT, Ends.RETENTION, {_SELF: Sees.ALL}),
    Kind.IDEAS: Account(
        Basis.CONSENT,
        Ends.IDEA,
        {
            _SELF: Sees.ALL,
            _INSTRUCTOR: Sees.ASKED,
            Audience.OPERATOR: Sees.ASKED,
            Audience.READERS: Sees.CHOSEN,
        },
    ),
    Kind.TEACHING: Account(Basis.TASK, Ends.RETENTION, {_SELF: Sees.ALL}),
    Kind.SESSIONS: Account(Basis.SECURITY, Ends.SESSION, {_SELF: Sees.ALL}),
    Kind.MERGES: Account(Basis.TASK, Ends.RETENTION, {_SELF: Sees.ALL, Audience.OPERATOR: Sees.ALL}),
}


def month_of(moment: datetime) -> datetime:
    """Return the first moment of a month, the most exact that is kept of when somebody was here."""
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def erased_from(seen: datetime, months: int) -> datetime:
    """Return the first month whose nights erase somebody who was last seen in a month."""
    return months_before(seen, -months - 1)


def months_before(moment: datetime, months: int) -> datetime:
    """Return the first moment of the month so many months earlier."""
    years, month = divmod(moment.astimezone(UTC).month - 1 - months, 12)
    start = month_of(moment)
    return start.replace(year=start.year + years, month=month + 1)
