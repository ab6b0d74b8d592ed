"""A platform as the protocol sees it: who it is, and where its endpoints lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One issuer and client id with its endpoints; belongs to one municipality.

    Attributes:
        keeps_names: whether people's names, if the platform sends them, are stored.
        nrps_enabled: whether rosters are read, where the platform offers them.
        deployments: deployment id -> whether it is active.
        private_hosts: host names of this platform that may resolve to private addresses (an on-premise LMS).
        product_family: what kind of LMS it is, in its own word ("moodle", "ilias.de"); empty if it never said.
        closes_at: when its municipality's contract ends and nobody is let in any more; None while it runs.
        scopes: services agreed on when it registered itself; None for a platform entered by hand.
    """

    id: int
    municipality: str
    name: str
    issuer: str
    client_id: str
    auth_login_url: str
    auth_token_url: str
    jwks_url: str
    auth_audience: str | None = None
    active: bool = True
    keeps_names: bool = True
    nrps_enabled: bool = False
    deployments: Mapping[str, bool] = field(default_factory=dict)
    private_hosts: frozenset[str] = frozenset()
    product_family: str = ""
    scopes: frozenset[str] | None = None
    closes_at: datetime | None = None

    def is_closed(self, now: datetime) -> bool:
        """Whether the municipality's contract is over."""
        return self.closes_at is not None and self.closes_at <= now

    @property
    def frame_origins(self) -> tuple[str, ...]:
        """Origins that may show the tool in a frame: the issuer's and the one its users sign in at."""
        return _origins(self.issuer, self.auth_login_url)

    @property
    def sign_in_origin(self) -> str:
        """The origin people sign in at, as a browser names it."""
        return _origin(self.auth_login_url)

    @property
    def service_hosts(self) -> frozenset[str]:
        """Host names this platform is known by; services on any other host are not trusted."""
        return _hosts(self.issuer, self.auth_login_url, self.auth_token_url, self.jwks_url)


@lru_cache(maxsize=4096)
def _origins(*urls: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_origin(url) for url in urls))


@lru_cache(maxsize=4096)
def _hosts(*urls: str) -> frozenset[str]:
    return frozenset(host for host in (urlsplit(url).hostname for url in urls) if host)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
