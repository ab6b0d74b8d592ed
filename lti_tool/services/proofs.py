"""Proofs of learning: issued once however often they are asked for, replaced under a new name, revoked for a reason.

Only the row is stored. PDF and badge are made from it whenever somebody wants them, and come out the same each time.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lti_tool.db.models import IssuedProof
from lti_tool.db.upsert import insert_once
from lti_tool.domain.actor import Actor, Learner
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.ids import new_id
from lti_tool.domain.proofs import REPLACED, WITHDRAWN, Proof, ProofFacts, ProofState
from lti_tool.domain.renewal import months_later
from lti_tool.services.ports import Clock
from lti_tool.services.proof_keys import ProofKeys

STATUS_LIST_SIZE = 131_072
"""Entries of one list of revocations (Bitstring Status List 1.0, 2.1: at least so many, so that one hides in it)."""

_TRIES = 20
"""A random place in a list is free at least every other time."""


class Proofs:
    """Issues and finds proofs. Anybody else's do not exist here (`not_found`)."""

    def __init__(self, session: Session, clock: Clock, secret_key: str) -> None:
        self._session = session
        self._clock = clock
        self._secret_key = secret_key

    def of_person(self, actor: Actor | Learner) -> list[Proof]:
        """Return a person's proofs, newest first, those that were revoked too."""
        if actor.user_id is None:
            return []
        rows = self._session.scalars(
            select(IssuedProof)
            .where(IssuedProof.registration_id == actor.registration_id, IssuedProof.user_id == actor.user_id)
            .order_by(IssuedProof.issued_at.desc(), IssuedProof.id.desc())
        )
        return [_proof(row) for row in rows]

    def own(self, actor: Actor, public_id: str) -> Proof:
        """Return one proof of this person.

        Raises:
            Refusal: `not_found`.
        """
        return _proof(self._own(actor, public_id))

    def issue(
        self, actor: Actor | Learner, facts: ProofFacts, name: str, *, keep_name: bool, name_public: bool
    ) -> Proof:
        """Issue a proof that was earned, or return the one that is there; two clicks at once get the same one.

        Args:
            actor: the holder.
            facts: what it says; whoever calls has made sure that it is true.
            name: as `domain.proofs.readable_name` returns it.
            keep_name: store the name, so that the PDF can be fetched again without typing it.
            name_public: show the name on the page for verification; needs `keep_name`.

        Raises:
            Refusal: `role.forbidden` for a preview.
        """
        return self._issue(actor, facts, name, 0, keep_name=keep_name, name_public=name_public)

    def renew(
        self, actor: Actor, public_id: str, facts: ProofFacts, name: str, *, keep_name: bool, name_public: bool
    ) -> Proof:
        """Issue the edition that follows a proof which ends, or return it; the earlier one stays what it is."""
        edition = self._own(actor, public_id).edition
        return self._issue(actor, facts, name, edition, keep_name=keep_name, name_public=name_public)

    def replace(
        self, actor: Actor, public_id: str, facts: ProofFacts, name: str, *, keep_name: bool, name_public: bool
    ) -> Proof:
        """Issue a proof anew, under another name; the earlier one is revoked and says so. It ends when that did.

        Raises:
            Refusal: `proof.not_valid` unless it is the latest edition and counts.
        """
        row, latest = self._own(actor, public_id), self._latest(actor, facts)
        replaced_before = row.revoked_reason == REPLACED  # the second of two clicks
        if latest is None or not (latest is row or replaced_before) or not self._counts(latest):
            raise Refusal(Code.PROOF_NOT_VALID)
        self._revoke(row, REPLACED)
        return self.issue(actor, facts, name, keep_name=keep_name, name_public=name_public)

    def withdraw(self, actor: Actor, public_id: str) -> None:
        """Let the holder take a proof back; it can be issued again."""
        self._revoke(self._own(actor, public_id), WITHDRAWN)

    def revoke(self, public_id: str, reason: str) -> Proof:
        """Revoke a proof for a reason that everybody may read.

        Raises:
            Refusal: `not_found`.
        """
        row = self._session.scalar(select(IssuedProof).where(IssuedProof.public_id == public_id))
        if row is None:
            raise Refusal(Code.NOT_FOUND, "no such proof")
        self._revoke(row, reason)
        return _proof(row)

    def check_name(self, proof: Proof, name: str) -> None:
        """Make sure a proof was issued to this name, also where the name itself was not kept.

        Raises:
            Refusal: `proof.other_name`.
        """
        mark = self._session.scalar(select(IssuedProof.name_mark).where(IssuedProof.public_id == proof.id))
        if not hmac.compare_digest(mark or "", self._name_mark(proof.id, name)):
            raise Refusal(Code.PROOF_OTHER_NAME)

    def key_id(self, proof: Proof) -> str:
        """Return the id of the key that signed a proof."""
        return self._session.scalars(select(IssuedProof.key_id).where(IssuedProof.public_id == proof.id)).one()

    def _issue(
        self, actor: Actor | Learner, facts: ProofFacts, name: str, after: int, *, keep_name: bool, name_public: bool
    ) -> Proof:
        """Issue a proof, or return the one that stands, if its edition is later than `after`."""
        if not actor.keeps_progress or actor.user_id is None:
            raise Refusal(Code.ROLE_FORBIDDEN, "previews earn nothing")
        for _ in range(_TRIES):
            latest = self._latest(actor, facts)
            if latest and latest.edition > after and self._counts(latest):
                return _proof(latest)
            self._insert(actor, latest, facts, name, keep_name=keep_name, name_public=name_public)
        raise Refusal(Code.TEMPORARILY_UNAVAILABLE, "no free place in the list of revocations", retry_after=1)

    def _insert(
        self,
        actor: Actor | Learner,
        latest: IssuedProof | None,
        facts: ProofFacts,
        name: str,
        *,
        keep_name: bool,
        name_public: bool,
    ) -> None:
        public_id = secrets.token_urlsafe(16)
        now = self._clock().replace(microsecond=0)  # signed claims and PDF dates know no fractions
        row = {
            "registration_id": actor.registration_id,
            "id": new_id(),
            "public_id": public_id,
            "user_id": actor.user_id,
            "kind": facts.kind.value,
            "subject_id": facts.subject_id,
            "edition": latest.edition + 1 if latest else 1,
            "facts": facts.to_json(),
            "recipient": f"urn:uuid:{uuid4()}",
            "name_mark": self._name_mark(public_id, name),
            "holder_name": name if keep_name else None,
            "name_public": keep_name and name_public,
            "issued_at": now,
            "valid_until": _end(latest, facts, now),
            "status_list": self._list_number(),
            "status_index": secrets.randbelow(STATUS_LIST_SIZE),  # random, so that the order tells nothing
            "key_id": ProofKeys(self._session, self._clock, self._secret_key).current().kid,
        }
        insert_once(self._session, IssuedProof, row)

    def _counts(self, row: IssuedProof) -> bool:
        return _proof(row).state(self._clock()) is ProofState.VALID

    def _latest(self, actor: Actor | Learner, facts: ProofFacts) -> IssuedProof | None:
        latest = select(IssuedProof).where(*self._same(actor, facts)).order_by(IssuedProof.edition.desc()).limit(1)
        return self._session.scalars(latest).first()

    def _same(self, actor: Actor | Learner, facts: ProofFacts) -> tuple[ColumnElement[bool], ...]:
        return (
            IssuedProof.registration_id == actor.registration_id,
            IssuedProof.user_id == actor.user_id,
            IssuedProof.kind == facts.kind.value,
            IssuedProof.subject_id == facts.subject_id,
        )

    def _list_number(self) -> int:
        """Return the number of the list in use: the next one begins when half of the places are taken."""
        in_all = self._session.scalar(select(func.count()).select_from(IssuedProof)) or 0
        return in_all // (STATUS_LIST_SIZE // 2) + 1

    def _own(self, actor: Actor, public_id: str) -> IssuedProof:
        row = self._session.scalar(
            select(IssuedProof).where(
                IssuedProof.public_id == public_id,
                IssuedProof.registration_id == actor.registration_id,
                IssuedProof.user_id == actor.user_id,
            )
        )
        if row is None or not actor.keeps_progress:
            raise Refusal(Code.NOT_FOUND, "no such proof of this person")
        return row

    def _revoke(self, row: IssuedProof, reason: str) -> None:
        if row.revoked_at is None:
            row.revoked_at, row.revoked_reason = self._clock(), reason
            self._session.flush()  # what follows asks the table which edition stands

    def _name_mark(self, public_id: str, name: str) -> str:
        return hmac.new(self._secret_key.encode(), f"name on proof {public_id}\0{name}".encode(), "sha256").hexdigest()


