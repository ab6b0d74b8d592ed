"""Grades on their way, and the workers that carry them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy.orm import Session

from lti_tool import __version__
from lti_tool.cli.acting import now
from lti_tool.cli.doctor.finding import Finding, bad, good, hint
from lti_tool.services.house_figures import Figures, HouseFigures
from lti_tool.services.worker_beats import WorkerBeats

_LATE = timedelta(minutes=10).total_seconds()
_TOO_LATE = timedelta(hours=1).total_seconds()
_MINUTE = 60


def examine_delivery(session: Session) -> Iterator[Finding]:
    """Yield what there is to say about workers and grades."""
    figures = HouseFigures(session, now).read()
    yield _workers(figures)
    versions = {beat.version for beat in WorkerBeats(session, now).latest()[: figures.workers]}
    if versions - {__version__}:
        yield hint(
            "worker.version",
            f"Zustellungen laufen in einer anderen Version ({', '.join(sorted(versions))}) als diese ({__version__}).",
            "Starten Sie nach einer Aktualisierung auch `smartcity worker` neu.",
        )
    yield _waiting(figures)
    yield _failed(figures)


def _workers(figures: Figures) -> Finding:
    if figures.workers:
        return good("worker.alive", f"Zustellungen, die laufen: {figures.workers}.")
    heard = "" if figures.silent is None else f" Die letzte meldete sich vor {figures.silent // _MINUTE:.0f} min."
    return bad("worker.alive", f"Keine Zustellung läuft.{heard}", "Starten Sie `smartcity worker` (als Dienst).")


def _waiting(figures: Figures) -> Finding:
    minutes = figures.oldest_waiting / _MINUTE
    words = f"Bewertungen, die warten: {figures.waiting}, die älteste seit {minutes:.0f} min."
    mend = (
        "Läuft die Zustellung? Welches LMS nicht antwortet, steht im Protokoll der Zustellung (score.not_delivered) "
        "und dort auf der Seite „Plattform verwalten“."
    )
    if figures.oldest_waiting > _TOO_LATE:
        return bad("outbox.waiting", words, mend)
    if figures.oldest_waiting > _LATE:
        return hint("outbox.waiting", words, mend)
    return good("outbox.waiting", words if figures.waiting else "Keine Bewertung wartet.")


def _failed(figures: Figures) -> Finding:
    if not figures.failed:
        return good("outbox.failed", "Keine Bewertung ist fehlgeschlagen.")
    return hint(
        "outbox.failed",
        f"Bewertungen, die fehlgeschlagen sind: {figures.failed}.",
        "`smartcity town list` zeigt, wo; ist der Grund behoben, hilft `smartcity platform resend NUMMER`.",
    )
