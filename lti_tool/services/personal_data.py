"""Which rows are somebody's: every table that holds a person, declared once. Export and erasure follow this list.

`tests/unit/test_personal_data.py` walks all tables and fails for one that is neither here nor known to hold nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from lti_tool.db.base import Base
from lti_tool.db.models import (
    Attempt,
    Attendance,
    AttendanceEntry,
    CalendarFeed,
    DateChange,
    ExtraTime,
    Handover,
    Idea,
    IdeaPicture,
    IdeaStep,
    IdeaVersion,
    IdentityMerge,
    IssuedProof,
    IssuedTranscript,
    KeptSelfAssessment,
    LaunchSession,
    LtiUser,
    Membership,
    ModuleCredit,
    ModuleProgress,
    PageVisit,
    PresentedTranscript,
    PublishedIdea,
    RegradedAttempt,
    Response,
    Review,
    RosterMember,
    ScoreDelivery,
    SignUp,
    UploadedFile,
)
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.idea_cards import Signed
from lti_tool.domain.privacy import Kind

Row = dict[str, Any]


class Leads(StrEnum):
    """How a column leads to a person."""

    USER = "user"
    SUBJECT = "subject"
    """By the platform's id (`sub`)."""
    ATTEMPT = "attempt"
    LAUNCH = "launch"
    IDEA = "idea"
    """By the card they wrote."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A column that leads from a table to a person.

    Attributes:
        unnames: what is written instead when the person is erased; empty if the row is deleted.
        counted: whether a row of it is an entry in a person's eyes; a part of another one is not.
        withheld: columns that an export leaves out: secrets, and what is about somebody else.
    """

    kind: Kind
    model: type[Base]
    column: str
    leads: Leads = Leads.USER
    unnames: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    withheld: frozenset[str] = frozenset()
    counted: bool = True

    @property
    def table(self) -> str:
        return str(self.model.__tablename__)


_NO_NAME = {"user_id": None, "holder_name": None, "name_public": False, "name_mark": ""}
_NOTHING_IN_IT: Mapping[str, Any] = {"user_id": None, "contents": [], "code_salt": "", "code_digest": ""}
"""The holder's file goes on being good; this row is left for the list of what is revoked."""
_NO_AUTHOR: Mapping[str, Any] = {"signed": Signed.TOWN.value, "author_line": ""}
"""A released card stays for those who copied it; `services/idea_erasure.py` takes away what goes."""

_STAYS_ON: Mapping[str, Any] = {"until_number": None}
"""Pictures go and stay with their card; no newer version without them is left."""

_SEARCHED = frozenset({"search_number", "search_title", "search_words", "search_tags", "search_rules"})
"""The same words once more."""

