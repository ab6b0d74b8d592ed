"""Pages that only point to a module elsewhere: one safe link, and nothing that runs or reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from lxml import etree, html

from scorm_packages.errors import Finding

_RUNS = ("script", "iframe", "object", "embed", "form")


def check_signposts(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Look at each page that says of itself that it is a signpost."""
    for name, data in files.items():
        if name.endswith(".html") and b"data-signpost" in data:
            yield from _page(name, html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8")))


def _page(name: str, root: etree._Element) -> Iterator[Finding]:
    for element in root.iter(*_RUNS):
        yield Finding(name, f"Ein Wegweiser enthält {element.tag}", "nur Text und den Verweis lassen")
    links = [link for link in root.iter("a") if urlsplit(link.get("href", "")).netloc]
    if len(links) != 1:
        yield Finding(name, f"Ein Wegweiser hat {len(links)} Verweise nach außen", "genau einen angeben")
    for link in links:
        parts = urlsplit(link.get("href", ""))
        if "@" in parts.netloc:
            yield Finding(name, "Der Verweis enthält Name oder Passwort", "die Adresse ohne Zugangsdaten angeben")
        if not {"noopener", "noreferrer"} <= set(link.get("rel", "").split()):
            yield Finding(name, "Der Verweis verrät, woher jemand kommt", 'rel="noopener noreferrer" angeben')
        if link.get("target") != "_blank":
            yield Finding(name, "Der Verweis öffnet im Rahmen des LMS", 'target="_blank" angeben')
