"""How proofs go along when two identities of one person are merged, and back again."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db.models import IssuedProof
from lti_tool.services.identity_moves import Pair


def join_proofs(session: Session, pair: Pair) -> list[list[Any]]:
    """Give the proofs of one identity to the other, as later editions; return whose they were.

    Two proofs of the same may then stand side by side: both are true, and both stay verifiable.
    """
    highest: dict[tuple[str, str], int] = defaultdict(int)
    rows = list(session.scalars(select(IssuedProof).where(*_of(pair, pair.stays))))
    for row in rows:
        highest[row.kind, row.subject_id] = max(row.edition, highest[row.kind, row.subject_id])
    was = []
    for row in session.scalars(select(IssuedProof).where(*_of(pair, pair.goes)).order_by(IssuedProof.edition)):
        was.append([str(row.id), row.edition])
        highest[row.kind, row.subject_id] += 1
        row.user_id, row.edition = pair.stays, highest[row.kind, row.subject_id]
    session.flush()  # what is moved next reads the table
    return was


def part_proofs(session: Session, was: list[list[Any]], pair: Pair) -> None:
    """Give proofs back under their old editions."""
    for proof_id, edition in was:
        row = session.get(IssuedProof, (pair.registration_id, UUID(proof_id)))
        if row is not None and row.user_id == pair.stays:
            row.user_id, row.edition = pair.goes, edition
    session.flush()  # what is moved next reads the table


def _of(pair: Pair, user_id: UUID) -> tuple[Any, ...]:
    return (IssuedProof.registration_id == pair.registration_id, IssuedProof.user_id == user_id)
