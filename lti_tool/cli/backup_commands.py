"""What is typed to make, check and restore backups."""

from __future__ import annotations

from pathlib import Path

import click

from lti_tool.cli.german import Group

_FILE = click.argument("file", metavar="DATEI", type=click.Path(path_type=Path))


@click.group(cls=Group)
def backup() -> None:
    """Alles sichern und wiederherstellen."""


@backup.command()
@click.argument("target", metavar="ZIEL", type=click.Path(path_type=Path))
def create(target: Path) -> None:
    """Datenbank und Dateien in ein Archiv sichern, auch während alles läuft.

    ZIEL ist eine neue Datei oder ein Ordner; dort entsteht smartcity-DATUM-ZEIT.tar. Mit - geht das Archiv auf die
    Standardausgabe, etwa in ein Programm, das es verschlüsselt.
    """
    from lti_tool.cli.backup.archive import STREAM
    from lti_tool.cli.backup.creation import create_backup, stream_backup

    streams = target == STREAM
    for line in stream_backup() if streams else create_backup(target):
        click.echo(line, err=streams)


@backup.command()
@_FILE
def verify(file: Path) -> None:
    """Ein Archiv ganz lesen und jede Prüfsumme prüfen.

    Mit - kommt es von der Standardeingabe.
    """
    from lti_tool.cli.backup.restoring import verify_backup

    for line in verify_backup(file):
        click.echo(line)


@backup.command()
@_FILE
@click.option("--replace", is_flag=True, help="Auch wenn die Datenbank nicht leer ist.")
def restore(file: Path, replace: bool) -> None:
    """Ein Archiv in die Datenbank der Einstellungen zurückspielen.

    Werkzeug und Zustellung müssen beendet sein. Mit - kommt das Archiv von der Standardeingabe.
    """
    from lti_tool.cli.backup.restoring import restore_backup

    for line in restore_backup(file, replace=replace):
        click.echo(line)
