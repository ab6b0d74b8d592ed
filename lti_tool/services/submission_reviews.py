"""The attempt behind a grade, for those who may look at it (Submission Review 1.0)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Counts, Part
from lti_tool.db.models import Attempt, LaunchSession, LtiUser, ResourceLink
from lti_tool.domain.actor import Actor, part_of
from lti_tool.services.attempt_views import AttemptView, QuizOverview, summarise, view_attempt
from lti_tool.services.quiz_versions import QuizVersions


@dataclass(frozen=True, slots=True)
class Submission:
    """Whose work it is, and the attempt that counts; None before the first one was handed in."""

    person_name: str | None
    attempt: AttemptView | None


class SubmissionReviews:
    """What an instructor sees of one learner in one activity: the attempt whose points are the grade, and no other."""

    def __init__(self, session: Session, catalogue: Catalogue) -> None:
        self._session = session
        self._quizzes = QuizVersions(session, catalogue)

    def submission(self, actor: Actor) -> Submission:
        """Return the work that this launch is about; who may ask was decided when the launch came in (A75)."""
        learner = self._session.execute(
            select(LtiUser.id, LtiUser.name)
            .join(
                LaunchSession,
                and_(
                    LaunchSession.registration_id == LtiUser.registration_id,
                    LaunchSession.for_user == LtiUser.subject,
                ),
            )
            .where(
                LaunchSession.registration_id == actor.registration_id,
                LaunchSession.id == actor.launch_id,
            ),
        ).one_or_none()
        if learner is None:
            return Submission(None, None)
        return Submission(learner.name, self._attempt_that_counts(actor, learner.id))

    def _part(self, actor: Actor) -> Part:
        """Which part the activity grades; the launch itself says only that somebody's result is looked at."""
        kind = self._session.scalar(
            select(ResourceLink.kind).where(
                ResourceLink.registration_id == actor.registration_id, ResourceLink.id == actor.resource_link_id
            )
        )
        return part_of(kind or "")

    def _attempt_that_counts(self, actor: Actor, user_id: UUID) -> AttemptView | None:
        submitted = self._session.scalars(
            select(Attempt)
            .where(
                Attempt.registration_id == actor.registration_id,
                Attempt.user_id == user_id,
                Attempt.resource_link_id == actor.resource_link_id,
                Attempt.module_id == actor.module_id,
                Attempt.part == self._part(actor),
                Attempt.submitted_at.is_not(None),
            )
            .order_by(Attempt.number),
        ).all()
        overview = QuizOverview(
            submitted=tuple(summarise(row) for row in submitted),
            counts=Counts(submitted[-1].counts) if submitted else Counts.BEST,
        )
        best = overview.counting or (overview.submitted or (None,))[-1]
        chosen = next((row for row in submitted if best and row.id == best.id), None)
        return view_attempt(self._session, self._quizzes, chosen) if chosen else None
