"""A certificate that ends: when it can be renewed, by which modules, and what counts as having refreshed them."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from lti_tool.curriculum.model import Catalogue, Certification
from lti_tool.domain.certification import Completion, route
from lti_tool.domain.proofs import REPLACED, WITHDRAWN, Proof, ProofFacts, ProofKind, certificate_facts


class RenewalState(StrEnum):
    """Where a certificate stands between its issue and its end."""

    NOT_YET = "not_yet"
    DUE = "due"
    """It still counts, and can be renewed."""
    OVER = "over"
    """It has ended."""


@dataclass(frozen=True, slots=True)
class Refresher:
    """A module to pass again, and whether that was done since the certificate was issued."""

    module_id: str
    title: str
    language: str
    done: bool


@dataclass(frozen=True, slots=True)
class Renewal:
    """How a person renews a certificate that ends.

    Attributes:
        proof: the certificate, the latest edition of it.
        ends_at: its last moment.
        opens_at: from here on it can be renewed.
    """

    proof: Proof
    ends_at: datetime
    opens_at: datetime
    state: RenewalState
    modules: tuple[Refresher, ...]

    @property
    def missing(self) -> int:
        return sum(not module.done for module in self.modules)

    @property
    def possible(self) -> bool:
        """Whether it can be renewed now."""
        return self.state is not RenewalState.NOT_YET and self.missing == 0


def renewal(
    certification: Certification,
    catalogue: Catalogue,
    proofs: Sequence[Proof],
    completions: Mapping[str, Completion],
    now: datetime,
) -> Renewal | None:
    """Return how somebody's certificate is renewed; None if they have none that ends.

    Args:
        certification: the rule of today.
        catalogue: the modules.
        proofs: all of the person's proofs, newest first. One that its holder took back or had issued under another
            name ends when it would have ended: neither makes a certificate last longer.
        completions: module id -> what was reached.
        now: the present moment.
    """
    editions = [proof for proof in proofs if _is_edition(proof, certification)]
    if not editions or editions[0].valid_until is None:
        return None
    latest, ends_at = editions[0], editions[0].valid_until
    since = min(proof.issued_at for proof in editions if proof.valid_until == ends_at)
    opens_at = months_later(ends_at, -certification.refresh_months)
    state = RenewalState.NOT_YET if now < opens_at else RenewalState.DUE if now < ends_at else RenewalState.OVER
    return Renewal(
        proof=latest,
        ends_at=ends_at,
        opens_at=opens_at,
        state=state,
        modules=tuple(
            Refresher(
                module.id,
                module.title,
                module.language,
                _is_refreshed(completions, module.id, since, certification.pass_share),
            )
            for module_id in certification.refresher
            if (module := catalogue.module(module_id))
        ),
    )


def renewed_facts(
    current: Renewal, certification: Certification, catalogue: Catalogue, completions: Mapping[str, Completion]
) -> ProofFacts:
    """Return what a renewed certificate says: what holds today, or what it said, if more is asked for today."""
    if route(certification, catalogue, completions).earned:
        return certificate_facts(certification, catalogue)
    return replace(current.proof.facts, validity_months=certification.validity_months)


def months_later(moment: datetime, months: int) -> datetime:
    """Return the same day so many months later, the last day of a shorter month."""
    years, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + years, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


def _is_edition(proof: Proof, certification: Certification) -> bool:
    of_it = (proof.facts.kind, proof.facts.subject_id) == (ProofKind.CERTIFICATE, certification.id)
    return of_it and proof.revoked_reason in {None, REPLACED, WITHDRAWN}


def _is_refreshed(completions: Mapping[str, Completion], module_id: str, since: datetime, mark: Fraction) -> bool:
    """Whether a module was passed again, as modules are passed the first time, or credited, after the certificate."""
    completion = completions.get(module_id, Completion())
    if completion.credited_at is not None and completion.credited_at > since:
        return True
    return any(one.at > since and (one.passed or one.share >= mark) for one in completion.tries)
