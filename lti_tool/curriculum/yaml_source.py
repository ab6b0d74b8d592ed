"""YAML that remembers where each value stood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from lti_tool.curriculum.errors import Problem, Severity

Loc = tuple[str | int, ...]
"""The way to a value: keys and list positions, as pydantic writes it too."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster, but not in every build


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a file, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class YamlSource:
    """A parsed file.

    Attributes:
        data: plain Python values.
        values: where each value starts.
        keys: where each mapping's key starts.
        texts: the line on which a value's own text starts (a block scalar's text starts a line below its mark).
        broken: the file could not be read as YAML, and that has been reported.
    """

    file: str
    data: Any
    values: Mapping[Loc, Place]
    keys: Mapping[Loc, Place]
    texts: Mapping[Loc, int]
    broken: bool = False

    def place(self, loc: Loc) -> Place:
        """Return where a value stands, or the nearest thing around it."""
        while loc not in self.values and loc:
            loc = loc[:-1]
        return self.values.get(loc, Place(1, 1))

    def problem(self, loc: Loc, what: str, mend: str, severity: Severity = Severity.ERROR) -> Problem:
        place = self.place(loc)
        return Problem(self.file, place.line, place.column, what, mend, severity)

    def key_problem(self, loc: Loc, what: str, mend: str) -> Problem:
        place = self.keys.get(loc, self.place(loc))
        return Problem(self.file, place.line, place.column, what, mend)


def read_yaml(file: str, text: str, report: Callable[[Problem], None], *, first_line: int = 1) -> YamlSource:
    """Parse one document.

    Args:
        file: the name that findings carry.
        text: the YAML.
        report: takes each finding.
        first_line: the line of the file on which `text` starts.
    """
    reader = _Reader(file, report, first_line)
    data = reader.read(text)
    return YamlSource(file, data, reader.values, reader.keys, reader.texts, broken=reader.broken)


class _Reader:
    def __init__(self, file: str, report: Callable[[Problem], None], first_line: int) -> None:
        self.values: dict[Loc, Place] = {}
        self.keys: dict[Loc, Place] = {}
        self.texts: dict[Loc, int] = {}
        self.broken = False
        self._file = file
        self._report = report
        self._first_line = first_line
        self._seen: set[int] = set()
        self._scalars = yaml.constructor.SafeConstructor()

    def read(self, text: str) -> Any:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
        except yaml.MarkedYAMLError as error:
            detail = " ".join(part for part in (error.context, error.problem) if part)
            self._problem(error.problem_mark, f"Das ist kein gültiges YAML ({detail})", "Einrückung prüfen")
            return None
        except yaml.YAMLError:
            self._problem(None, "Die Datei enthält Steuerzeichen", "als UTF-8-Text neu speichern")
            return None
        finally:
            loader.dispose()
        return None if root is None else self._value(root, ())

    def _value(self, node: Any, loc: Loc) -> Any:
        self.values[loc] = self._place(node.start_mark)
        if id(node) in self._seen:
            self._problem(node.start_mark, "Verweise (& und *) sind nicht erlaubt", "den Text ausschreiben")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*loc, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, loc)

    def _mapping(self, node: Any, loc: Loc) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in data:
                self._problem(key_node.start_mark, f"»{key}« steht zweimal da", "eine der Angaben entfernen")
                continue
            self.keys[(*loc, key)] = self._place(key_node.start_mark)
            data[key] = self._value(value_node, (*loc, key))
        return data

    def _scalar(self, node: Any, loc: Loc) -> Any:
        self.texts[loc] = self._place(node.start_mark).line + (1 if node.style in {"|", ">"} else 0)
        try:
            return self._scalars.construct_object(node)
        except (yaml.YAMLError, ValueError):
            self._problem(node.start_mark, f"»{node.value}« ist nicht lesbar", "Schreibweise prüfen")
            return None

    def _place(self, mark: Any) -> Place:
        return Place(mark.line + self._first_line, mark.column + 1)

    def _problem(self, mark: Any, what: str, mend: str) -> None:
        self.broken = True
        place = self._place(mark) if mark else Place(self._first_line, 1)
        self._report(Problem(self._file, place.line, place.column, what, mend))
