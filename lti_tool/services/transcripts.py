"""Transcripts made here: one that counts for each person, replaced by the next, withdrawn when its holder says so.

Only the row is stored; the file is made from it whenever its holder wants it. The code is not stored at all.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Catalogue, Module
from lti_tool.db.models import IssuedTranscript, Municipality, PresentedTranscript, Registration
from lti_tool.db.upsert import insert_once
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.ids import new_id
from lti_tool.domain.proofs import Competence
from lti_tool.domain.town_time import TOWN_TIME
from lti_tool.domain.transcripts import (
    MOST_MODULES,
    VALID_FOR,
    CodeMark,
    Fault,
    PassedModule,
    Town,
    Transcript,
    TranscriptRefused,
    new_code,
)
from lti_tool.services.module_credits import ModuleCredits
from lti_tool.services.ports import Clock, TranscriptAddresses
from lti_tool.services.progress import Progress
from lti_tool.services.proof_keys import ProofKeys
from lti_tool.services.proofs import STATUS_LIST_SIZE

_TRIES = 20


class Transcripts:
    """Makes and finds transcripts. Anybody else's do not exist here."""

    def __init__(self, session: Session, clock: Clock, secret_key: str, addresses: TranscriptAddresses) -> None:
        self._session = session
        self._clock = clock
        self._secret_key = secret_key
        self._addresses = addresses

    def passed(self, actor: Actor, catalogue: Catalogue) -> tuple[PassedModule, ...]:
        """Return what a transcript of today would hold: the modules that count for this person."""
        standings = Progress(self._session, self._clock).standings(actor)
        origins = ModuleCredits(self._session, self._clock).of(actor)
        here = self._town(actor.registration_id).name
        passes = (
            (module, standings[name].passed_at) for name, module in catalogue.modules.items() if name in standings
        )
        return tuple(
            PassedModule(
                id=module.id,
                title=module.title,
                version=module.version,
                minutes=module.minutes,
                passed_on=passed_at.astimezone(TOWN_TIME).date(),
                town=(origins[module.id].origin if module.id in origins else "") or here,
                competences=_competences(module, catalogue),
            )
            for module, passed_at in passes
            if passed_at is not None
        )[:MOST_MODULES]

    def issue(self, actor: Actor, modules: tuple[PassedModule, ...]) -> str:
        """Make a transcript that replaces the earlier one; return its code, which nobody can find out again.

        Raises:
            Refusal: `role.forbidden` for a preview, `proof.not_earned` without any module.
        """
        if not actor.keeps_progress or actor.user_id is None:
            raise Refusal(Code.ROLE_FORBIDDEN, "previews earn nothing")
        if not modules:
            raise Refusal(Code.PROOF_NOT_EARNED, "no module passed")
        self.withdraw(actor)
        code = new_code()
        mark, now = CodeMark.of(code), self._clock().replace(microsecond=0)
        row = {
            "registration_id": actor.registration_id,
            "id": new_id(),
            "public_id": uuid4().urn,
            "user_id": actor.user_id,
            "town_name": self._town(actor.registration_id).name,
            "contents": [module.to_json() for module in modules],
            "code_salt": mark.salt,
            "code_digest": mark.digest,
            "issued_at": now,
            "valid_until": now + VALID_FOR,
            "status_list": self._list_number(),
            "key_id": ProofKeys(self._session, self._clock, self._secret_key).current().kid,
        }
        for _ in range(_TRIES):  # a random place in a list is free at least every other time
            if insert_once(self._session, IssuedTranscript, {**row, "status_index": _random_place()}):
                return code
        raise Refusal(Code.TEMPORARILY_UNAVAILABLE, "no free place in the list of revocations", retry_after=1)

    def standing(self, actor: Actor) -> tuple[Transcript, str] | None:
        """Return the transcript of this person that counts today, and the id of its key; None if there is none."""
        if not actor.keeps_progress:
            return None
        row = self._session.scalars(
            select(IssuedTranscript)
            .where(
                IssuedTranscript.registration_id == actor.registration_id,
                IssuedTranscript.user_id == actor.user_id,
                IssuedTranscript.revoked_at.is_(None),
                IssuedTranscript.valid_until > self._clock(),
            )
            .order_by(IssuedTranscript.id.desc())
            .limit(1)
        ).first()
        return (self._transcript(row), row.key_id) if row else None

    def withdraw(self, actor: Actor) -> None:
        """Take back whatever this person was given.

        What it made count elsewhere stays; in a town of this tool that has not decided yet, it counts no more.
        """
        revoked = self._session.scalars(
            update(IssuedTranscript)
            .where(
                IssuedTranscript.registration_id == actor.registration_id,
                IssuedTranscript.user_id == actor.user_id,
                IssuedTranscript.revoked_at.is_(None),
            )
            .values(revoked_at=self._clock())
            .returning(IssuedTranscript.public_id)
            .execution_options(synchronize_session=False)
        ).all()
        self._session.execute(
            update(PresentedTranscript)
            .where(
                PresentedTranscript.claim.in_([f"{self._addresses.did} {public_id}" for public_id in revoked]),
                PresentedTranscript.recognised_at.is_(None),
            )
            .values(fault=Fault.REVOKED.value)
            .execution_options(synchronize_session=False)
        )

    def check_own(self, transcript: Transcript, registration_id: int) -> None:
        """Make sure that a transcript of this very tool counts on another platform.

        Raises:
            TranscriptRefused: `made_here`, `revoked`.
        """
        row = self._session.scalar(select(IssuedTranscript).where(IssuedTranscript.public_id == transcript.id))
        if row is not None and row.registration_id == registration_id:
            raise TranscriptRefused(Fault.MADE_HERE)
        if row is not None and row.revoked_at is not None:
            raise TranscriptRefused(Fault.REVOKED)

    def _list_number(self) -> int:
        in_all = self._session.scalar(select(func.count()).select_from(IssuedTranscript)) or 0
        return in_all // (STATUS_LIST_SIZE // 2) + 1

    def _town(self, registration_id: int) -> Town:
        row = self._session.execute(
            select(Municipality.id, Municipality.name).join(Registration).where(Registration.id == registration_id)
        ).one()
        mark = hmac.new(self._secret_key.encode(), f"town {row.id}".encode(), "sha256").digest()
        return Town(UUID(bytes=mark[:16], version=4).urn, row.name)

    def _transcript(self, row: IssuedTranscript) -> Transcript:
        return Transcript(
            id=row.public_id,
            issuer=self._addresses.did,
            town=Town(self._town(row.registration_id).id, row.town_name),
            modules=tuple(map(PassedModule.from_json, row.contents)),
            code=CodeMark(row.code_salt, row.code_digest),
            issued_at=row.issued_at,
            valid_until=row.valid_until,
            status_list=self._addresses.list_address(row.status_list),
            status_index=row.status_index,
        )


