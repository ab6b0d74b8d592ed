"""The way back from a page that says no to the platform that led there."""

from __future__ import annotations

from urllib.parse import urlencode

from lti_tool.domain.errors import Code, Refusal
from lti_tool.web.sentences import Explanation

_NOT_WORTH_TELLING = frozenset({Code.SESSION_EXPIRED})
"""The person goes back to open the activity again; a message there would only be in the way."""


def way_back(refusal: Refusal, explanation: Explanation, reference: str, *, framed: bool) -> str | None:
    """Return where the refused launch wants the person sent back to, with what it is told (LTI 1.3 core, 5.4.5).

    `lti_errormsg` is for the person, `lti_errorlog` for the platform's administrators. Whoever reads our page in the
    platform's frame has the course around it and has read what happened; Moodle would show them the message once more
    on a page without a way on. `refusal.return_url` is only set after the signature was verified.
    """
    address = web_address(refusal.return_url)
    if address is None or refusal.code in _NOT_WORTH_TELLING:
        return address
    told = {"lti_errorlog": f"{refusal.code.slug} {reference}"}
    if not framed:
        told["lti_errormsg"] = f"{explanation.happened} {explanation.advice}"
    before, hash_sign, fragment = address.partition("#")
    return f"{before}{'&' if '?' in before else '?'}{urlencode(told)}{hash_sign}{fragment}"


def web_address(url: str | None) -> str | None:
    """Return an address that may stand in a link, None for anything else."""
    return url if url and url.startswith(("https://", "http://")) else None