class PublicProofs:
    """What anybody may know of a proof whose address they hold."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, public_id: str) -> Proof | None:
        """Return a proof; without the name unless the holder wants it seen."""
        row = self._session.scalar(select(IssuedProof).where(IssuedProof.public_id == public_id))
        return _proof(row, for_everybody=True) if row else None

    def revoked(self, status_list: int) -> Sequence[int]:
        """Return the places of revoked proofs in a list."""
        return self._session.scalars(
            select(IssuedProof.status_index)
            .where(IssuedProof.status_list == status_list, IssuedProof.revoked_at.is_not(None))
            .order_by(IssuedProof.status_index)
        ).all()

    def newest_list(self) -> int:
        """Return the number of the newest list, 0 before the first proof."""
        return self._session.scalar(select(func.max(IssuedProof.status_list))) or 0


def _proof(row: IssuedProof, *, for_everybody: bool = False) -> Proof:
    return Proof(
        id=row.public_id,
        facts=ProofFacts.from_json(row.facts),
        recipient=row.recipient,
        issued_at=row.issued_at,
        valid_until=row.valid_until,
        status_list=row.status_list,
        status_index=row.status_index,
        holder_name=row.holder_name if row.name_public or not for_everybody else None,
        name_public=row.name_public,
        revoked_at=row.revoked_at,
        revoked_reason=row.revoked_reason,
    )


def _end(latest: IssuedProof | None, facts: ProofFacts, now: datetime) -> datetime | None:
    """When a proof ends: one that was taken back or replaced lends its end to what follows, nobody gains by that."""
    if facts.validity_months is None:
        return None
    if latest and latest.revoked_reason in {REPLACED, WITHDRAWN} and latest.valid_until and latest.valid_until > now:
        return latest.valid_until
    return months_later(now, facts.validity_months)
