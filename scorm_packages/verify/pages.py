"""The pages: readable, complete, at home in the archive, and usable by everybody."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from lxml import etree

from scorm_packages.errors import Finding, Severity

_PAGES = (".html", ".htm")
_TEXTS = (*_PAGES, ".css", ".js", ".svg", ".json", ".txt")
_ADDRESS = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])([^"')]+)""")
_CHARSET = re.compile(rb"""<meta[^>]+charset=["']?utf-8""", re.IGNORECASE)
_ABOVE = 4096
_FETCHES = "Das Skript lädt Inhalte nach"
_CALLS = {
    re.compile(r"\bfetch\(|XMLHttpRequest|\bimportScripts\("): (_FETCHES, "Inhalte in die Seite einbetten"),
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
            for address in _loaded_by(text):
                yield from _address(name, address, files, set(), loaded=True)
        elif name.endswith(".js"):
            told = [told for told in _calls(text) if not (fetches and told[0] == _FETCHES)]
            yield from (Finding(name, what, mend, Severity.WARNING) for what, mend in told)


def _page(name: str, data: bytes, files: Mapping[str, bytes]) -> Iterator[Finding]:
    root = etree.fromstring(data, etree.HTMLParser(encoding="utf-8")) if data.strip() else None
    if root is None:
        yield Finding(name, "Die Seite ist leer", "füllen oder weglassen")
        return
    if not _CHARSET.search(data[:_ABOVE]):
        yield Finding(name, "Der Seite fehlt die Angabe der Kodierung", '<meta charset="utf-8"> einfügen')
    if not root.get("lang"):
        yield Finding(name, "Der Seite fehlt die Sprache", "<html lang=…> angeben")
    if not (root.findtext(".//title") or "").strip():
        yield Finding(name, "Der Seite fehlt der Titel", "<title> ausfüllen")
    if root.find(".//base") is not None:
        yield Finding(name, "Die Seite ändert mit <base>, wohin Verweise führen", "<base> entfernen")
    ids = Counter(str(key) for key in root.xpath("//@id") if key)
    yield from _addresses(name, root, files, set(ids))
    yield from _accessibility(name, root, ids)


def _addresses(name: str, root: etree._Element, files: Mapping[str, bytes], ids: set[str]) -> Iterator[Finding]:
    loaded = root.xpath("//@src | //@poster | //@data | //@srcset | //link/@href")
    followed = root.xpath("//a/@href | //area/@href")
    for address in dict.fromkeys(map(str, loaded)):
        yield from _address(name, address.strip(), files, ids, loaded=True)
    for address in dict.fromkeys(map(str, followed)):
        yield from _address(name, address.strip(), files, ids, loaded=False)


def _address(name: str, address: str, files: Mapping[str, bytes], ids: set[str], *, loaded: bool) -> Iterator[Finding]:
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


def _accessibility(name: str, root: etree._Element, ids: Mapping[str, int]) -> Iterator[Finding]:
    for image in root.iter("img"):
        if image.get("alt") is None:
            yield Finding(name, f"Dem Bild {image.get('src')} fehlt die Beschreibung", "alt ausfüllen")
    for frame in root.iter("iframe"):
        if not frame.get("title"):
            yield Finding(name, "Einem Rahmen fehlt der Titel", "title ausfüllen")
    for key, count in ids.items():
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


@lru_cache(maxsize=8)
def _loaded_by(stylesheet: str) -> tuple[str, ...]:
    """Return the addresses in a stylesheet; packages have theirs in common."""
    return tuple(address.strip() for address in _ADDRESS.findall(stylesheet))


@lru_cache(maxsize=8)
def _calls(script: str) -> tuple[tuple[str, str], ...]:
    """Return what a script does that it should not; packages have theirs in common."""
    return tuple(told for pattern, told in _CALLS.items() if pattern.search(script))
