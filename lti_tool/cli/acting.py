"""A transaction on the command line, with refusals as sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from lti_tool.cli.database import transaction
from lti_tool.cli.german import CommandFailed
from lti_tool.cli.store_words import refused_by_store
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.town_time import TOWN_TIME
from lti_tool.services.tool_keys import UnreadableKey
from lti_tool.settings import Settings
from lti_tool.storage.errors import StoreFailed

_PERIOD = re.compile(r"(\d{1,3})([mh])")
_REFUSED: Mapping[Code, str] = {
    Code.NOT_FOUND: "Unter dieser Nummer oder Kennung gibt es nichts. Hilfe: smartcity platform list",
    Code.KEYS_NEXT_WAITING: "Ein nächster Schlüssel ist schon veröffentlicht. Soll er gleich gelten: --now",
    Code.IDENTITY_UNKNOWN: "Diese Kennung hat sich über dieses LMS noch nie angemeldet.",
    Code.IDENTITY_CONFLICT: "So geht das nicht: Nur die letzte Zusammenführung zweier verschiedener Kennungen zählt.",
    Code.TOWN_NAME_TAKEN: "So heißt schon eine andere Kommune.",
    Code.TOWN_ERASING: "Die Frist ist abgelaufen; die Daten werden gelöscht. Danach lässt sie sich leer öffnen.",
    Code.BAD_REQUEST: "Diese Angabe ist unbrauchbar.",
}


def now() -> datetime:
    """The clock of commands."""
    return datetime.now(UTC)


def moment(value: datetime) -> str:
    """Write 22.11.2026, 14:32 Uhr."""
    return f"{value.astimezone(TOWN_TIME):%d.%m.%Y, %H:%M} Uhr"


def period(value: str) -> timedelta:
    """Read 15m or 2h.

    Raises:
        CommandFailed: it is neither.
    """
    found = _PERIOD.fullmatch(value)
    if found is None or found[1].strip("0") == "":
        raise CommandFailed("--expires: Schreiben Sie zum Beispiel 15m für 15 Minuten oder 2h für zwei Stunden.")
    number = int(found[1])
    return timedelta(hours=number) if found[2] == "h" else timedelta(minutes=number)


@contextmanager
def acting(settings: Settings) -> Iterator[Session]:
    """Open a session that is committed at the end.

    Raises:
        CommandFailed: the database, a key or the act itself is refused.
    """
    try:
        with transaction(settings.database_url) as session:
            yield session
    except Refusal as refusal:
        raise CommandFailed(_REFUSED.get(refusal.code, refusal.code.slug)) from None
    except UnreadableKey as error:
        raise CommandFailed(str(error)) from None
    except StoreFailed as failure:
        raise refused_by_store(failure) from None
