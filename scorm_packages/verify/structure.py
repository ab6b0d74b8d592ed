"""The course structure of cmi5: valid, with addresses that lead somewhere and names that mean one thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, unquote, urlsplit

from lxml import etree

from scorm_packages.editions.cmi5 import CMI5, NAME
from scorm_packages.errors import Finding, Severity
from scorm_packages.plan import Edition
from scorm_packages.verify.root import read_root
from scorm_packages.xsd import schema

_LAUNCH = ("endpoint", "fetch", "actor", "registration", "activityId")
_NAMED = {"course", "block", "au", "objective"}


def is_cmi5(files: Mapping[str, bytes]) -> bool:
    """Whether an archive means to be a cmi5 course, rightly made or not."""
    return any(name.rpartition("/")[2].lower() == NAME for name in files)


def check_structure(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Find what is wrong with cmi5.xml."""
    if NAME not in files:
        yield Finding(
            NAME,
            "cmi5.xml liegt nicht in der obersten Ebene oder ist anders geschrieben",
            "die Datei klein geschrieben in die oberste Ebene legen",
        )
        return
    root = read_root(NAME, files[NAME], "Die Kursstruktur")
    if isinstance(root, Finding):
        yield root
        return
    if root.tag != CMI5.name("courseStructure"):
        yield Finding(NAME, "Der Namensraum ist nicht der von cmi5", f"courseStructure mit xmlns={CMI5.uri} angeben")
        return
    rules = schema(Edition.CMI5)
    if not rules.validate(root):
        for fault in rules.error_log:
            yield Finding(NAME, f"Zeile {fault.line} ist nicht gültig: {fault.message}", "nach dem Schema berichtigen")
    yield from _names(root)
    yield from _languages(root)
    yield from _units(root, files)


def _names(root: etree._Element) -> Iterator[Finding]:
    named = [e for e in root.iter(etree.Element) if etree.QName(e).localname in _NAMED and e.get("id") is not None]
    known = Counter(element.get("id") for element in named)
    for name, count in known.items():
        if count > 1:
            yield Finding(NAME, f"Die Kennung {name} ist {count}-mal vergeben", "jede Kennung nur einmal vergeben")
        if not urlsplit(name).scheme:
            yield Finding(NAME, f"Die Kennung {name} ist keine vollständige IRI", "mit https: oder urn: beginnen")
    for reference in root.iter(CMI5.name("objective")):
        wanted = reference.get("idref")
        if wanted is not None and wanted not in known:
            yield Finding(NAME, f"Das Lernziel {wanted} gibt es nicht", "den Verweis berichtigen")


def _languages(root: etree._Element) -> Iterator[Finding]:
    for place in root.iter(CMI5.name("title"), CMI5.name("description")):
        tongues = Counter((words.get("lang") or "").lower() for words in place.iter(CMI5.name("langstring")))
        if tongues and max(tongues.values()) > 1:
            yield Finding(NAME, f"Zeile {place.sourceline}: eine Sprache kommt zweimal vor", "einen Text entfernen")


def _units(root: etree._Element, files: Mapping[str, bytes]) -> Iterator[Finding]:
    for unit in root.iter(CMI5.name("au")):
        address = (unit.findtext(CMI5.name("url")) or "").strip()
        parts = urlsplit(address)
        for name in sorted(set(_LAUNCH) & parse_qs(parts.query, keep_blank_values=True).keys()):
            yield Finding(NAME, f"{address[:80]} gibt {name} vor", "den Parameter dem LMS überlassen")
        if parts.scheme or parts.netloc:
            yield Finding(
                NAME,
                f"{address[:80]} liegt nicht im Paket",
                "die Seite einpacken, wenn sie mitreisen soll",
                Severity.WARNING,
            )
        elif unquote(parts.path) not in files:
            yield Finding(NAME, f"{address[:80]} führt ins Leere", "die Startseite einpacken oder berichtigen")
        if unit.get("moveOn") in {"Passed", "CompletedAndPassed"} and unit.get("masteryScore") is None:
            yield Finding(
                NAME, f"{address[:80]} verlangt Bestehen ohne masteryScore", "masteryScore angeben", Severity.WARNING
            )
