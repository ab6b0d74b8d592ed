"""The tool's signing keys: one signs, all can be read, and none is too old."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy.orm import Session

from lti_tool.cli.acting import moment, now
from lti_tool.cli.doctor.finding import Finding, bad, good, hint
from lti_tool.domain.key_life import KeyState
from lti_tool.services.tool_keys import KeyRing, UnreadableKey
from lti_tool.settings import Settings

_ROTATE_AFTER = timedelta(days=365)


def examine_keys(session: Session, settings: Settings) -> Iterator[Finding]:
    """Yield what there is to say about the keys."""
    ring = KeyRing(session, now, settings.secret_key.get_secret_value())
    lives = ring.lives()
    if not lives:
        yield hint(
            "keys.active", "Noch gibt es keinen Schlüssel.", "Der erste Start von `smartcity serve` legt ihn an."
        )
        return
    try:
        ring.prove_readable()
    except UnreadableKey as error:
        yield bad("keys.readable", str(error).partition(". ")[0] + ".", "Setzen Sie den alten Wert wieder ein.")
        return
    active = next(life for life in lives if life.state is KeyState.ACTIVE)
    if now() - active.signs_from > _ROTATE_AFTER:
        yield hint(
            "keys.age",
            f"Der Schlüssel unterschreibt seit {moment(active.signs_from)}, länger als ein Jahr.",
            "Lösen Sie ihn ab: `smartcity keys rotate`.",
        )
    else:
        yield good("keys.age", f"Ein Schlüssel unterschreibt seit {moment(active.signs_from)} und ist lesbar.")
    for life in lives:
        if life.state is KeyState.NEXT:
            yield good("keys.next", f"Der nächste ist veröffentlicht und unterschreibt ab {moment(life.signs_from)}.")
        if life.state is KeyState.RETIRED and life.published_until:
            yield good("keys.retired", f"Der abgelöste bleibt veröffentlicht bis {moment(life.published_until)}.")
