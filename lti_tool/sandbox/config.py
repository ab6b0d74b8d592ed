from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lti_tool.sandbox.tool_keys import fetch_json, post_json

VERSION = "1.0"


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeConfig:
    """What the practice LMS is told from outside.

    Attributes:
        base_url: its own address and its issuer; on another site than the tool, so that frames are third-party.
        tool_url: where the tool answers; `/lti/login`, `/lti/launch` and `/lti/jwks` are expected below it.
        client_id: the preset tool's client id; register the same value in the tool.
        deployment_id: the preset tool's deployment.
        state_file: SQLite file that keeps key, course, grades and scores over a restart; None keeps all in memory.
        clock: aware UTC now.
        fetch_keys: reads the JSON behind a tool's JWKS address; raises `requests.RequestException` or `ValueError`.
        post_notices: sends a JSON document to a tool and returns the status; raises `requests.RequestException`.
        signing_key_pem: a private RSA key instead of a new or stored one (tests save the time to make one).
    """

    base_url: str = "http://localhost:8010"
    tool_url: str = "http://127.0.0.1:8000"
    client_id: str = "uebungswerkzeug"
    deployment_id: str = "1"
    state_file: Path | None = None
    clock: Callable[[], datetime] = utc_now
    fetch_keys: Callable[[str], object] = fetch_json
    post_notices: Callable[[str, object], int] = post_json
    signing_key_pem: str | None = None

    def __post_init__(self) -> None:
        """Drop trailing slashes, as issuers are compared character by character."""
        object.__setattr__(self, "base_url", self.base_url.rstrip("/"))
        object.__setattr__(self, "tool_url", self.tool_url.rstrip("/"))

    @property
    def auth_url(self) -> str:
        return f"{self.base_url}/platform/auth"

    @property
    def token_url(self) -> str:
        return f"{self.base_url}/platform/token"

    @property
    def jwks_url(self) -> str:
        return f"{self.base_url}/platform/jwks"
