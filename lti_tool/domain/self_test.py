"""The self-test of a connection: what is tried, and what the answers mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from lti_tool.domain.registration import Registration

_SMALL_SKEW = timedelta(seconds=30)
_LARGE_SKEW = timedelta(minutes=3)
_SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
_RESULT = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"


class Check(StrEnum):
    """What is tried, in the order of the list."""

    HTTPS = "https"
    PLATFORM_KEYS = "platform_keys"
    CLOCK = "clock"
    TOKEN = "token"  # noqa: S105 -- a name, not a secret
    SCOPES = "scopes"
    RESULTS = "results"
    OWN_KEYS = "own_keys"
    FRAME = "frame"
    COOKIE = "cookie"


class Verdict(StrEnum):
    """How it went."""

    GOOD = "good"
    HINT = "hint"
    """Works, or cannot be told; the words say which."""
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the result; `outcome` names the sentence, `facts` fill it."""

    check: Check
    verdict: Verdict
    outcome: str
    facts: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Probed:
    """What a call to somebody's server came to.

    Attributes:
        failure: None if it went well, else a stable code such as "timeout" or "ags.unknown_key".
        answered_at: the server's clock by its Date header, if it said.
        framing: what the server says about frames: its X-Frame-Options header.
    """

    failure: str | None = None
    keys: frozenset[str] = frozenset()
    answered_at: datetime | None = None
    framing: str | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the latest launch by an administrator showed."""

    seen_at: datetime
    product: str
    scopes: frozenset[str]
    line_item_url: str | None
    sends_names: bool
    cookie_came: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What is tested.

    Attributes:
        published: ids of the keys that the tool publishes.
        subject: the platform's id of the administrator, whose own result is read; None if anonymous.
    """

    registration: Registration
    base_url: str
    on_this_machine: bool
    published: frozenset[str]
    sighting: Sighting | None
    subject: str | None
    now: datetime

    @property
    def offers_results(self) -> bool:
        """Whether a result can be read: the platform allows it, and there is a column and a person."""
        seen = self.sighting
        return bool(seen and _RESULT in seen.scopes and seen.line_item_url and self.subject)


def findings(connection: Connection, probed: Mapping[Check, Probed]) -> list[Finding]:
    """Return one finding for each check that was possible, in their order."""
    found = [
        _https(connection),
        _platform_keys(probed[Check.PLATFORM_KEYS]),
        _clock(probed[Check.PLATFORM_KEYS], connection.now),
        _scopes(connection.sighting),
        _cookie(connection.sighting),
        *_own(connection, probed.get(Check.OWN_KEYS)),
        *(_service(check, probed[check]) for check in (Check.TOKEN, Check.RESULTS) if check in probed),
    ]
    return sorted(found, key=lambda finding: list(Check).index(finding.check))


def _https(connection: Connection) -> Finding:
    registration = connection.registration
    urls = (registration.auth_login_url, registration.auth_token_url, registration.jwks_url)
    plain = next((url for url in urls if urlsplit(url).scheme != "https"), None)
    if connection.on_this_machine:
        return Finding(Check.HTTPS, Verdict.HINT, "this_machine", {"address": connection.base_url})
    if plain is not None:
        return Finding(Check.HTTPS, Verdict.BAD, "platform_plain", {"address": plain})
    return Finding(Check.HTTPS, Verdict.GOOD, "good")


def _platform_keys(probed: Probed) -> Finding:
    if probed.failure is not None:
        return Finding(Check.PLATFORM_KEYS, Verdict.BAD, probed.failure)
    if not probed.keys:
        return Finding(Check.PLATFORM_KEYS, Verdict.BAD, "no_keys")
    return Finding(Check.PLATFORM_KEYS, Verdict.GOOD, "good", {"count": len(probed.keys)})


def _clock(probed: Probed, now: datetime) -> Finding:
    """Compare clocks by the Date header of an answer that came a moment ago."""
    if probed.answered_at is None:
        return Finding(Check.CLOCK, Verdict.HINT, "unknown")
    skew = abs(probed.answered_at - now)
    facts: dict[str, str | int] = {"seconds": int(skew.total_seconds())}
    if skew <= _SMALL_SKEW:
        return Finding(Check.CLOCK, Verdict.GOOD, "good", facts)
    verdict = Verdict.HINT if skew <= _LARGE_SKEW else Verdict.BAD
    return Finding(Check.CLOCK, verdict, "ahead" if probed.answered_at > now else "behind", facts)


def _scopes(seen: Sighting | None) -> Finding:
    if seen is None or not seen.scopes:
        return Finding(Check.SCOPES, Verdict.HINT, "none")
    if _SCORE not in seen.scopes:
        return Finding(Check.SCOPES, Verdict.BAD, "no_scores")
    if _RESULT not in seen.scopes:
        return Finding(Check.SCOPES, Verdict.HINT, "no_results")
    return Finding(Check.SCOPES, Verdict.GOOD, "good")


def _cookie(seen: Sighting | None) -> Finding:
    if seen is None:
        return Finding(Check.COOKIE, Verdict.HINT, "unknown")
    return (
        Finding(Check.COOKIE, Verdict.GOOD, "good") if seen.cookie_came else Finding(Check.COOKIE, Verdict.HINT, "tab")
    )


def _own(connection: Connection, probed: Probed | None) -> list[Finding]:
    """Our own key set from outside, and what a proxy in front of us says about frames."""
    if probed is None:
        facts: dict[str, str | int] = {"address": connection.base_url}
        return [Finding(check, Verdict.HINT, "this_machine", facts) for check in (Check.OWN_KEYS, Check.FRAME)]
    if probed.failure is not None:
        own = Finding(Check.OWN_KEYS, Verdict.BAD, probed.failure)
        return [own, Finding(Check.FRAME, Verdict.HINT, "unknown")]
    missing = connection.published - probed.keys
    own = (
        Finding(Check.OWN_KEYS, Verdict.BAD, "other_keys") if missing else Finding(Check.OWN_KEYS, Verdict.GOOD, "good")
    )
    if probed.framing is not None:
        return [own, Finding(Check.FRAME, Verdict.BAD, "forbidden", {"value": probed.framing})]
    return [
        own,
        Finding(Check.FRAME, Verdict.GOOD, "good", {"origins": " ".join(connection.registration.frame_origins)}),
    ]


def _service(check: Check, probed: Probed) -> Finding:
    if probed.failure is None:
        return Finding(check, Verdict.GOOD, "good")
    return Finding(check, Verdict.BAD, probed.failure)
