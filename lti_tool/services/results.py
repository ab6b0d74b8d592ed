"""Writes a graded attempt down: its sheet, the progress, the score's way to the platform, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Part, Quiz
from lti_tool.db.models import Attempt
from lti_tool.domain.answers import Answer
from lti_tool.domain.grading import GradeSheet, grade
from lti_tool.services.corrections import Corrections
from lti_tool.services.ports import Clock
from lti_tool.services.progress import Progress
from lti_tool.services.scores import Scores


class Results:
    """Whoever grades ends here: handing in, marking, grading anew."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def grade(self, attempt: Attempt, quiz: Quiz, answers: Mapping[str, Answer]) -> None:
        """Grade what was handed in, by the quiz as it was and the changes that the course has made to it since."""
        sheet = Corrections(self._session).corrected(attempt, quiz, answers, grade(quiz, answers))
        self.record(attempt, sheet)

    def record(self, attempt: Attempt, sheet: GradeSheet) -> None:
        """Store a sheet of an attempt that was handed in.

        While a person still has to mark something, the sums are those so far, and nothing is passed or sent.
        """
        if attempt.submitted_at is None:
            raise ValueError(f"attempt {attempt.id} is not handed in")
        attempt.sheet = sheet.to_json()
        attempt.points, attempt.maximum = sheet.points, sheet.maximum
        attempt.passed = sheet.passed and not sheet.pending
        attempt.needs_marking = sheet.pending
        self._session.flush()  # what counts is read from the database
        progress = Progress(self._session, self._clock)
        progress.touch(attempt.registration_id, [attempt.user_id], attempt.module_id)
        if sheet.pending:
            return
        if attempt.passed and attempt.part == Part.QUIZ:
            progress.record_pass(attempt.registration_id, attempt.user_id, attempt.module_id, attempt.submitted_at)
        Scores(self._session, self._clock).queue_person(
            attempt.registration_id, attempt.resource_link_id, attempt.user_id
        )
