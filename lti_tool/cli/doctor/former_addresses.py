"""Addresses that the tool had before: does each still send everybody on, the way that forms survive?"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from lti_tool.cli.doctor.finding import Finding, bad, good
from lti_tool.lti.errors import OutgoingFailed
from lti_tool.lti.ports import Outgoing
from lti_tool.settings import Settings

_KEEPS_FORMS = frozenset({307, 308})
_WITHIN_SECONDS = 5.0
_LAUNCH = "/lti/launch"
_MORE = "`smartcity base-url check` sagt, was in welchem LMS zu ändern ist."


def examine_former_addresses(settings: Settings, http: Outgoing) -> Iterator[Finding]:
    """Yield one finding for each former address."""
    for address in sorted(settings.former_base_urls):
        yield _examine(address, settings.base_url, http)


def _examine(address: str, base_url: str, http: Outgoing) -> Finding:
    """Ask as a browser does whose LMS still names the former address."""
    host = frozenset({urlsplit(address).hostname or ""})
    try:
        answer = http.send("GET", address + _LAUNCH, headers={}, private_hosts=host, within=_WITHIN_SECONDS)
    except OutgoingFailed as error:
        return bad(
            "outside.former",
            f"Die frühere Adresse {address} antwortet nicht ({type(error).__name__}).",
            f"Behalten Sie Namen und Zertifikat, und leiten Sie mit 308 weiter. {_MORE}",
        )
    if answer.headers.get("location") != base_url + _LAUNCH:
        return bad(
            "outside.former",
            f"Die frühere Adresse {address} leitet nicht auf {base_url} weiter (Status {answer.status}).",
            f"Leiten Sie jeden Pfad mit 308 auf denselben Pfad der neuen Adresse. {_MORE}",
        )
    if answer.status not in _KEEPS_FORMS:
        return bad(
            "outside.former",
            f"Die frühere Adresse {address} leitet mit Status {answer.status} weiter; dabei gehen Formulare verloren.",
            f"Nehmen Sie 308. {_MORE}",
        )
    return good("outside.former", f"Die frühere Adresse {address} leitet richtig weiter.")
