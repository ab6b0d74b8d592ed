"""What learners leave behind: pages seen, attempts, answers, modules passed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    ForeignKeyConstraint,
    Index,
    Numeric,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.curriculum.model import Counts, Part
from lti_tool.db.base import (
    Base,
    Moment,
    RegistrationId,
    Slug,
    TenantRow,
    tenant_key,
    tenant_reference,
)

Points = Numeric(9, 2)


class ModuleProgress(Base):
    """How far a person is in a module, whichever activity of the registration it was learned through."""

    __tablename__ = "module_progress"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "user_id", "module_id"),
        tenant_reference("lti_user", "user_id"),
    )

    registration_id: Mapped[RegistrationId]
    user_id: Mapped[UUID]
    module_id: Mapped[Slug]
    last_page: Mapped[Slug | None]
    passed_at: Mapped[Moment | None]
    """When the quiz was first passed; never taken back."""
    updated_at: Mapped[Moment]


class PageVisit(Base):
    """A page a person has opened once."""

    __tablename__ = "page_visit"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "user_id", "module_id", "page"),
        tenant_reference("lti_user", "user_id"),
    )

    registration_id: Mapped[RegistrationId]
    user_id: Mapped[UUID]
    module_id: Mapped[Slug]
    page: Mapped[Slug]


class QuizVersion(Base):
    """A quiz as it was when somebody took it; attempts are graded against this, not against today's files."""

    __tablename__ = "quiz_version"

    module_id: Mapped[Slug] = mapped_column(primary_key=True)
    version: Mapped[Slug] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)


class Attempt(TenantRow, Base):
    """One try at a module's quiz or assignment through one activity."""

    __tablename__ = "attempt"
    __table_args__ = tenant_key(
        UniqueConstraint(
            "registration_id", "user_id", "resource_link_id", "module_id", "part", "number", name="uq_attempt_number"
        ),
        Index("ix_attempt_resource_link", "registration_id", "resource_link_id"),
        Index(
            "ix_attempt_needs_marking",
            "registration_id",
            "resource_link_id",
            "submitted_at",
            postgresql_where=text("needs_marking"),
            sqlite_where=text("needs_marking"),
        ),
        Index(
            "ix_attempt_marks_unseen",
            "registration_id",
            "user_id",
            postgresql_where=text("marks_unseen"),
            sqlite_where=text("marks_unseen"),
        ),
        Index(
            "ix_attempt_overdue",
            "deadline_at",
            postgresql_where=text("submitted_at IS NULL"),
            sqlite_where=text("submitted_at IS NULL"),
        ),
        Index(
            "ix_attempt_not_passed",
            *("registration_id", "part", "user_id", "module_id", "points", "maximum"),
            postgresql_where=text("passed IS FALSE AND needs_marking IS FALSE"),
            sqlite_where=text("passed IS 0 AND needs_marking IS 0"),
        ),
        Index(
            "ix_attempt_assignment",
            *("registration_id", "module_id", "user_id", "points", "maximum"),
            postgresql_where=text("part = 'assignment' AND needs_marking IS FALSE"),
            sqlite_where=text("part = 'assignment' AND needs_marking IS 0"),
        ),
        tenant_reference("lti_user", "user_id"),
        tenant_reference("resource_link", "resource_link_id"),
        ForeignKeyConstraint(
            ("module_id", "quiz_version"),
            ("quiz_version.module_id", "quiz_version.version"),
        ),
    )

    user_id: Mapped[UUID]
    resource_link_id: Mapped[UUID]
    module_id: Mapped[Slug]
    part: Mapped[str] = mapped_column(String(20), server_default=Part.QUIZ)
    """A value of `curriculum.model.Part`."""
    quiz_version: Mapped[Slug]
    number: Mapped[int]
    """1, 2, 3 …; the unique constraint lets two tabs start the same attempt only once."""
    started_at: Mapped[Moment]
    deadline_at: Mapped[Moment | None]
    """After this no answer is taken any more; None without a time limit."""
    submitted_at: Mapped[Moment | None]
    points: Mapped[Decimal | None] = mapped_column(Points)
    maximum: Mapped[Decimal | None] = mapped_column(Points)
    passed: Mapped[bool | None]
    sheet: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The grade sheet as JSON (`domain.grading.GradeSheet`); points, maximum and passed are its sums."""
    needs_marking: Mapped[bool] = mapped_column(server_default=false())
    """Handed in, and a person has to mark something before the points are final; nothing is sent until then."""
    marks_unseen: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Marked by a person, and its learner has not looked at the result since."""
    counts: Mapped[str] = mapped_column(String(10), server_default=Counts.BEST)
    """Which attempts of this quiz count, as it said when this one began (`curriculum.questions.Counts`)."""
    seed: Mapped[int | None]
    """What the order of questions and options is drawn from; None for attempts of times without drawing."""
    question_ids: Mapped[list[str] | None] = mapped_column(JSON)
    """The questions of this attempt in the order they are asked; None for all in the order of the quiz."""


class Response(Base):
    """The latest saved answer to one question of an attempt."""

    __tablename__ = "response"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "attempt_id", "question_id"),
        tenant_reference("attempt", "attempt_id"),
    )

    registration_id: Mapped[RegistrationId]
    attempt_id: Mapped[UUID]
    question_id: Mapped[Slug]
    answer: Mapped[list[str]] = mapped_column(JSON)
    """In the form of `domain.answers.Answer`."""
    saved_at: Mapped[Moment]


class ExtraTime(Base):
    """More time for one person in one activity with a time limit, as the instructor gave it."""

    __tablename__ = "extra_time"
    __table_args__ = (
        PrimaryKeyConstraint("registration_id", "resource_link_id", "user_id"),
        tenant_reference("resource_link", "resource_link_id"),
        tenant_reference("lti_user", "user_id"),
    )

    registration_id: Mapped[RegistrationId]
    resource_link_id: Mapped[UUID]
    user_id: Mapped[UUID] = mapped_column(index=True)
    minutes: Mapped[int]
    """Added to the limit of every attempt that begins; open ones get a later `deadline_at` when it is granted."""
    granted_at: Mapped[Moment]
