"""Is a `target_link_uri` ours? The tool's one launch address and whatever lies below it (rows L7 to L9)."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

LAUNCH_PATH = "/lti/launch"

_URI_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_DOT_SEGMENT = re.compile(r"/(\.|%2e){1,2}(/|$)", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}


class LaunchAddress:
    """The tool's launch URL, which is also the one redirect_uri that platforms compare character by character."""

    def __init__(self, base_url: str) -> None:
        self.url = base_url.rstrip("/") + LAUNCH_PATH
        parts = urlsplit(self.url)
        self._place, self._path = _place(parts), parts.path

    def covers(self, target: str) -> bool:
        """Whether a URL has our scheme, host and port, no credentials, and the launch path or one below it."""
        if not _URI_CHARACTERS.fullmatch(target):
            return False
        try:
            parts = urlsplit(target)
            same_place = _place(parts) == self._place
        except ValueError:
            return False
        return same_place and "@" not in parts.netloc and self._covers_path(parts.path)

    def _covers_path(self, path: str) -> bool:
        at_or_below = path == self._path or path.startswith(self._path + "/")
        return at_or_below and not _DOT_SEGMENT.search(path)


def _place(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)
