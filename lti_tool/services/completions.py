"""What a person has reached in each module, as the rules for certificates ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Module, Part
from lti_tool.db.models import Attempt
from lti_tool.domain.actor import Actor, Learner
from lti_tool.domain.certification import Completion, Credit
from lti_tool.services.module_credits import ModuleCredits
from lti_tool.services.ports import Clock
from lti_tool.services.progress import ModuleStanding, Progress


class Completions:
    """Joins pages read, quizzes passed and assignments marked."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue) -> None:
        self._session = session
        self._clock = clock
        self._catalogue = catalogue

    def of(self, actor: Actor | Learner) -> Mapping[str, Completion]:
        """Return a person's completions by module id; modules not begun are missing, previews have none."""
        standings = Progress(self._session, self._clock).standings(actor)
        shares = self._best_shares(actor)
        credits_of = ModuleCredits(self._session, self._clock).of(actor)
        begun = standings.keys() | {module_id for module_id, _ in shares}
        return {
            module_id: _completion(
                module, standings.get(module_id, ModuleStanding()), shares, credits_of.get(module_id)
            )
            for module_id, module in self._catalogue.modules.items()
            if module_id in begun
        }

    def _best_shares(self, actor: Actor | Learner) -> _Shares:
        """Return the best share of the points of each quiz and each assignment that was handed in and marked."""
        shares: dict[tuple[str, str], Fraction] = {}
        if not actor.keeps_progress:
            return shares
        marked = select(Attempt.module_id, Attempt.part, Attempt.points, Attempt.maximum).where(
            Attempt.registration_id == actor.registration_id,
            Attempt.user_id == actor.user_id,
            Attempt.submitted_at.is_not(None),
            Attempt.needs_marking.is_(False),
            Attempt.maximum > 0,
        )
        for module_id, part, points, maximum in self._session.execute(marked):
            share = Fraction(points or 0) / Fraction(maximum or 1)
            shares[module_id, part] = max(share, shares.get((module_id, part), share))
        return shares


_Shares = Mapping[tuple[str, str], Fraction]


def _completion(module: Module, standing: ModuleStanding, shares: _Shares, credit: Credit | None) -> Completion:
    return Completion(
        pages_read=sum(page.slug in standing.visited for page in module.required_pages),
        best_share=shares.get((module.id, Part.QUIZ)),
        assignment_share=shares.get((module.id, Part.ASSIGNMENT)),
        passed=standing.passed_at is not None,
        credit=credit,
    )
