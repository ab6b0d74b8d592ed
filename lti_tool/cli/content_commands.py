"""What authors type: check, start, see, carry in and out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lti_tool.cli.german import Group

_FOLDER = click.Path(path_type=Path)


@click.group(cls=Group)
def content() -> None:
    """Die Lerninhalte pflegen."""


@content.command()
@click.argument("folder", metavar="[ORDNER]", type=_FOLDER, required=False)
@click.option("--strict", is_flag=True, help="Auch bei Warnungen mit Fehler enden.")
@click.option("--json", "as_json", is_flag=True, help="Die Funde als JSON ausgeben.")
def check(folder: Path | None, strict: bool, as_json: bool) -> None:
    """Lerninhalte prüfen: alle Probleme auf einmal, mit Datei und Zeile."""
    from lti_tool.cli.contents import check_content

    sys.exit(check_content(folder, strict=strict, as_json=as_json))


@content.command()
@click.argument("module", metavar="MODUL")
@click.argument("folder", metavar="[ORDNER]", type=_FOLDER, required=False)
@click.option("--title", help="Titel des Moduls (sonst aus dem Namen).")
def new(module: str, folder: Path | None, title: str | None) -> None:
    """Ein Modul anlegen, das die Prüfung besteht; sonst in diesem Ordner."""
    from lti_tool.cli.new_module import start_module

    for line in start_module(module, title, folder):
        click.echo(line)


@content.command()
@click.option("--out", "folder", metavar="ORDNER", type=_FOLDER, help="Je Art von Datei eine Datei in diesen Ordner.")
def schema(folder: Path | None) -> None:
    """Die Grammatik als JSON Schema ausgeben, für Editoren."""
    from lti_tool.cli.contents import write_schemas

    click.echo(write_schemas(folder))


@content.command(name="import")
@click.argument("file", metavar="DATEI", type=_FOLDER)
@click.option("--module", "module", required=True, help="Modul, in dessen Quiz die Fragen kommen.")
@click.option("--to", "target", default="quiz.yaml", help="Datei im Ordner des Moduls (quiz.yaml).")
@click.option("--source", help="Quelle, die bei den Fragen steht (sonst die erste des Moduls).")
@click.option("--dir", "folder", metavar="ORDNER", type=_FOLDER, help="Ordner mit catalogue.yaml.")
def import_(file: Path, module: str, target: str, source: str | None, folder: Path | None) -> None:
    """Fragen aus Moodle-XML oder GIFT übernehmen."""
    from lti_tool.cli.exchanging import import_questions

    for line in import_questions(file, module, folder, target, source):
        click.echo(line)


@content.command(name="export")
@click.argument("module", metavar="MODUL")
@click.option(
    "--format", "form", type=click.Choice(["moodle-xml", "gift"]), required=True, help="moodle-xml oder gift."
)
@click.option("--out", metavar="DATEI", type=_FOLDER, help="Datei (sonst auf den Bildschirm).")
@click.option("--dir", "folder", metavar="ORDNER", type=_FOLDER, help="Ordner mit catalogue.yaml.")
def export(module: str, form: str, out: Path | None, folder: Path | None) -> None:
    """Das Quiz eines Moduls als Moodle-XML oder GIFT ausgeben."""
    from lti_tool.cli.exchanging import export_questions

    for line in export_questions(module, folder, form, out):
        click.echo(line, err=True)


@content.command()
@click.argument("module", metavar="[MODUL]", required=False)
@click.option("--dir", "folder", metavar="ORDNER", type=_FOLDER, help="Ordner mit catalogue.yaml.")
@click.option("--port", type=click.IntRange(0, 65535), default=8020, help="Port, 0 wählt einen freien (8020).")
def preview(module: str | None, folder: Path | None, port: int) -> None:
    """Lerninhalte beim Schreiben ansehen; lädt bei jedem Speichern neu und zeigt die Funde daneben."""
    from lti_tool.cli.previewing import preview as serve_preview

    serve_preview(module, folder, port)


@content.command(name="reload")
def reload() -> None:
    """Das laufende Werkzeug die Lerninhalte neu lesen lassen, ohne Unterbrechung."""
    from lti_tool.cli.reloading import reload_content

    for line in reload_content():
        click.echo(line)
