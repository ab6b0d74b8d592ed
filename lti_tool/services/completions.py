"""What a person has reached in each module, as the rules for certificates ask for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sqlalchemy import func, literal, null, select, union_all
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Module, Part
from lti_tool.db.models import Attempt, Attendance
from lti_tool.domain.actor import Actor, Learner
from lti_tool.domain.certification import Completion, Credit, Try, own_dates
from lti_tool.services.module_credits import ModuleCredits
from lti_tool.services.ports import Clock
from lti_tool.services.progress import ModuleStanding, Progress


class Completions:
    """Joins pages read, quizzes passed, assignments marked and live dates attended."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue) -> None:
        self._session = session
        self._clock = clock
        self._catalogue = catalogue

    def of(self, actor: Actor | Learner) -> Mapping[str, Completion]:
        """Return a person's completions by module id, and time in dates of a certification by `own_dates`.

        What was not begun is missing; previews have none.
        """
        standings = Progress(self._session, self._clock).standings(actor)
        tries, live = self._tries(actor)
        credits_of = ModuleCredits(self._session, self._clock).of(actor)
        begun = standings.keys() | {module_id for module_id, _ in tries} | live.keys()
        modules = {
            module_id: replace(
                _completion(module, standings.get(module_id, ModuleStanding()), tries, credits_of.get(module_id)),
                live_minutes=live.get(module_id, 0),
            )
            for module_id, module in self._catalogue.modules.items()
            if module_id in begun
        }
        certifications = map(own_dates, self._catalogue.certifications)
        return modules | {name: Completion(live_minutes=live[name]) for name in certifications if name in live}

    def _tries(self, actor: Actor | Learner) -> tuple[_Tries, Mapping[str, int]]:
        """Return the attempts at each quiz and each assignment that were handed in and marked, and minutes attended."""
        tries: dict[tuple[str, str], list[Try]] = defaultdict(list)
        live: dict[str, int] = {}
        if not actor.keeps_progress:
            return tries, live
        marked = select(
            *(Attempt.module_id, Attempt.part, Attempt.submitted_at),
            *(Attempt.points, Attempt.maximum, Attempt.passed),
        ).where(
            Attempt.registration_id == actor.registration_id,
            Attempt.user_id == actor.user_id,
            Attempt.submitted_at.is_not(None),
            Attempt.needs_marking.is_(False),
            Attempt.maximum > 0,
        )
        rows: Any = self._session.execute(union_all(marked, _attended(actor)))
        for row in rows:
            if row.part == _LIVE:
                live[row.module_id] = int(row.points)
                continue
            share = Fraction(row.points or 0) / Fraction(row.maximum)
            tries[row.module_id, row.part].append(Try(row.submitted_at, share, bool(row.passed)))
        return tries, live


_LIVE = "live"
_Tries = Mapping[tuple[str, str], list[Try]]


def _attended(actor: Actor | Learner) -> Any:
    """Minutes in dates, in the columns of attempts: one question less for each page of a learner."""
    time = (func.sum(Attendance.minutes), literal(1))
    return (
        select(Attendance.about, literal(_LIVE), null(), *time, null())
        .where(
            Attendance.registration_id == actor.registration_id,
            Attendance.user_id == actor.user_id,
            Attendance.minutes > 0,
        )
        .group_by(Attendance.about)
    )


def _completion(module: Module, standing: ModuleStanding, tries: _Tries, credit: Credit | None) -> Completion:
    quiz, assignment = tries.get((module.id, Part.QUIZ), ()), tries.get((module.id, Part.ASSIGNMENT), ())
    return Completion(
        pages_read=sum(page.slug in standing.visited for page in module.required_pages),
        best_share=max((one.share for one in quiz), default=None),
        assignment_share=max((one.share for one in assignment), default=None),
        passed=standing.passed_at is not None,
        credit=credit,
        tries=tuple(quiz),
    )
