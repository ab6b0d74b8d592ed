"""The pages: readable, complete, at home in the archive, and usable by everybody."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from scorm_packages.errors import Finding, Severity

_PAGES = (".html", ".htm")
_TEXTS = (*_PAGES, ".css", ".js", ".svg", ".json", ".txt")
_LOADED = {"src", "poster", "data", "srcset"}
_ADDRESS = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])([^"')]+)""")
_CHARSET = re.compile(rb"""<meta[^>]+charset=["']?utf-8""", re.IGNORECASE)
_ABOVE = 4096
_FETCHES = re.compile(r"\bfetch\(|XMLHttpRequest|\bimportScripts\(")
_CALLS = {
    _FETCHES: (
        "Das Skript lädt Inhalte nach",
        "Inhalte in die Seite einbetten",
    ),
    re.compile(r"serviceWorker"): ("Das Skript richtet einen Service Worker ein", "darauf verzichten"),
    re.compile(r"""onbeforeunload|onunload|["'](?:beforeunload|unload)["']"""): (
        "Das Skript verlässt sich auf unload",
        "pagehide und visibilitychange verwenden",
    ),
}


def check_pages(files: Mapping[str, bytes], *, fetches: bool) -> Iterator[Finding]:
    """Find what is wrong with pages, stylesheets and scripts; `fetches` where the standard speaks that way."""
    for name, data in files.items():
        if not name.lower().endswith(_TEXTS):
            continue
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            yield Finding(name, "Die Datei ist nicht in UTF-8 geschrieben", "als UTF-8 speichern")
            continue
        if name.lower().endswith(_PAGES):
            yield from _page(name, data, files)
        elif name.endswith(".css"):
            yield from _styles(name, text, files)
        elif name.endswith(".js"):
            yield from _script(name, text, fetches=fetches)


def _page(name: str, data: bytes, files: Mapping[str, bytes]) -> Iterator[Finding]:
    root = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    if not _CHARSET.search(data[:_ABOVE]):
        yield Finding(name, "Der Seite fehlt die Angabe der Kodierung", '<meta charset="utf-8"> einfügen')
    if not root.get("lang"):
        yield Finding(name, "Der Seite fehlt die Sprache", "<html lang=…> angeben")
    if not (root.findtext(".//title") or "").strip():
        yield Finding(name, "Der Seite fehlt der Titel", "<title> ausfüllen")
    if root.find(".//base") is not None:
        yield Finding(name, "Die Seite ändert mit <base>, wohin Verweise führen", "<base> entfernen")
    yield from _addresses(name, root, files)
    yield from _accessibility(name, root)


def _addresses(name: str, root: etree._Element, files: Mapping[str, bytes]) -> Iterator[Finding]:
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    for element in root.iter(etree.Element):
        for attribute, value in element.attrib.items():
            loaded = attribute in _LOADED or (element.tag == "link" and attribute == "href")
            if not loaded and not (attribute == "href" and element.tag in {"a", "area"}):
                continue
            yield from _address(name, value.strip(), files, ids, loaded=loaded)


def _address(
    name: str, address: str, files: Mapping[str, bytes], ids: set[str | None], *, loaded: bool
) -> Iterator[Finding]:
    parts = urlsplit(address)
    if parts.scheme in {"data", "blob"} or (not loaded and parts.scheme in {"https", "mailto", "tel"}):
        return
    if parts.scheme or parts.netloc:
        yield Finding(name, f"{address[:80]} liegt auf einem anderen Server", "die Datei einpacken")
        return
    if parts.query:
        yield Finding(name, f"{address[:80]} hat Parameter, die LMS verlieren", "ohne ? adressieren")
    if parts.path:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
        if target not in files:
            yield Finding(name, f"{address[:80]} führt ins Leere", "die Datei einpacken oder den Verweis berichtigen")
    elif parts.fragment and unquote(parts.fragment) not in ids:
        yield Finding(name, f"{address[:80]} führt ins Leere", "den Verweis berichtigen")


def _accessibility(name: str, root: etree._Element) -> Iterator[Finding]:
    for image in root.iter("img"):
        if image.get("alt") is None:
            yield Finding(name, f"Dem Bild {image.get('src')} fehlt die Beschreibung", "alt ausfüllen")
    for frame in root.iter("iframe"):
        if not frame.get("title"):
            yield Finding(name, "Einem Rahmen fehlt der Titel", "title ausfüllen")
    repeated = Counter(element.get("id") for element in root.iter() if element.get("id"))
    for key, count in repeated.items():
        if count > 1:
            yield Finding(name, f"Die Kennung {key} steht {count}-mal auf der Seite", "jede nur einmal vergeben")
    yield from _fields(name, root)


def _fields(name: str, root: etree._Element) -> Iterator[Finding]:
    labelled = {label.get("for") for label in root.iter("label")}
    for field in root.iter("input", "select", "textarea"):
        named = field.get("aria-label") or field.get("aria-labelledby") or field.get("id") in labelled
        if field.get("type") not in {"hidden", "submit", "button"} and not named and not _inside_label(field):
            yield Finding(name, f"Dem Feld {field.get('name')} fehlt die Beschriftung", "ein label angeben")


def _inside_label(field: etree._Element) -> bool:
    return any(above.tag == "label" for above in field.iterancestors())


def _styles(name: str, text: str, files: Mapping[str, bytes]) -> Iterator[Finding]:
    for address in _ADDRESS.findall(text):
        yield from _address(name, address.strip(), files, set(), loaded=True)


def _script(name: str, text: str, *, fetches: bool) -> Iterator[Finding]:
    for pattern, (what, mend) in _CALLS.items():
        if pattern.search(text) and not (fetches and pattern is _FETCHES):
            yield Finding(name, what, mend, Severity.WARNING)
