"""Check content and report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from lti_tool.cli.german import CommandFailed
from lti_tool.curriculum.checks import check
from lti_tool.curriculum.errors import Problem, Severity
from lti_tool.settings import PACKAGED_CONTENT


def check_content(folder: Path | None, *, strict: bool, as_json: bool) -> int:
    """Print every problem as `file:line:column: what – how to mend it`; return the exit code.

    Raises:
        CommandFailed: the folder does not exist.
    """
    folder = folder or PACKAGED_CONTENT
    if not folder.is_dir():
        raise CommandFailed(f"Den Ordner {folder} gibt es nicht. Geben Sie den Ordner mit catalogue.yaml an.")
    problems = check(folder)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    click.echo(_json(problems) if as_json else _text(problems, errors))
    return 1 if errors or (strict and problems) else 0


def _text(problems: Sequence[Problem], errors: int) -> str:
    lines = [f"{_LABELS[problem.severity]} {problem}" for problem in problems]
    if not problems:
        return "Keine Probleme gefunden."
    return "\n".join([*lines, f"{errors} Fehler, {len(problems) - errors} Warnungen"])


_LABELS = {Severity.ERROR: "Fehler:  ", Severity.WARNING: "Warnung: "}


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
