"""The standby that pages are read on: is it there, does it follow this database, is it in date?"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session, sessionmaker

from lti_tool.app import make_standby
from lti_tool.cli.doctor.finding import Finding, bad, good, hint
from lti_tool.db.standby import OLDEST_SECONDS, Unfit
from lti_tool.settings import Settings


def examine_standby(settings: Settings, primary: sessionmaker[Session]) -> Iterator[Finding]:
    """Yield what there is to say; nothing where no standby is set."""
    standby = make_standby(settings, primary)
    if standby is None:
        return
    try:
        state = standby.state()
    finally:
        standby.engine.dispose()
    if state.unfit is Unfit.AWAY:
        yield bad(
            "database.standby",
            "Der Standby antwortet nicht oder folgt nicht dieser Datenbank; gelesen wird nur auf dem Hauptserver.",
            "Prüfen Sie SMARTCITY_DATABASE_REPLICA_URL und auf dem Standby pg_is_in_recovery().",
        )
    elif state.unfit is Unfit.BEHIND:
        yield hint(
            "database.standby",
            f"Der Standby ist {state.behind_seconds:.0f} Sekunden zurück; ab {OLDEST_SECONDS:.0f} liest ihn niemand.",
            "Prüfen Sie Netz, Platte und max_standby_streaming_delay.",
        )
    else:
        yield good("database.standby", "Der Standby folgt der Datenbank.")