class RevokedTranscripts:
    """What anybody may know of the transcripts made here: which places of a list are revoked."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def places(self, status_list: int) -> Sequence[int]:
        """Return the places of revoked transcripts in a list."""
        return self._session.scalars(
            select(IssuedTranscript.status_index)
            .where(IssuedTranscript.status_list == status_list, IssuedTranscript.revoked_at.is_not(None))
            .order_by(IssuedTranscript.status_index)
        ).all()

    def newest_list(self) -> int:
        """Return the number of the newest list, 0 before the first transcript."""
        return self._session.scalar(select(func.max(IssuedTranscript.status_list))) or 0

    def is_revoked(self, public_id: str) -> bool | None:
        """Tell whether a transcript was revoked; None for one that is not known."""
        row = self._session.execute(
            select(IssuedTranscript.revoked_at).where(IssuedTranscript.public_id == public_id)
        ).first()
        return row.revoked_at is not None if row else None


def _random_place() -> int:
    return secrets.randbelow(STATUS_LIST_SIZE)  # random, so that the order tells nothing


def _competences(module: Module, catalogue: Catalogue) -> tuple[Competence, ...]:
    return tuple(
        Competence(tag, catalogue.competences.get(tag, tag), level) for tag, level in sorted(module.competences.items())
    )
