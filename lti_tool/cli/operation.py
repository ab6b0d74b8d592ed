"""Commands of the running house: keys, the operator's link, towns, platforms, the audit log, merged identities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from lti_tool.cli.german import Group

NUMBER = click.argument("number", metavar="NUMMER", type=int)


@click.group(cls=Group)
def keys() -> None:
    """Die Schlüssel des Werkzeugs pflegen."""


@keys.command(name="list")
def list_keys() -> None:
    """Die Schlüssel mit Stand und Fristen zeigen."""
    from lti_tool.cli.keys import key_lines

    _say(key_lines())


@keys.command()
@click.option("--now", is_flag=True, help="Nach einer Minute statt nach einem Tag damit unterschreiben.")
def rotate(now: bool) -> None:
    """Den nächsten Schlüssel veröffentlichen; ab morgen unterschreibt er."""
    from lti_tool.cli.keys import rotate_keys

    _say(rotate_keys(at_once=now))


@click.group(cls=Group)
def operator() -> None:
    """Den Zugang zum Betrieb ausstellen."""


@operator.command()
@click.option("--expires", default="15m", help="Gültigkeit in Minuten oder Stunden: 15m (so ohne Angabe), 2h.")
def link(expires: str) -> None:
    """Einen Link ausstellen, der einmal zur Betriebsseite führt."""
    from lti_tool.cli.operators import make_link

    _say(make_link(expires))


@click.group(cls=Group)
def audit() -> None:
    """Das Protokoll lesen und prüfen."""


@audit.command(name="list")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, help="So viele Einträge (50).")
@click.option("--registration", type=int, help="Nur die eines LMS, nach seiner Nummer.")
def list_audit(limit: int, registration: int | None) -> None:
    """Die Einträge zeigen, die neuesten zuerst."""
    from lti_tool.cli.operators import audit_lines

    _say(audit_lines(limit, registration))


@audit.command()
@click.option("--contains", "digest", metavar="PRÜFWERT", help="Ob ein früher notierter Prüfwert noch vorkommt.")
def verify(digest: str | None) -> None:
    """Prüfen, ob jemand am Protokoll etwas geändert oder gelöscht hat."""
    from lti_tool.cli.operators import verify_audit

    _say(verify_audit(digest))


@click.group(cls=Group)
def town() -> None:
    """Kommunen finden, umbenennen und schließen."""


@town.command(name="list")
@click.argument("words", metavar="[SUCHE]", default="")
def list_towns(words: str) -> None:
    """Kommunen zeigen, deren Name, Issuer oder Client-ID die Suche enthält."""
    from lti_tool.cli.operators import town_lines

    _say(town_lines(words))


@town.command()
@NUMBER
@click.argument("name", metavar="NAME")
def rename(number: int, name: str) -> None:
    """Einer Kommune einen anderen Namen geben."""
    from lti_tool.cli.operators import rename_town

    _say(rename_town(number, name))


@click.group(cls=Group)
def identity() -> None:
    """Kennungen zusammenführen, wenn ein LMS sie geändert hat."""


@identity.command()
@click.option("--registration", type=int, required=True, help="Nummer des LMS (smartcity platform list).")
@click.option("--from", "from_subject", required=True, help="Alte Kennung (sub).")
@click.option("--to", "to_subject", required=True, help="Neue Kennung (sub).")
def merge(registration: int, from_subject: str, to_subject: str) -> None:
    """Alles von der alten auf die neue Kennung übertragen."""
    from lti_tool.cli.operators import merge_identities

    _say(merge_identities(registration, from_subject, to_subject))


@identity.command(name="list")
@click.option("--registration", type=int, required=True, help="Nummer des LMS.")
def list_merges(registration: int) -> None:
    """Die Zusammenführungen eines LMS zeigen."""
    from lti_tool.cli.operators import merge_lines

    _say(merge_lines(registration))


@identity.command()
@click.option("--registration", type=int, required=True, help="Nummer des LMS.")
@click.option("--merge", "merge_id", type=click.UUID, help="Welche Zusammenführung (sonst die letzte).")
def undo(registration: int, merge_id: Any) -> None:
    """Eine Zusammenführung rückgängig machen."""
    from lti_tool.cli.operators import undo_merge

    _say(undo_merge(registration, merge_id))


def switches(platform: click.Group) -> None:
    """Add what can be switched to the commands of platforms."""
    for name, words in {
        "pause": "Ein LMS anhalten: niemand meldet sich mehr an, Bewertungen warten.",
        "resume": "Ein angehaltenes LMS fortsetzen.",
        "resend": "Alle fehlgeschlagenen Bewertungen eines LMS erneut senden.",
    }.items():
        platform.command(name=name, help=words)(NUMBER(_switch(name)))
    for name, words in {
        "approve": "Ein Deployment freigeben, das wartet.",
        "decline": "Ein Deployment ablehnen.",
    }.items():
        deployment = click.argument("deployment_id", metavar="DEPLOYMENT")
        platform.command(name=name, help=words)(NUMBER(deployment(_switch(name))))


def _switch(name: str) -> Callable[..., None]:
    def run(number: int, deployment_id: str = "") -> None:
        from lti_tool.cli.operators import switch_platform

        _say(switch_platform(name, number, deployment_id))

    return run


def _say(lines: Any) -> None:
    for line in lines:
        click.echo(line)
