"""Write the table of settings into config/README.md, from the docstrings of the settings."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from lti_tool.settings import variables

README = Path(__file__).parents[1] / "config" / "README.md"
BEGIN = "<!-- settings: written by scripts/settings_table.py -->\n"
END = "<!-- /settings -->"


def table() -> str:
    """Return the settings as a Markdown table."""
    rows = [f"| `{name}` | {_default(default)} | {text} |" for name, default, text in variables()]
    return "\n".join(["| Variable | Default | Meaning |", "| --- | --- | --- |", *rows, ""])


def _default(default: str) -> str:
    if not default:
        return "**required**"
    return default if default.startswith("(") or " " in default else f"`{default}`"


if __name__ == "__main__":
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    README.write_text(before + BEGIN + table() + END + rest.partition(END)[2], encoding="utf-8")
