"""Commands about people's data: tell, erase, keep for how long; and towns whose contract ends."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lti_tool.cli.german import CommandFailed, Group
from lti_tool.domain.privacy import CLOSED_DAYS

_REGISTRATION = click.option("--registration", type=int, required=True, help="Nummer des LMS (platform list).")
_SUBJECT = click.option("--sub", "subject", required=True, help="Kennung der Person im LMS (sub).")


@click.group(cls=Group)
def privacy() -> None:
    """Auskunft geben, löschen, Fristen setzen."""


@privacy.command()
@_REGISTRATION
@_SUBJECT
@click.option("--out", type=click.Path(path_type=Path), help="Datei; mit abgegebenen Dateien entsteht daneben ein ZIP.")
def export(registration: int, subject: str, out: Path | None) -> None:
    """Alles ausgeben, was über eine Person gespeichert ist (JSON)."""
    from lti_tool.cli.personal_data import export_person

    for line in export_person(registration, subject, out):
        click.echo(line)


@privacy.command()
@_REGISTRATION
@_SUBJECT
@click.option("--withdraw-proofs", is_flag=True, help="Nachweise zurücknehmen (sonst bleiben sie ohne Namen prüfbar).")
@click.option("--dry-run", is_flag=True, help="Nur zeigen, was gelöscht würde.")
@click.option("--yes", is_flag=True, help="Nicht nachfragen.")
def erase(registration: int, subject: str, withdraw_proofs: bool, dry_run: bool, yes: bool) -> None:
    """Alles über eine Person löschen."""
    from lti_tool.cli.personal_data import erase_person, foresee

    for line in foresee(registration, subject, withdraw_proofs=withdraw_proofs):
        click.echo(line)
    if dry_run:
        return
    if not yes:
        click.echo("Zum Löschen „ja“ eingeben: ", nl=False)
        if sys.stdin.readline().strip() != "ja":
            raise CommandFailed("Nichts gelöscht.")
    for line in erase_person(registration, subject, withdraw_proofs=withdraw_proofs):
        click.echo(line)


@privacy.command()
@_REGISTRATION
@click.option("--months", type=int, help="Neue Frist in Monaten (3 bis 120).")
def retention(registration: int, months: int | None) -> None:
    """Die Löschfrist eines LMS zeigen oder ändern."""
    from lti_tool.cli.personal_data import retention_lines

    for line in retention_lines(registration, months):
        click.echo(line)


@privacy.command()
@click.option("--dry-run", is_flag=True, help="Nur zählen.")
def nightly(dry_run: bool) -> None:
    """Jetzt löschen, was sonst in der Nacht gelöscht wird."""
    from lti_tool.cli.personal_data import night

    for line in night(dry_run=dry_run):
        click.echo(line)


@privacy.command()
@_REGISTRATION
def statistics(registration: int) -> None:
    """Zählungen nach Monat und Modul (CSV).

    Wer begonnen und wer bestanden hat, auch gelöschte Personen; Zahlen ab fünf.
    """
    from lti_tool.cli.personal_data import statistic_lines

    for line in statistic_lines(registration):
        click.echo(line)


def closing(town: click.Group) -> None:
    """Add the end of a contract to the commands of towns."""
    number = click.argument("number", metavar="NUMMER", type=int)

    @town.command()
    @number
    @click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Letzter Tag des Vertrags, z. B. 2026-12-31.")
    @click.option("--now", "at_once", is_flag=True, help="Sofort.")
    @click.option("--days", type=int, default=CLOSED_DAYS, help=f"So viele Tage bleiben die Daten ({CLOSED_DAYS}).")
    def close(number: int, day: object, at_once: bool, days: int) -> None:
        """Eine Kommune schließen: niemand meldet sich mehr an, nach der Frist sind die Daten weg."""
        from lti_tool.cli.town_ends import close_town

        for line in close_town(number, day, at_once=at_once, days=days):
            click.echo(line)

    @town.command()
    @number
    def reopen(number: int) -> None:
        """Eine geschlossene Kommune innerhalb der Frist wieder öffnen."""
        from lti_tool.cli.town_ends import reopen_town

        for line in reopen_town(number):
            click.echo(line)

    @town.command(name="export")
    @number
    @click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="ZIP-Datei.")
    def export_town(number: int, out: Path) -> None:
        """Die Daten aller Personen einer Kommune ausgeben (ZIP)."""
        from lti_tool.cli.town_ends import export_everybody

        for line in export_everybody(number, out):
            click.echo(line)
