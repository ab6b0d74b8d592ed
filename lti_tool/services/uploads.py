"""Files handed in as answers: one for each question that asks for one, replaced until the attempt is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue
from lti_tool.curriculum.tasks import Upload
from lti_tool.db.models import Attempt, UploadedFile
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.file_types import BadFile, FileFault, Recognised, recognise, safe_name
from lti_tool.domain.ids import new_id
from lti_tool.services.attempt_views import attempt_quiz
from lti_tool.services.attempts import Attempts
from lti_tool.services.doomed_files import DoomedFiles
from lti_tool.services.ports import Clock, FileStore
from lti_tool.services.quiz_versions import QuizVersions

MIB = 1024 * 1024
_CODES = {
    FileFault.EMPTY: Code.FILE_EMPTY,
    FileFault.TOO_LARGE: Code.FILE_TOO_LARGE,
    FileFault.WRONG_TYPE: Code.FILE_WRONG_TYPE,
    FileFault.DAMAGED: Code.FILE_DAMAGED,
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way out; always saved, never shown."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """A file on its way in; no larger than a form may be."""

    name: str
    data: bytes


class Uploads:
    """Keeps rows in the database and bytes in the store."""

    def __init__(self, session: Session, clock: Clock, catalogue: Catalogue, store: FileStore) -> None:
        self._session = session
        self._clock = clock
        self._attempts = Attempts(session, clock, catalogue)
        self._quizzes = QuizVersions(session, catalogue)
        self._store = store

    def announce(self, actor: Actor, attempt_id: UUID, question_id: str, sent: Sent) -> str:
        """Check a file and note the key to store it under.

        Storing comes after the commit, so that nobody waits for a slow store, and `hand_in` after that.

        Raises:
            Refusal: as for any other answer, and `file.…` for a file that is not taken.
        """
        attempt = self._attempts.open_attempt(actor, attempt_id)
        self._recognised(attempt, question_id, sent.data)
        key = f"{attempt.registration_id}/{new_id().hex}"
        DoomedFiles(self._session, self._clock).announce(key)
        return key

    def hand_in(self, actor: Actor, attempt_id: UUID, question_id: str, sent: Sent, key: str) -> None:
        """Take a stored file as the answer to a question; the one it replaces is noted to be deleted.

        Raises:
            Refusal: as for `announce`, as the attempt may have ended meanwhile.
        """
        attempt = self._attempts.open_attempt(actor, attempt_id)
        found = self._recognised(attempt, question_id, sent.data)
        doomed = DoomedFiles(self._session, self._clock)
        doomed.keep(key)
        row = self._row(attempt, question_id)
        if row is None:
            row = UploadedFile(registration_id=attempt.registration_id, attempt_id=attempt.id, question_id=question_id)
            self._session.add(row)
        else:
            doomed.note([row.key])
        row.id = row.id or new_id()
        row.name, row.media_type = safe_name(sent.name, found), found.media_type
        row.size, row.digest, row.key = len(sent.data), sha256(sent.data).hexdigest(), key
        row.uploaded_at = self._clock()
        self._session.flush()
        self._attempts.keep(attempt, question_id, (str(row.id),))

    def _recognised(self, attempt: Attempt, question_id: str, data: bytes) -> Recognised:
        question = attempt_quiz(self._quizzes, attempt).question(question_id)
        if question is None or not isinstance(question.task, Upload):
            raise Refusal(Code.ATTEMPT_BAD_ANSWER, "no such question that takes a file")
        try:
            return recognise(data, question.task.types, question.task.max_mib * MIB)
        except BadFile as error:
            raise Refusal(_CODES[error.fault], f"{len(data)} bytes") from error

    def own_file(self, actor: Actor, attempt_id: UUID, question_id: str) -> Download:
        """Return what the person handed in.

        Raises:
            Refusal: `not_found`.
        """
        return self.file_of(self._attempts.own(actor, attempt_id), question_id)

    def file_of(self, attempt: Attempt, question_id: str) -> Download:
        """Return what was handed in; who may have it is the caller's to decide.

        Raises:
            Refusal: `not_found`; `files.lost` for one that is not in the store, or not whole.
            OSError: the store is away.
        """
        row = self._row(attempt, question_id)
        if row is None:
            raise Refusal(Code.NOT_FOUND, "no file was handed in")
        try:
            data = self._store.get(row.key)
        except FileNotFoundError as error:
            raise Refusal(Code.FILES_LOST, f"the store has no {row.key}") from error
        if sha256(data).hexdigest() != row.digest:
            raise Refusal(Code.FILES_LOST, f"the store has another {row.key}")
        return Download(row.name, row.media_type, data)

    def _row(self, attempt: Attempt, question_id: str) -> UploadedFile | None:
        return self._session.scalar(
            select(UploadedFile).where(
                UploadedFile.registration_id == attempt.registration_id,
                UploadedFile.attempt_id == attempt.id,
                UploadedFile.question_id == question_id,
            )
        )
