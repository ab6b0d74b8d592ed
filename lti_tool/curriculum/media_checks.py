"""Rules for a module's media: served under the tool's own address, so nothing in them may run."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping

from lti_tool.curriculum.errors import Problem
from lti_tool.curriculum.media_file import MediaFile
from lti_tool.curriculum.media_types import MEDIA_TYPES, media_type, suffix

Fault = tuple[str, str]
"""What is wrong, how to mend it."""

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
_SVG = "{http://www.w3.org/2000/svg}"
_ACTIVE = {"script", "foreignObject", "iframe", "use", "image", "a", "animate", "set", "style"}


def check_media(folder: str, media: Mapping[str, MediaFile]) -> Iterator[Problem]:
    """Run all rules over the files of one folder (name -> file)."""
    for name, file in media.items():
        for what, mend in _file(name, file):
            yield Problem(f"{folder}/{name}", 1, 1, what, mend)


def _file(name: str, file: MediaFile) -> Iterator[Fault]:
    if not _NAME.match(name):
        yield f"Der Dateiname {name} hat unerlaubte Zeichen", "nur A–Z, a–z, 0–9, Punkt, Unter- und Bindestrich"
    if media_type(name) is None:
        yield f"Dateien mit der Endung »{suffix(name)}« sind nicht vorgesehen", f"erlaubt: {', '.join(MEDIA_TYPES)}"
    elif inside := _INSIDE.get(suffix(name)):
        yield from inside(file.read())


def _captions(data: bytes) -> Iterator[Fault]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield "Die Untertitel sind kein UTF-8-Text", "als UTF-8 speichern"
        return
    if not text.startswith("WEBVTT"):
        yield "Die Untertitel beginnen nicht mit WEBVTT", "im Format WebVTT speichern"
    if "-->" not in text:
        yield "Die Untertitel enthalten keinen Text", "Zeilen wie »00:01.000 --> 00:04.000« und den Text ergänzen"


def _svg(data: bytes) -> Iterator[Fault]:
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


def _active_parts(element: ET.Element) -> Iterator[Fault]:
    name = str(element.tag).removeprefix(_SVG)
    if name in _ACTIVE:
        yield f"Das SVG enthält <{name}>", "nur gezeichnete Formen und Text verwenden"
    for attribute, value in element.attrib.items():
        local = attribute.rpartition("}")[2].lower()
        if local.startswith("on") or local == "href" or "url(" in value.replace("url(#", ""):
            yield f"Das SVG enthält das Attribut {local}", "Skripte und Verweise nach außen entfernen"


_INSIDE: Mapping[str, Callable[[bytes], Iterator[Fault]]] = {".svg": _svg, ".vtt": _captions}
