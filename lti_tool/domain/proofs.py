"""Proofs of learning: a certificate for a whole way, a confirmation of participation for one module.

A proof holds everything it says. What was proved once stays readable when the content it came from has changed or gone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from lti_tool.curriculum.model import Catalogue, Certification, Module
from lti_tool.domain.certification import Completion, route

_PARTICIPATION_SHARE = Fraction(1, 2)
"""Of the required pages of a module that no certification asks for."""
LONGEST_NAME = 300
"""Characters a name on a proof may have; nobody is told that their name is too long before that."""

REPLACED = "replaced"
"""The reason kept for a proof that was issued anew."""
WITHDRAWN = "withdrawn"
"""The reason kept for a proof that its holder took back."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


class UnwritableName(Exception):  # noqa: N818 -- an answer to the person, not a fault
    """A name has characters that no font of ours can draw.

    Attributes:
        characters: the first of them.
    """

    def __init__(self, characters: str) -> None:
        super().__init__(f"no font has {characters!r}")
        self.characters = characters


class ProofKind(StrEnum):
    """What is proved."""

    PARTICIPATION = "participation"
    """Most of a module's required pages were opened (Teilnahmebescheinigung)."""
    CERTIFICATE = "certificate"
    """All that a certification asks for was passed."""


class ProofState(StrEnum):
    """Whether a proof counts today."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Competence:
    """A competence somebody has reached: tag ("SC-05"), its name, and the level 1 to 4."""

    tag: str
    name: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFacts:
    """What a proof says, apart from whom it is about.

    Attributes:
        subject_id: id of the module or the certification.
        criteria: what had to be done, as people read it.
        minutes: the learning time it stands for (self-study).
        validity_months: None for a proof that does not end.
    """

    kind: ProofKind
    subject_id: str
    title: str
    issuer: str
    language: str
    criteria: str
    minutes: int
    competences: tuple[Competence, ...]
    validity_months: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self) | {"kind": self.kind.value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ProofFacts:
        """Read what `to_json` wrote."""
        competences = tuple(Competence(**competence) for competence in stored["competences"])
        return cls(**{**stored, "kind": ProofKind(stored["kind"]), "competences": competences})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """An issued proof.

    Attributes:
        id: 22 random characters; part of its public address, and the only way to find it.
        recipient: a pseudonym of the holder ("urn:uuid:…"), another one for each proof.
        holder_name: the name, where the holder wanted it kept.
        name_public: whether the page for verification shows the name.
        status_list: number of the list of revocations, and `status_index` its place there.
    """

    id: str
    facts: ProofFacts
    recipient: str
    issued_at: datetime
    valid_until: datetime | None
    status_list: int
    status_index: int
    holder_name: str | None = None
    name_public: bool = False
    revoked_at: datetime | None = None
    revoked_reason: str | None = None

    def state(self, now: datetime) -> ProofState:
        """Return whether the proof counts at this moment; a revoked one never expires."""
        if self.revoked_at is not None:
            return ProofState.REVOKED
        if self.valid_until is not None and self.valid_until <= now:
            return ProofState.EXPIRED
        return ProofState.VALID


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A proof that a person can have, or what is missing.

    Attributes:
        missing: modules and final work still to pass (certificate) or required pages still to open (participation);
            0 for a proof that is earned.
    """

    facts: ProofFacts
    missing: int

    @property
    def earned(self) -> bool:
        return self.missing == 0


def certificate_offer(
    certification: Certification, catalogue: Catalogue, completions: Mapping[str, Completion]
) -> Offer:
    """Return the offer of a certification's certificate."""
    way = route(certification, catalogue, completions)
    missing = way.steps - way.steps_done
    return Offer(facts=certificate_facts(certification, catalogue), missing=missing)


def participation_share(module: Module, catalogue: Catalogue) -> Fraction:
    """Return the share of a module's required pages that proves participation: the least of its certifications'."""
    asking = (
        certification.participation_share
        for certification in catalogue.certifications.values()
        if module.id in {*certification.required, *certification.electives}
    )
    return min(asking, default=_PARTICIPATION_SHARE)


def participation_offer(module: Module, catalogue: Catalogue, completion: Completion) -> Offer:
    """Return the offer of a module's confirmation of participation: so much of its required pages was opened.

    Live dates about it count as well, if they took at least that share of the module's learning time.
    """
    share = participation_share(module, catalogue)
    needed = -(-len(module.required_pages) * share.numerator // share.denominator)
    missing = max(0, needed - completion.pages_read)
    facts = participation_facts(module, catalogue, share)
    if missing and completion.live_minutes >= share * module.minutes:
        rule = _LIVE_RULE[module.language != "de"].format(minutes=completion.live_minutes)
        return Offer(facts=replace(facts, criteria=rule, minutes=completion.live_minutes), missing=0)
    return Offer(facts=facts, missing=missing)


def certificate_facts(certification: Certification, catalogue: Catalogue) -> ProofFacts:
    """Return what a certification's certificate says today.

    Its time is that of the required modules, of as many electives, the shortest, as count, and of the final work; its
    competences are those of the required modules.
    """
    modules = [catalogue.modules.get(module_id) for module_id in certification.required]
    electives = sorted(
        (catalogue.modules[module_id] for module_id in certification.electives if module_id in catalogue.modules),
        key=lambda module: module.minutes,
    )[: certification.electives_needed]
    counted = [module for module in modules if module is not None]
    final = catalogue.modules.get(certification.capstone.module) if certification.capstone else None
    final_minutes = (final.assignment.minutes or 0) if final and final.assignment else 0
    return ProofFacts(
        kind=ProofKind.CERTIFICATE,
        subject_id=certification.id,
        title=certification.title,
        issuer=certification.issuer,
        language=certification.language,
        criteria=certification.rule,
        minutes=sum(module.minutes for module in counted + electives) + final_minutes,
        competences=_competences(counted, catalogue, certification.language),
        validity_months=certification.validity_months,
    )


def participation_facts(module: Module, catalogue: Catalogue, share: Fraction) -> ProofFacts:
    """Return what a module's confirmation of participation says."""
    return ProofFacts(
        kind=ProofKind.PARTICIPATION,
        subject_id=module.id,
        title=module.title,
        issuer=module.provider,
        language=module.language,
        criteria=_PARTICIPATION_RULE[module.language != "de"].format(percent=int(share * 100)),
        minutes=module.minutes,
        competences=_competences([module], catalogue, module.language),
    )


def readable_name(raw: str) -> str:
    """Return a name as it is printed: as typed, without control characters and spaces around it.

    Raises:
        ValueError: nothing is left, or more than `LONGEST_NAME` characters.
    """
    name = " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", raw)).split())
    if not name:
        raise ValueError("a name is missing")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"a name has at most {LONGEST_NAME} characters")
    return name


_PARTICIPATION_RULE = (
    "Mindestens {percent} Prozent der Pflichtseiten des Moduls wurden bearbeitet.",
    "At least {percent} percent of the module's required pages were worked through.",
)

_LIVE_RULE = (
    "An Live-Terminen zum Modul wurde insgesamt {minutes} Minuten teilgenommen.",
    "Live dates about the module were attended for {minutes} minutes in all.",
)


def _competences(modules: list[Module], catalogue: Catalogue, language: str) -> tuple[Competence, ...]:
    levels: dict[str, int] = {}
    for module in modules:
        for tag, level in module.competences.items():
            levels[tag] = max(level, levels.get(tag, 0))
    names = catalogue.competence_names(language).of
    return tuple(Competence(tag, names.get(tag, tag), level) for tag, level in sorted(levels.items()))
