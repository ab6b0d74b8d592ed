"""A new module: files that pass the checker, to be overwritten by their author."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from string import Template

from lti_tool.curriculum.yaml_source import YamlSource

_TEMPLATES = Path(__file__).parent / "templates" / "scaffold"
_A_YEAR = timedelta(days=365)


def module_files(module_id: str, title: str, minutes: int, today: date) -> Mapping[str, str]:
    """Return the files of a new module by their path inside its folder."""
    words = {
        "id": module_id,
        "title": json.dumps(title, ensure_ascii=False),  # quoted: a title may hold a colon
        "minutes": str(minutes),
        "today": today.isoformat(),
        "next_year": (today + _A_YEAR).isoformat(),
    }
    files = (path for path in sorted(_TEMPLATES.rglob("*")) if path.is_file())
    return {
        path.relative_to(_TEMPLATES).as_posix(): Template(path.read_text("utf-8")).substitute(words) for path in files
    }


def listed(source: YamlSource, text: str, module_id: str) -> str | None:
    """Return the catalogue's text with a module added to its list; None if it must be added by hand.

    Everything else stays as its author wrote it, comments too. A module that was announced is announced no longer.
    """
    lines = text.splitlines()
    if ("planned", module_id) in source.keys:
        return _no_longer_planned(source, lines, module_id)
    if ("modules", 0) not in source.values:
        return None
    if source.values["modules", 0].line == source.keys[("modules",)].line:
        at = source.keys[("modules",)].line - 1
        changed = re.sub(r"\]", f", {module_id}]", lines[at], count=1)
        if changed == lines[at]:
            return None
        lines[at] = changed
    else:
        last = source.values["modules", len(source.data["modules"]) - 1]
        lines.insert(last.line, f"{' ' * (last.column - 3)}- {module_id}")
    return "\n".join(lines) + "\n"


def _no_longer_planned(source: YamlSource, lines: list[str], module_id: str) -> str | None:
    """Take out the announcement; its heading too where it was the only one."""
    place = source.keys["planned", module_id]
    inside = source.data["planned"]
    first = source.keys[("planned",)].line
    if place.line == first:
        return None
    later = [at.line for loc, at in source.keys.items() if at.line > place.line and len(loc) <= len(("planned", ""))]
    end = min(later, default=len(lines) + 1)
    start = first if len(inside) == 1 else place.line
    del lines[start - 1 : end - 1]
    return "\n".join(lines) + "\n"
