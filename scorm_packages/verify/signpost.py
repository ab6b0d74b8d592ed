"""Pages that only point to a module elsewhere: one safe link, and nothing that runs or reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from lxml import etree, html

from scorm_packages.errors import Finding
from scorm_packages.verify.manifest import NAME as MANIFEST

_RUNS = ("script", "iframe", "object", "embed", "form")


def check_signposts(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Look at each page that says of itself that it is a signpost."""
    for name, data in files.items():
        if name.endswith(".html") and b"data-signpost" in data:
            yield from _kind(name, files.get(MANIFEST, b""))
            yield from _page(name, html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8")))


def _kind(name: str, manifest: bytes) -> Iterator[Finding]:
    """LMSs take an asset for completed once it has been opened."""
    try:
        root = etree.fromstring(manifest, etree.XMLParser(no_network=True, resolve_entities=False))
    except etree.XMLSyntaxError:
        return  # the check of the manifest says so
    for resource in root.iter("{*}resource"):
        kinds = {value for key, value in resource.attrib.items() if key.lower().endswith("scormtype")}
        if resource.get("href") == name and "asset" in kinds:
            yield Finding(
                MANIFEST, "Ein Wegweiser ist als asset eingetragen", "sco angeben, sonst gilt er als erledigt"
            )


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