HOLDINGS: tuple[Holding, ...] = (
    Holding(
        Kind.SESSIONS,
        Handover,
        "launch_id",
        Leads.LAUNCH,
        withheld=frozenset({"code_hash", "storage_proof"}),
        counted=False,
    ),
    Holding(Kind.SESSIONS, LaunchSession, "user_id", withheld=frozenset({"secret_hash", "for_user"})),
    Holding(
        Kind.SESSIONS,
        LaunchSession,
        "for_user",
        Leads.SUBJECT,
        withheld=frozenset({"id", "user_id", "secret_hash", "parts", "locale", "return_url"}),
    ),
    Holding(Kind.ATTEMPTS, RegradedAttempt, "attempt_id", Leads.ATTEMPT, counted=False),
    Holding(Kind.MARKS, Review, "attempt_id", Leads.ATTEMPT, withheld=frozenset({"marker_id"})),
    Holding(Kind.TEACHING, Review, "marker_id", unnames={"marker_id": None}, withheld=frozenset({"attempt_id"})),
    Holding(Kind.FILES, UploadedFile, "attempt_id", Leads.ATTEMPT, withheld=frozenset({"key"})),
    Holding(Kind.ANSWERS, Response, "attempt_id", Leads.ATTEMPT),
    Holding(Kind.ATTEMPTS, Attempt, "user_id"),
    Holding(Kind.GRADES, ScoreDelivery, "user_id", withheld=frozenset({"lease"})),
    Holding(Kind.EXTRA_TIME, ExtraTime, "user_id"),
    Holding(Kind.PROGRESS, PageVisit, "user_id"),
    Holding(Kind.PROGRESS, ModuleProgress, "user_id"),
    Holding(Kind.CREDITS, ModuleCredit, "user_id", withheld=frozenset({"decided_by"})),
    Holding(
        Kind.TEACHING,
        ModuleCredit,
        "decided_by",
        unnames={"decided_by": None},
        withheld=frozenset({"user_id", "reason"}),
    ),
    Holding(Kind.ATTENDANCE, Attendance, "user_id"),
    Holding(Kind.ATTENDANCE, AttendanceEntry, "user_id", withheld=frozenset({"decided_by"}), counted=False),
    Holding(
        Kind.TEACHING,
        AttendanceEntry,
        "decided_by",
        unnames={"decided_by": None},
        withheld=frozenset({"user_id", "reason"}),
    ),
    Holding(Kind.CALENDAR, CalendarFeed, "user_id", withheld=frozenset({"token_hash"})),
    Holding(Kind.DATES, SignUp, "user_id"),
    Holding(Kind.TEACHING, DateChange, "user_id", unnames={"user_id": None}),
    Holding(Kind.SELF_ASSESSMENT, KeptSelfAssessment, "user_id"),
    Holding(Kind.PROOFS, IssuedProof, "user_id", unnames=_NO_NAME, withheld=frozenset({"name_mark"})),
    Holding(
        Kind.TRANSCRIPTS,
        IssuedTranscript,
        "user_id",
        unnames=_NOTHING_IN_IT,
        withheld=frozenset({"code_salt", "code_digest"}),
    ),
    Holding(Kind.TRANSCRIPTS, PresentedTranscript, "user_id", withheld=frozenset({"token"})),
    Holding(Kind.MERGES, IdentityMerge, "from_user_id", withheld=frozenset({"to_user_id", "moved"})),
    Holding(Kind.MERGES, IdentityMerge, "to_user_id", withheld=frozenset({"from_user_id", "moved"})),
    Holding(Kind.IDEAS, PublishedIdea, "id", Leads.IDEA, unnames=_NO_AUTHOR, withheld=_SEARCHED, counted=False),
    Holding(
        Kind.IDEAS, IdeaPicture, "idea_id", Leads.IDEA, unnames=_STAYS_ON, withheld=frozenset({"key"}), counted=False
    ),
    Holding(Kind.IDEAS, IdeaVersion, "idea_id", Leads.IDEA, unnames=_NO_AUTHOR, counted=False),
    Holding(Kind.IDEAS, IdeaStep, "idea_id", Leads.IDEA, withheld=frozenset({"decided_by"}), counted=False),
    Holding(Kind.IDEAS, Idea, "author_id", unnames={"author_id": None, "attempt_id": None}),
    Holding(
        Kind.TEACHING,
        IdeaStep,
        "decided_by",
        unnames={"decided_by": None},
        withheld=frozenset({"idea_id"}),
    ),
    Holding(Kind.COURSES, Membership, "user_id"),
    Holding(Kind.ROSTERS, RosterMember, "subject", Leads.SUBJECT),
    Holding(Kind.IDENTITY, LtiUser, "id"),
)
"""In an order in which they can be deleted: what refers to a row comes before it."""

HOLD_NOBODY = frozenset(
    {
        *("audit_entry", "audit_link", "refused_launch", "kept_statistic", "doomed_file"),
        *("municipality", "registration", "deployment", "invitation", "notice_handler", "notice"),
        *("platform_sighting", "platform_change"),
        *("context", "resource_link", "line_item", "result_reading", "roster", "deep_linking", "regrade"),
        *("burnt_state", "quiz_version", "operator_link", "operator_session", "tool_key", "proof_key"),
        *("transcript_issuer", "worker_beat", "restoration", "live_date", "idea_adoption", "idea_report"),
    }
)
"""Tables without people: towns, platforms, courses, activities, content, keys, and codes of refusals."""


