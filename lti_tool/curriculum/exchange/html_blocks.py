"""Markdown, written block by block."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")
_AT_START = re.compile(r"^(#{1,6}(?=\s|$)|[-+](?=\s|$)|\d{1,9}[.)](?=\s|$)|:{3,}|=+\s*$|-{2,}\s*$)")
_ENTITY = re.compile(r"&(?=#?\w+;)")


def escaped(text: str) -> str:
    """Return text that Markdown reads as it is written."""
    return _ENTITY.sub("&amp;", _SPECIAL.sub(r"\\\1", text))


class Blocks:
    """Takes words and says where blocks begin; whitespace is as browsers see it."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._words = ""
        self._prefix = ""
        self._lists: list[str] = []
        self._rows: list[list[str]] = []
        self._in_table = False
        self._in_code = False

    def finished(self) -> list[str]:
        """Return all blocks; items that follow each other are one block."""
        self.begin()
        joined: list[str] = []
        for block in self._blocks:
            if joined and _is_item(block) and _is_item(joined[-1].rpartition("\n")[2]):
                joined[-1] += "\n" + block
            else:
                joined.append(block)
        return joined

    def begin(self, prefix: str = "") -> None:
        """End the block before and begin another."""
        if self._in_table:
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", self._words).strip(" ")
        if words:
            words = words if self._prefix.startswith("#") else _AT_START.sub(_backslashed, words)
            self._blocks.append(self._prefix + words)
            self._prefix = ""
        self._words = ""
        if prefix:
            self._prefix = prefix

    def write(self, text: str) -> None:
        self._words += text.replace("`", "'") if self._in_code else escaped(text)

    def raw(self, markdown: str) -> None:
        self._words += markdown

    def open_mark(self, mark: str) -> None:
        """Begin emphasis; Markdown wants it to touch the word behind it."""
        self._in_code = mark == "`"
        self._words += f"\0{mark}"

    def close_mark(self, mark: str) -> None:
        """End emphasis; an empty one is none."""
        self._in_code = False
        before, opened, inside = self._words.rpartition(f"\0{mark}")
        if not opened:
            return
        if mark == "`" and inside.strip():
            pad = " " if inside[0].isspace() and inside[-1].isspace() else ""  # Markdown takes one away on both sides
            self._words = f"{before}`{pad}{inside}{pad}`"
            return
        words = inside.strip()
        left = " " if inside[:1].isspace() else ""
        right = " " if inside[-1:].isspace() else ""
        self._words = before + (f"{left}{mark}{words}{mark}{right}" if words else " ")

    def open_list(self, mark: str) -> None:
        self.begin()
        self._lists.append(mark)

    def close_list(self) -> None:
        self.begin()
        if self._lists:
            self._lists.pop()
        self._prefix = ""

    def begin_item(self) -> None:
        mark = self._lists[-1] if self._lists else "- "
        self.begin("  " * (len(self._lists) - 1) + mark)

    def table(self, tag: str) -> None:
        """A table, a row or a cell begins."""
        if tag == "table":
            self.begin()
            self._in_table, self._rows = True, []
            return
        self._end_cell()
        if tag == "tr":
            self._rows.append([])

    def _end_cell(self) -> None:
        words = " ".join(self._words.split())
        if self._rows and words:
            self._rows[-1].append(words)
        self._words = ""

    def end_table(self) -> None:
        self._end_cell()
        self._in_table = False
        rows = [row for row in self._rows if row]
        if rows:
            width = max(len(row) for row in rows)
            lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
            lines.insert(1, "|" + "---|" * width)
            self._blocks.append("\n".join(lines))


def _backslashed(found: re.Match[str]) -> str:
    """Escape the character that would make a line something else: the dot of a number, the first one otherwise."""
    text = found[0]
    return text[:-1] + "\\" + text[-1] if text[0].isdigit() else "\\" + text


def _is_item(line: str) -> bool:
    return bool(re.match(r"\s*(?:- |1\. )", line))
