"""List and rotate the tool's keys."""

from __future__ import annotations

from collections.abc import Iterator

from lti_tool.cli.acting import acting, moment, now
from lti_tool.cli.environment import settings_from_environment
from lti_tool.domain.key_life import KeyState
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.tool_keys import KeyRing

_STATES = {
    KeyState.NEXT: "nächster, unterschreibt ab",
    KeyState.ACTIVE: "unterschreibt seit",
    KeyState.RETIRED: "abgelöst, unterschrieb seit",
    KeyState.GONE: "nicht mehr veröffentlicht, unterschrieb seit",
}


def key_lines() -> Iterator[str]:
    """Yield a line per key, oldest first."""
    settings = settings_from_environment()
    with acting(settings) as session:
        lives = KeyRing(session, now, settings.secret_key.get_secret_value()).lives()
    if not lives:
        yield "Noch gibt es keinen Schlüssel; der erste Start des Werkzeugs legt ihn an."
    for life in lives:
        until = f", veröffentlicht bis {moment(life.published_until)}" if life.published_until else ""
        yield f"{life.kid}  {_STATES[life.state]} {moment(life.signs_from)}{until}"


def rotate_keys(*, at_once: bool) -> Iterator[str]:
    """Publish the next key; yield what to tell the operator.

    Raises:
        CommandFailed: one is waiting already, or the secret key is not the one of the stored keys.
    """
    settings = settings_from_environment()
    with acting(settings) as session:
        ring = KeyRing(session, now, settings.secret_key.get_secret_value())
        ring.make_first()
        life = ring.rotate(now=at_once)
        AuditLog(session, now, Who.COMMAND_LINE).record(Action.KEY_ROTATED, life.kid)
    yield f"Schlüssel {life.kid} ist veröffentlicht und unterschreibt ab {moment(life.signs_from)}."
    yield "Laufende Prozesse übernehmen ihn von selbst; der alte bleibt danach noch einen Tag veröffentlicht."
