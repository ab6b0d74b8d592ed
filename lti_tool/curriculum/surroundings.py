"""The place a text is shown in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from types import MappingProxyType

from lti_tool.curriculum.words import word

MEDIA_FOLDER = "media/"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a text needs to know about the place it is shown in.

    Attributes:
        media_base: address of the module's media folder, without a slash at the end.
        page_href: pattern for the address of another page of the module, with `{slug}`.
        language: of the text, for the few words the renderer adds.
        sizes: file name -> bytes of the module's media.
        terms: id -> explanation of the module's glossary.
    """

    media_base: str
    page_href: str = "{slug}"
    language: str = "de"
    sizes: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    terms: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def word(self, key: str) -> str:
        return word(self.language, key)

    def media(self, source: str) -> str:
        """Return the address of a file that the text calls `media/name`."""
        return f"{self.media_base}/{PurePosixPath(source).name}"
