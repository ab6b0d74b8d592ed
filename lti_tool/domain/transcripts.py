"""Transcripts: what somebody has passed in one town, signed, to be presented in another.

A transcript tells no name. It is bound to its holder by a code that only they were shown; the file holds its digest.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from lti_tool.domain.proofs import Competence

VALID_FOR = timedelta(days=365)
"""How long a transcript may be presented."""
MOST_MODULES = 200

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no letter that looks like another
_GROUPS, _GROUP = 3, 4
_ALIKE = str.maketrans("OIL", "011")


class Fault(StrEnum):
    """Why a transcript does not count."""

    TOO_LARGE = "too_large"
    NO_TRANSCRIPT = "no_transcript"
    """The file is none, or holds more than one may."""
    BAD_ALGORITHM = "bad_algorithm"
    """It is not signed, or in a way that we do not take."""
    UNKNOWN_ISSUER = "unknown_issuer"
    """Its issuer is no `did:web` that can be asked for its keys."""
    TAMPERED = "tampered"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    WRONG_CODE = "wrong_code"
    MADE_HERE = "made_here"
    """It comes from this very platform, where everything in it counts already."""
    TAKEN = "taken"
    """Somebody else has presented it."""
    ISSUER_AWAY = "issuer_away"
    """Nobody answered at the issuer's address for weeks."""


class TranscriptRefused(Exception):  # noqa: N818 -- an answer, not an error of ours
    """A transcript does not count.

    Attributes:
        fault: why.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class IssuerAway(Exception):  # noqa: N818 -- says what happened; asked again later
    """The issuer gives no usable answer for the time being."""


@dataclass(frozen=True, slots=True)
class Town:
    """Where something was passed: an id that never changes ("urn:uuid:…") and a name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedModule:
    """One module of a transcript.

    Attributes:
        version: hash of the module's content on the day the transcript was made; "" if it was not told.
        town: name of the town where it was passed; another than the transcript's for one that was recognised there.
    """

    id: str
    title: str
    version: str
    minutes: int
    passed_on: date
    town: str
    competences: tuple[Competence, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        tags = [[one.tag, one.name, one.level] for one in self.competences]
        own = {name: getattr(self, name) for name in ("id", "title", "version", "minutes", "town")}
        return {**own, "passed_on": self.passed_on.isoformat(), "competences": tags}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> PassedModule:
        """Read what `to_json` wrote."""
        competences = tuple(Competence(*one) for one in stored["competences"])
        passed_on = date.fromisoformat(stored["passed_on"])
        return cls(**{**stored, "competences": competences, "passed_on": passed_on})


@dataclass(frozen=True, slots=True)
class CodeMark:
    """What a transcript holds of its code: enough to recognise it, too little to find it out."""

    salt: str
    digest: str

    @classmethod
    def of(cls, code: str) -> CodeMark:
        """Return the mark of a code, with fresh salt."""
        salt = secrets.token_hex(16)
        return cls(salt, _digest(code, salt))

    def fits(self, typed: str) -> bool:
        """Tell whether this is the code, however it was typed."""
        return hmac.compare_digest(self.digest, _digest(typed, self.salt))


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A transcript as it is signed.

    Attributes:
        id: "urn:uuid:…", fresh for each.
        issuer: the `did:web` of the tool that signed it.
        status_list: address of its list of revocations, and `status_index` its place there.
    """

    id: str
    issuer: str
    town: Town
    modules: tuple[PassedModule, ...]
    code: CodeMark
    issued_at: datetime
    valid_until: datetime
    status_list: str
    status_index: int

    def check_period(self, now: datetime) -> None:
        """Make sure that it may be presented today.

        Raises:
            TranscriptRefused: `expired`, `not_yet_valid`.
        """
        if self.valid_until <= now:
            raise TranscriptRefused(Fault.EXPIRED)
        if self.issued_at > now + timedelta(minutes=5):  # clocks differ a little
            raise TranscriptRefused(Fault.NOT_YET_VALID)


def new_code() -> str:
    """Return a fresh code of 60 bits, such as "7K3M-Q2ZD-91XB"."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _digest(code: str, salt: str) -> str:
    """Return the scrypt digest; cost is part of the format and never read from a file."""
    plain = "".join(character for character in code.upper().translate(_ALIKE) if character in _ALPHABET)[:64]
    return hashlib.scrypt(plain.encode(), salt=salt.encode(), n=2**13, r=8, p=1, dklen=32).hex()
