"""After the tool got another address: do the former ones lead here, which LMS knows the new one, what must others have?

An LMS lets people through to no other launch address than the one it has in its settings. So whoever launched since the
move shows that their LMS knows the new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lti_tool.app import make_http
from lti_tool.cli.acting import acting, moment, now
from lti_tool.cli.doctor.finding import Verdict
from lti_tool.cli.doctor.former_addresses import examine_former_addresses
from lti_tool.cli.environment import settings_from_environment
from lti_tool.cli.german import CommandFailed
from lti_tool.domain.registration import Registration
from lti_tool.domain.town_time import TOWN_TIME
from lti_tool.services.latest_launches import LatestLaunches
from lti_tool.services.registrations import RegistrationReader


def check_move(since: datetime | None) -> Iterator[str]:
    """Yield how far the move is; `since` is when the tool began under its new address, as clocks in Germany show it.

    Raises:
        CommandFailed: something does not lead here, or an LMS has not launched since.
    """
    settings = settings_from_environment()
    moved_at = since.replace(tzinfo=TOWN_TIME) if since else None
    open_points = 0
    for finding in examine_former_addresses(settings, make_http(settings)):
        yield finding.found
        open_points += finding.verdict is Verdict.BAD
    if not settings.former_base_urls:
        yield "Frühere Adressen sind nicht gesetzt (SMARTCITY_FORMER_BASE_URLS)."
    with acting(settings) as session:
        session.connection(execution_options={"read_only": True})
        for platform in RegistrationReader(session).all():
            if not platform.active or platform.is_closed(now()):
                continue
            latest = LatestLaunches(session).of(platform.id, limit=1)
            at = latest[0].at if latest else None
            known = at is not None and (moved_at is None or at >= moved_at)
            open_points += not known
            yield f"LMS {platform.id}, {platform.name}: {_state(at, known=known)}"
            if not known:
                yield from _to_change(platform, settings.base_url)
    if open_points:
        raise CommandFailed(f"Offene Punkte: {open_points}.")


def _state(at: datetime | None, *, known: bool) -> str:
    if known and at:
        return f"letzte Anmeldung {moment(at)}, es kennt die neue Adresse."
    if at:
        return f"letzte Anmeldung {moment(at)}, vor dem Umzug. Es hat vielleicht noch die frühere Adresse."
    return "in den letzten Stunden keine Anmeldung. Es hat vielleicht noch die frühere Adresse."


def _to_change(platform: Registration, base_url: str) -> Iterator[str]:
    yield f"  Einzutragen ist dort ({platform.issuer}, Client-ID {platform.client_id}):"
    yield f"    Tool-URL, Weiterleitung, Inhaltsauswahl (Deep Linking): {base_url}/lti/launch"
    yield f"    Anmeldung (Initiate login): {base_url}/lti/login"
    yield f"    Schlüssel (Public keyset): {base_url}/lti/jwks"
    yield f"    Symbol: {base_url}/lti/icon.svg"
