"""Rules for a module's media: served under the tool's own address, so nothing in them may run."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from lti_tool.curriculum.errors import Problem

MEDIA_TYPES: Mapping[str, str] = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
_SVG = "{http://www.w3.org/2000/svg}"
_ACTIVE = {"script", "foreignObject", "iframe", "use", "image", "a", "animate", "set", "style"}


def check_media(folder: str, media: Mapping[str, bytes]) -> Iterator[Problem]:
    """Run all rules over the files of one folder (name -> bytes)."""
    for name, data in media.items():
        for what, mend in _file(name, data):
            yield Problem(f"{folder}/{name}", 1, 1, what, mend)


def _file(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    if not _NAME.match(name):
        yield f"Der Dateiname {name} hat unerlaubte Zeichen", "nur A–Z, a–z, 0–9, Punkt, Unter- und Bindestrich"
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in MEDIA_TYPES:
        yield f"Dateien mit der Endung »{suffix}« sind nicht vorgesehen", f"erlaubt: {', '.join(MEDIA_TYPES)}"
    elif suffix == ".svg":
        yield from _svg(data)


def _svg(data: bytes) -> Iterator[tuple[str, str]]:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        yield "Das SVG hat einen DOCTYPE", "die Zeile entfernen"
        return
    try:
        root = ET.fromstring(data)  # noqa: S314 -- no DOCTYPE, so no entities; see above
    except ET.ParseError as error:
        yield f"Das SVG ist nicht lesbar ({error})", "neu aus dem Zeichenprogramm speichern"
        return
    if root.tag != f"{_SVG}svg" or not root.get("viewBox"):
        yield "Das SVG hat keine viewBox", "mit viewBox speichern, damit es mit der Seite wächst"
    if not (root.findtext(f"{_SVG}title") or "").strip():
        yield "Das SVG hat kein title-Element", "<title>…</title> als erstes Element ergänzen"
    for element in root.iter():
        yield from _active_parts(element)


def _active_parts(element: ET.Element) -> Iterator[tuple[str, str]]:
    name = str(element.tag).removeprefix(_SVG)
    if name in _ACTIVE:
        yield f"Das SVG enthält <{name}>", "nur gezeichnete Formen und Text verwenden"
    for attribute, value in element.attrib.items():
        local = attribute.rpartition("}")[2].lower()
        if local.startswith("on") or local == "href" or "url(" in value.replace("url(#", ""):
            yield f"Das SVG enthält das Attribut {local}", "Skripte und Verweise nach außen entfernen"
