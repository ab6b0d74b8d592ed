"""quiz.yaml, written so that people like to go on writing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

_WIDTH = 120


class _Dumper(yaml.SafeDumper):
    """Indents lists, and writes texts of several lines as such."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent items of lists below their key."""
        del indentless
        super().increase_indent(flow, indentless=False)


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _string)


def questions_yaml(questions: Sequence[dict[str, Any]], indent: int = 2) -> str:
    """Return list items for `questions:`."""
    text = yaml.dump(list(questions), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH)
    margin = " " * indent
    return "".join(margin + line if line.strip() else line for line in text.splitlines(keepends=True))
