"""Which service URLs of a launch are trusted: only places the registration itself names (row A61).

A signed claim is still only a claim: the tool sends bearer tokens to these URLs.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lti_tool.domain.registration import Registration

LONGEST_URL = 2000
"""Characters of a service's URL that can be kept."""

_ODD = re.compile(r"[\x00-\x20\x7f\\\"<>]")


def is_trusted(registration: Registration, url: str) -> bool:
    """Whether a service URL is https on a host of the platform.

    Plain http counts where the registration's own token endpoint uses it on that host, as in a trial on one machine.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    host = parts.hostname
    if host is None or "@" in parts.netloc or _ODD.search(url):
        return False
    if parts.scheme == "https":
        return host in registration.service_hosts | registration.private_hosts
    token = urlsplit(registration.auth_token_url)
    return parts.scheme == "http" == token.scheme and host == token.hostname


def is_own_page(registration: Registration, url: str) -> bool:
    """Whether a URL is a page of the platform, to which a person may be sent back."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if "@" in parts.netloc or _ODD.search(url):
        return False
    return parts.scheme in {"https", "http"} and parts.hostname in registration.service_hosts
