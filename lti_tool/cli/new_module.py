"""Start a module: an example of everything, free of findings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lti_tool.cli.german import CommandFailed
from lti_tool.curriculum.checks import check
from lti_tool.curriculum.errors import Severity
from lti_tool.curriculum.scaffold import listed, module_files
from lti_tool.curriculum.schema_types import ID_PATTERN
from lti_tool.curriculum.yaml_source import YamlSource, read_yaml

_MINUTES = 30


def start_module(module_id: str, title: str | None, folder: Path | None) -> Iterator[str]:
    """Write a new module into a content folder and enter it in the catalogue; yield what to tell the author.

    Raises:
        CommandFailed: the name does not fit, or there is such a module already.
    """
    folder = folder or Path()
    target = folder / "modules" / module_id
    if not re.match(ID_PATTERN, module_id):
        raise CommandFailed(
            f"„{module_id}“ geht nicht als Name. Verwenden Sie A–Z, a–z, 0–9, Punkt, Unter- und Bindestrich."
        )
    if target.exists():
        raise CommandFailed(f"Den Ordner {target} gibt es schon. Wählen Sie einen anderen Namen.")
    announced = _enter(folder / "catalogue.yaml", module_id)
    title = title or announced.get("title") or module_id.replace("-", " ").capitalize()
    minutes = announced.get("minutes") or _MINUTES
    for name, text in module_files(module_id, title, minutes, datetime.now(UTC).date()).items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    yield f"{target} ist angelegt. Ansehen: smartcity content preview {module_id} --dir {folder}"
    if any(problem.severity is Severity.ERROR for problem in check(folder)):
        yield f"Im Ordner sind Fehler. Zeigen: smartcity content check {folder}"


def _enter(catalogue: Path, module_id: str) -> Mapping[str, Any]:
    """Add the module to the catalogue; return what was announced about it."""
    if not catalogue.exists():
        catalogue.parent.mkdir(parents=True, exist_ok=True)
        catalogue.write_text(f"modules:\n  - {module_id}\n", "utf-8")
        return {}
    text = catalogue.read_text("utf-8")
    source: YamlSource = read_yaml(str(catalogue), text, lambda _problem: None)
    changed = None if source.broken or not isinstance(source.data, dict) else listed(source, text, module_id)
    if changed is None:
        raise CommandFailed(
            f"{catalogue} lässt sich nicht ergänzen. Tragen Sie {module_id} unter „modules“ selbst ein."
        )
    catalogue.write_text(changed, "utf-8")
    return (source.data.get("planned") or {}).get(module_id) or {}
