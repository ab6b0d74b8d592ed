"""What is typed to move the files that people handed in."""

from __future__ import annotations

import click

from lti_tool.cli.german import Group


@click.group(cls=Group)
def files() -> None:
    """Die abgegebenen Dateien verwalten."""


@files.command()
@click.option("--to", type=click.Choice(["s3", "folder"]), required=True, help="In den Objektspeicher oder zurück.")
def move(to: str) -> None:
    """Alle Dateien an den Ort bringen, an den auch neue gehen.

    Auch während alles läuft; wird der Befehl unterbrochen, macht er beim nächsten Mal weiter.
    """
    from lti_tool.cli.file_moving import move_files

    for line in move_files(to):
        click.echo(line)
