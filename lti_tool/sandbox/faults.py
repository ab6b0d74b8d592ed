"""Misbehaviour on purpose: what a tool meets in the field, made to happen here."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Literal, NamedTuple

from flask import Flask, Response, make_response, request
from pydantic import BaseModel, ConfigDict, Field

_AUTH = "oidc.authenticate"
_TOKEN = "tokens.issue"  # noqa: S105 - the name of a route
_JWKS = "discovery.jwks"
_SCORE = "scores.post_score"
_ROSTER = "roster.members"
_SERVICES = frozenset(
    {
        _TOKEN,
        _SCORE,
        _ROSTER,
        "scores.results",
        "line_items.listing",
        "line_items.create",
        "line_items.show",
        "line_items.replace_item",
        "line_items.remove",
    }
)
_HUNG_JWKS = 30.0


class Faults(BaseModel):
    """What is broken at the moment; the default is a platform in good health."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    down: bool = False
    slow_seconds: float = Field(default=0, ge=0, le=120)
    token_status: int | None = Field(default=None, ge=400, le=599)
    score_status: int | None = Field(default=None, ge=400, le=599)
    score_answer_lost: bool = False
    roster_status: int | None = Field(default=None, ge=400, le=599)
    retry_after: int | None = Field(default=None, ge=0)
    clock_skew_seconds: int = Field(default=0, ge=-86400, le=86400)
    jwks: Literal["down", "html", "slow"] | None = None
    login_error: str | None = Field(default=None, pattern=r"^[a-z_]{1,40}$")
    times: int | None = Field(default=None, ge=1)

    def status_at(self, door: str) -> int | None:
        """Return the status with which a door is shut, None if it is open."""
        if self.down:
            return 503
        if door == _JWKS:
            return 503 if self.jwks == "down" else None
        return {_TOKEN: self.token_status, _SCORE: self.score_status, _ROSTER: self.roster_status}.get(door)

    def seconds_at(self, door: str) -> float:
        """Return how long a door lets people wait."""
        if door == _JWKS:
            return self.slow_seconds or _HUNG_JWKS if self.jwks == "slow" else 0
        return self.slow_seconds if door in _SERVICES else 0

    def spoil(self, door: str) -> bool:
        html = door == _JWKS and self.jwks == "html"
        return html or self.status_at(door) is not None or self.seconds_at(door) > 0


class Taken(NamedTuple):
    """The faults that spoil one answer, and the event that ends all waiting because of them."""

    faults: Faults
    changed: threading.Event


class FaultBox:
    """The faults in force, and how many more answers they spoil."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults = Faults()
        self._left: int | None = None
        self._changed = threading.Event()

    @property
    def now(self) -> Faults:
        return self._faults

    def set(self, faults: Faults) -> None:
        """Put other faults in force; whoever waits because of the old ones goes on at once."""
        with self._lock:
            self._faults = faults
            self._left = faults.times
            self._changed.set()
            self._changed = threading.Event()

    def take(self, applies: Callable[[Faults], bool]) -> Taken | None:
        """Return the faults if they spoil this answer, and count it; after the last one all is well again."""
        with self._lock:
            faults = self._faults
            if not applies(faults):
                return None
            if self._left is not None:
                self._left -= 1
                if self._left == 0:
                    self._faults, self._left = Faults(), None
            return Taken(faults, self._changed)


def intervene(box: FaultBox) -> Response | None:
    """Answer in place of a door that is out of order; runs before each request."""
    door = request.endpoint or ""
    if door not in _SERVICES | {_JWKS, _AUTH}:
        return None
    taken = box.take(lambda faults: faults.spoil(door))
    if taken is None:
        return None
    faults = taken.faults
    if seconds := faults.seconds_at(door):
        taken.changed.wait(seconds)
    if status := faults.status_at(door):
        return _refusal(status, faults.retry_after)
    return _login_page() if door == _JWKS and faults.jwks == "html" else None


def lose_answer(box: FaultBox, answer: Response) -> Response:
    """Take back the answer to a score that was stored; runs after each request."""
    if request.endpoint != _SCORE or answer.status_code != 200:
        return answer
    lost = box.take(lambda faults: faults.score_answer_lost)
    return _refusal(502, lost.faults.retry_after) if lost else answer


def _login_page() -> Response:
    return make_response("<!doctype html><title>Anmelden</title><p>Bitte melden Sie sich an.")


def _refusal(status: int, retry_after: int | None) -> Response:
    answer = make_response(f"<!doctype html><title>{status}</title><p>Störung zur Übung", status)
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


def install(app: Flask, box: FaultBox) -> None:
    app.before_request(lambda: intervene(box))
    app.after_request(lambda answer: lose_answer(box, answer))