@dataclass(frozen=True, slots=True)
class People:
    """One person with all identities that are known to be theirs, or several people of one registration."""

    registration_id: int
    user_ids: tuple[UUID, ...]
    subjects: tuple[str, ...]


class PersonalData:
    """Reads what is held."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_subject(self, registration_id: int, subject: str) -> People:
        """Return a person by the platform's id, also one who stands only in a roster.

        Raises:
            Refusal: `identity.unknown` if nothing is held of such a person.
        """
        found = self._session.scalar(
            select(LtiUser.id).where(LtiUser.registration_id == registration_id, LtiUser.subject == subject)
        )
        if found is not None:
            return self.by_user(registration_id, found)
        people = People(registration_id, (), (subject,))
        if not any(self.counts(people).values()):
            raise Refusal(Code.IDENTITY_UNKNOWN)
        return people

    def by_user(self, registration_id: int, user_id: UUID) -> People:
        """Return a person with the identities that were merged with theirs and still are."""
        merges = self._session.execute(
            select(IdentityMerge.from_user_id, IdentityMerge.to_user_id).where(
                IdentityMerge.registration_id == registration_id, IdentityMerge.undone_at.is_(None)
            )
        ).all()
        user_ids = {user_id}
        while more := {one for pair in merges if user_ids & set(pair) for one in pair} - user_ids:
            user_ids |= more
        here = LtiUser.registration_id == registration_id
        rows = self._session.execute(select(LtiUser.id, LtiUser.subject).where(here, LtiUser.id.in_(user_ids))).all()
        return People(registration_id, tuple(row.id for row in rows), tuple(row.subject for row in rows))

    def counts(self, people: People) -> Mapping[Kind, int]:
        """Return how many rows are held of each kind."""
        counts = dict.fromkeys(Kind, 0)
        for holding in (one for one in HOLDINGS if one.counted):
            query = select(func.count()).select_from(holding.model).where(rows_of(holding, people))
            counts[holding.kind] += self._session.scalar(query) or 0
        return counts

    def rows(self, people: People) -> Iterator[tuple[Holding, list[Row]]]:
        """Yield everything that is held, as plain JSON values."""
        for holding in HOLDINGS:
            columns = [column for column in holding.model.__table__.c if column.name not in holding.withheld]
            query = select(*columns).where(rows_of(holding, people)).order_by(*holding.model.__table__.primary_key)
            names = [column.name for column in columns]
            found = [dict(zip(names, map(_plain, row), strict=True)) for row in self._session.execute(query)]
            if found:
                yield holding, found

    def pictures(self, people: People) -> list[IdeaPicture]:
        """Return the pictures on their cards."""
        holding = next(one for one in HOLDINGS if one.model is IdeaPicture)
        return list(self._session.scalars(select(IdeaPicture).where(rows_of(holding, people))))

    def files(self, people: People) -> list[UploadedFile]:
        """Return what was handed in as files."""
        holding = next(one for one in HOLDINGS if one.kind is Kind.FILES)
        return list(self._session.scalars(select(UploadedFile).where(rows_of(holding, people))))


def rows_of(holding: Holding, people: People) -> ColumnElement[bool]:
    """Return the condition for the rows of a table that belong to people."""
    columns = holding.model.__table__.c
    of_users = people.user_ids
    values: Any
    if holding.leads is Leads.ATTEMPT:
        values = select(Attempt.id).where(_tenant(Attempt, people), Attempt.user_id.in_(of_users))
    elif holding.leads is Leads.LAUNCH:
        about = or_(LaunchSession.user_id.in_(of_users), LaunchSession.for_user.in_(people.subjects))
        values = select(LaunchSession.id).where(_tenant(LaunchSession, people), about)
    elif holding.leads is Leads.IDEA:
        values = select(Idea.id).where(_tenant(Idea, people), Idea.author_id.in_(of_users))
    else:
        values = of_users if holding.leads is Leads.USER else people.subjects
    return and_(_tenant(holding.model, people), columns[holding.column].in_(values))


def _tenant(model: type[Base], people: People) -> ColumnElement[bool]:
    column: ColumnElement[int] = model.__table__.c.registration_id
    return column == people.registration_id


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value
