"""The Link header of paged services (RFC 8288), as platforms really write it (row G27).

Moodle's results service writes typographic quotes and HTML-escaped ampersands; others leave the quotes out or send a
relative URL. Upper and lower case in the URL is kept.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin

from lti_tool.lti.ports import Answer

_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_RELATION = r"""(?:^|[;\s])rel\s*=\s*["“”']?(?:[^"“”';,]*\s)?%s(?=["“”'\s;,]|$)"""
_NEXT = re.compile(_RELATION % "next", re.IGNORECASE)
_DIFFERENCES = re.compile(_RELATION % "differences", re.IGNORECASE)


def next_url(answer: Answer, base_url: str) -> str | None:
    """Return the URL of the page that follows, None if this is the last one."""
    return _related(_NEXT, answer, base_url)


def differences_url(answer: Answer, base_url: str) -> str | None:
    """Return where the platform tells what changes from now on (NRPS 2.0), None if it does not."""
    return _related(_DIFFERENCES, answer, base_url)


def _related(relation: re.Pattern[str], answer: Answer, base_url: str) -> str | None:
    for target, parameters in _LINK.findall(_readable(answer.headers.get("link", ""))):
        if relation.search(parameters):
            return absolute_url(base_url, html.unescape(target.strip()))
    return None


def absolute_url(base_url: str, url: str) -> str | None:
    """Return a URL that a platform gave, perhaps as a relative one; None if it is none."""
    try:
        return urljoin(base_url, url)
    except ValueError:
        return None


def _readable(header: str) -> str:
    """HTTP headers arrive read as Latin-1; typographic quotes were UTF-8."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header
