"""What a person has reached in each module, as the rules for certificates ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Module, Part
from lti_tool.db.models import Attempt
from lti_tool.domain.actor import Actor
from lti_tool.domain.certification import Completion
from lti_tool.services.ports import Clock
from lti_tool.services.progress import ModuleStanding, Progress


class Completions:
    """Joins pages read, quizzes passed and assignments marked."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue) -> None:
        self._session = session
        self._clock = clock
        self._catalogue = catalogue

    def of(self, actor: Actor) -> Mapping[str, Completion]:
        """Return a person's completions by module id; modules not begun are missing, previews have none."""
        standings = Progress(self._session, self._clock).standings(actor)
        shares = self._assignment_shares(actor)
        return {
            module_id: _completion(module, standings.get(module_id, ModuleStanding()), shares.get(module_id))
            for module_id, module in self._catalogue.modules.items()
            if module_id in standings or module_id in shares
        }

    def _assignment_shares(self, actor: Actor) -> Mapping[str, Fraction]:
        """Return the best share of the points of each assignment that was marked."""
        shares: dict[str, Fraction] = {}
        if not actor.keeps_progress:
            return shares
        marked = select(Attempt.module_id, Attempt.points, Attempt.maximum).where(
            Attempt.registration_id == actor.registration_id,
            Attempt.user_id == actor.user_id,
            Attempt.part == Part.ASSIGNMENT,
            Attempt.submitted_at.is_not(None),
            Attempt.needs_marking.is_(False),
            Attempt.maximum > 0,
        )
        for module_id, points, maximum in self._session.execute(marked):
            share = Fraction(points or 0) / Fraction(maximum or 1)
            shares[module_id] = max(share, shares.get(module_id, share))
        return shares


def _completion(module: Module, standing: ModuleStanding, assignment_share: Fraction | None) -> Completion:
    """A pass of the quiz is never taken back, so it counts in full; which attempt it was does not matter here."""
    return Completion(
        pages_read=sum(page.slug in standing.visited for page in module.required_pages),
        best_share=Fraction(1) if standing.passed_at else None,
        assignment_share=assignment_share,
    )
