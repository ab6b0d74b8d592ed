"""A Transferaufgabe becomes a draft with one click; pictures that were handed in with it can be taken along."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Part
from lti_tool.curriculum.tasks import Upload
from lti_tool.db.models import Idea, LtiUser
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.idea_cards import LONGEST_TEXT, LONGEST_TITLE, MOST_COMPETENCES, Card
from lti_tool.services.attempt_views import AttemptView, FileView
from lti_tool.services.attempts import Attempts
from lti_tool.services.ideas import Ideas
from lti_tool.services.ports import Clock


class IdeaDrafts:
    """Of the person's own attempts only."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue) -> None:
        self._session = session
        self._catalogue = catalogue
        self._attempts = Attempts(session, clock, catalogue)
        self._ideas = Ideas(session, clock)

    def from_attempt(self, actor: Actor, attempt_id: UUID) -> UUID:
        """Return the draft of an assignment that was handed in; a second time, the same one.

        Raises:
            Refusal: `not_found` for somebody else's attempt, a quiz, or one that is still open.
        """
        view = self._attempts.view(actor, attempt_id)
        if view.part is not Part.ASSIGNMENT or view.submitted_at is None:
            raise Refusal(Code.NOT_FOUND, "not an assignment that was handed in")
        self._wait_for_other_clicks(actor)
        made = select(Idea.id).where(
            Idea.registration_id == actor.registration_id,
            Idea.author_id == actor.user_id,
            Idea.attempt_id == attempt_id,
        )
        return self._session.scalar(made) or self._ideas.start(actor, self._card(view), attempt_id)

    def pictures(self, actor: Actor, idea_id: UUID) -> Mapping[str, FileView]:
        """Return the pictures that were handed in with the assignment a card was made from, by question.

        Raises:
            Refusal: `not_found` for somebody else's card.
        """
        attempt_id = self._ideas.own(actor, idea_id).attempt_id
        if attempt_id is None:
            return {}
        try:
            view = self._attempts.view(actor, attempt_id)
        except Refusal as refusal:
            if refusal.code is not Code.NOT_FOUND:
                raise
            return {}  # the attempt has been erased since
        return {question: file for question, file in view.files.items() if file.media_type.startswith("image/")}

    def _wait_for_other_clicks(self, actor: Actor) -> None:
        """Hold the person until the end of the transaction, so that two clicks at once see each other's draft."""
        person = select(LtiUser.id).where(LtiUser.registration_id == actor.registration_id, LtiUser.id == actor.user_id)
        self._session.execute(person.with_for_update(key_share=True)).all()

    def _card(self, view: AttemptView) -> Card:
        module = self._catalogue.module(view.module_id)
        text = "\n\n".join(_texts(view))
        return Card(
            title=(view.quiz.title or (module.title if module else ""))[:LONGEST_TITLE],
            solution=text[:LONGEST_TEXT],
            competences=tuple(module.competences)[:MOST_COMPETENCES] if module else (),
        )


def _texts(view: AttemptView) -> list[str]:
    """What the person wrote; choices and files are no text."""
    written = (
        view.answers.get(question.id, ())
        for question in view.quiz.questions
        if question.marked_by_a_person and not isinstance(question.task, Upload)
    )
    return [text for answer in written for part in answer if (text := part.replace("\r\n", "\n").strip())]
