"""Where statements come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class SourceKind(StrEnum):
    """What a source is; readers weigh a statute differently from a web page."""

    LAW = "gesetz"
    STANDARD = "norm"
    GUIDE = "leitfaden"
    WEB = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a statement comes from.

    Attributes:
        id: name of the source inside its module.
        stand: the day whose state of the source the content follows.
    """

    id: str
    title: str
    kind: SourceKind
    stand: date
    url: str | None = None
