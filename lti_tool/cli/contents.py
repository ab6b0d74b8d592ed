"""Check content and report; hand out the grammar."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from lti_tool.cli.german import CommandFailed
from lti_tool.curriculum.checks import Told, check
from lti_tool.curriculum.errors import Problem, Severity
from lti_tool.curriculum.json_schema import json_schemas
from lti_tool.packaged import PACKAGED_CONTENT

_MANY = 50
"""From this many steps on, a bar shows that something is happening."""

_LABELS = {Severity.ERROR: "Fehler:  ", Severity.WARNING: "Warnung: ", Severity.HINT: "Hinweis: "}


def check_content(folder: Path | None, *, strict: bool, as_json: bool) -> int:
    """Print every problem as `file:line:column: what – how to mend it`; return the exit code.

    Raises:
        CommandFailed: the folder does not exist.
    """
    problems = check(content_folder(folder), told=_bar())
    counts = Counter(problem.severity for problem in problems)
    click.echo(_json(problems) if as_json else _text(problems, counts))
    return 1 if counts[Severity.ERROR] or (strict and counts[Severity.WARNING]) else 0


def content_folder(folder: Path | None) -> Path:
    """Return the folder that was named, by default the packaged content.

    Raises:
        CommandFailed: the folder does not exist.
    """
    folder = folder or PACKAGED_CONTENT
    if not folder.is_dir():
        raise CommandFailed(f"Den Ordner {folder} gibt es nicht. Geben Sie den Ordner mit catalogue.yaml an.")
    return folder


def _bar() -> Told:
    """Return what draws a bar on a terminal; elsewhere nothing is drawn, so that logs stay clean."""
    width = 40

    def tell(done: int, steps: int) -> None:
        if steps >= _MANY and sys.stderr.isatty():
            full = width * done // steps
            end = "\n" if done == steps else ""
            click.echo(f"\rPrüfe [{'#' * full}{' ' * (width - full)}] {done}/{steps}{end}", nl=False, err=True)

    return tell


def _text(problems: Sequence[Problem], counts: Counter[Severity]) -> str:
    lines = [f"{_LABELS[problem.severity]} {problem}" for problem in problems]
    if not problems:
        return "Keine Probleme gefunden."
    summary = f"{counts[Severity.ERROR]} Fehler, {counts[Severity.WARNING]} Warnungen, {counts[Severity.HINT]} Hinweise"
    return "\n".join([*lines, summary])


def _json(problems: Sequence[Problem]) -> str:
    rows = [
        {
            "file": problem.file,
            "line": problem.line,
            "column": problem.column,
            "severity": str(problem.severity),
            "what": problem.what,
            "mend": problem.mend,
        }
        for problem in problems
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def write_schemas(folder: Path | None) -> str:
    """Write one JSON Schema per kind of file; return what to print: the schemas themselves where no folder is named."""
    schemas = json_schemas()
    if folder is None:
        return json.dumps(schemas, ensure_ascii=False, indent=2)
    folder.mkdir(parents=True, exist_ok=True)
    for name, one in schemas.items():
        (folder / f"{name}.schema.json").write_text(json.dumps(one, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return f"{len(schemas)} Dateien liegen in {folder}. Wie Editoren sie finden, steht in docs/authoring.md."
