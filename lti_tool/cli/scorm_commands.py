"""What makes, checks and shows SCORM packages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from lti_tool.cli.german import Group


@click.group(cls=Group)
def scorm() -> None:
    """Module als SCORM-Pakete für LMS ohne LTI."""


@scorm.command()
@click.argument("modules", metavar="[MODUL …]", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Ein Paket für jedes Modul.")
@click.option("--certification", help="Ein Paket für alle Module einer Zertifizierung.")
@click.option("--edition", default="1.2", help="1.2 (so ohne Angabe), 2004, 2004-3 oder cmi5.")
@click.option(
    "--reporting",
    default="passed-incomplete",
    help="Was das LMS bei bestanden und bei nicht bestanden hört: passed-incomplete (so ohne Angabe), "
    "passed-failed, completed-incomplete oder completed-failed.",
)
@click.option("--mastery", type=click.IntRange(1, 100), help="Bestanden ab so viel Prozent (sonst, was das Quiz sagt).")
@click.option("--lang", default="de", help="Sprache der Bedienung: de oder en.")
@click.option(
    "--thin",
    default="",
    metavar="ADRESSE",
    help="Kein Inhalt, nur ein Wegweiser: die https-Adresse, unter der das Modul mit Anmeldung läuft; {module} steht "
    "darin für den Namen des Moduls.",
)
@click.option("--content", "content_dir", type=click.Path(path_type=Path), help="Anderer Ordner mit Lerninhalten.")
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help="Ordner für die Pakete (der jetzige).")
@click.option("--force", is_flag=True, help="Vorhandene Dateien ersetzen.")
@click.option("--json", "as_json", is_flag=True, help="Das Ergebnis als JSON ausgeben.")
def build(**wanted: Any) -> None:
    """Pakete bauen: gerendert, geprüft, Byte für Byte wiederholbar."""
    from lti_tool.cli.packages import build_packages

    build_packages(**wanted)


@scorm.command()
@click.argument("files", metavar="DATEI …", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Die Funde als JSON ausgeben.")
def verify(files: tuple[Path, ...], as_json: bool) -> None:
    """SCORM-Pakete prüfen, auch fremde: jeder Fund mit Datei, Grund und Abhilfe."""
    from lti_tool.cli.packages import verify_packages

    sys.exit(verify_packages(files, as_json=as_json))


@scorm.command()
@click.argument("file", metavar="DATEI", type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=8020, help="Port, 0 wählt einen freien (8020).")
@click.option(
    "--scorm-again",
    is_flag=True,
    help="scorm-again, eine unabhängige SCORM-Laufzeit, einmalig über npm holen; danach spielt immer sie.",
)
def preview(file: Path, port: int, scorm_again: bool) -> None:
    """Ein SCORM-Paket im Browser ansehen, mit allen Aufrufen an das LMS daneben."""
    from lti_tool.cli.packages import preview_package

    preview_package(file, port, scorm_again=scorm_again)
