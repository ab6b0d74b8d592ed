"""The manifest: valid, as LMSs look for it, and the same as the archive's contents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from lxml import etree

from scorm_packages.errors import Finding
from scorm_packages.plan import Edition
from scorm_packages.verify.root import read_root
from scorm_packages.xsd import schema

NAME = "imsmanifest.xml"
_VERSIONS = {
    "1.2": Edition.SCORM12,
    "1.3": Edition.SCORM2004,
    "CAM 1.3": Edition.SCORM2004,
    "2004 3rd Edition": Edition.SCORM2004_3RD,
    "2004 4th Edition": Edition.SCORM2004,
}
_NAMESPACES = {
    Edition.SCORM12: "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    Edition.SCORM2004: "http://www.imsglobal.org/xsd/imscp_v1p1",
    Edition.SCORM2004_3RD: "http://www.imsglobal.org/xsd/imscp_v1p1",
}
_PREFIXES = {"http://www.imsglobal.org/xsd/imsss": "imsss"} | dict.fromkeys(
    ("http://www.adlnet.org/xsd/adlcp_rootv1p2", "http://www.adlnet.org/xsd/adlcp_v1p3"), "adlcp"
)
_CONTROL = (".xsd", ".dtd")


def check_manifest(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Find what is wrong with imsmanifest.xml."""
    if NAME not in files:
        lower = {name.rpartition("/")[2].lower() for name in files}
        what = "imsmanifest.xml liegt nicht in der obersten Ebene oder ist anders geschrieben"
        yield Finding(
            NAME,
            what if NAME in lower else "imsmanifest.xml fehlt",
            "die Datei klein geschrieben in die oberste Ebene legen",
        )
        return
    root = read_root(NAME, files[NAME], "Das Manifest")
    if isinstance(root, Finding):
        yield root
        return
    yield from _edition(root)
    yield from _identifiers(root)
    yield from _resources(root, files)


def _edition(root: etree._Element) -> Iterator[Finding]:
    version = (root.findtext("{*}metadata/{*}schemaversion") or "").strip()
    edition = _VERSIONS.get(version)
    if edition is None:
        yield Finding(
            NAME,
            f"schemaversion „{version}“ kennen LMS nicht und nehmen SCORM 1.2 an",
            f"eine von {', '.join(_VERSIONS)} angeben",
        )
        return
    if root.tag != f"{{{_NAMESPACES[edition]}}}manifest" or root.prefix:
        yield Finding(NAME, "Der Namensraum passt nicht zu schemaversion", f"xmlns={_NAMESPACES[edition]} angeben")
        return
    for uri, prefix in _PREFIXES.items():
        said = {known for element in root.iter() for known, there in element.nsmap.items() if there == uri}
        if said - {prefix}:
            yield Finding(NAME, f"Moodle sucht den Präfix {prefix} wörtlich", f"den Namensraum {uri} {prefix} nennen")
    rules = schema(edition)
    if not rules.validate(root):
        for error in rules.error_log:
            yield Finding(NAME, f"Zeile {error.line} ist nicht gültig: {error.message}", "nach dem Schema berichtigen")


def _identifiers(root: etree._Element) -> Iterator[Finding]:
    known = Counter(element.get("identifier") for element in root.iter() if element.get("identifier"))
    for name, count in known.items():
        if count > 1:
            yield Finding(NAME, f"Die Kennung {name} ist {count}-mal vergeben", "jede Kennung nur einmal vergeben")
    wanted = {element.get("identifierref") for element in root.iter() if element.get("identifierref")}
    organizations = root.find("{*}organizations")
    if organizations is None or organizations.find("{*}organization/{*}item") is None:
        yield Finding(NAME, "Das Manifest hat keinen Eintrag, der sich starten lässt", "ein item mit Titel anlegen")
    else:
        wanted.add(organizations.get("default"))
    for name in sorted(filter(None, wanted - known.keys())):
        yield Finding(NAME, f"Die Kennung {name} gibt es nicht", "den Verweis berichtigen")


def _resources(root: etree._Element, files: Mapping[str, bytes]) -> Iterator[Finding]:
    listed: set[str] = set()
    launched = {item.get("identifierref") for item in root.iter("{*}item")}
    for resource in root.iter("{*}resource"):
        base = resource.get("{http://www.w3.org/XML/1998/namespace}base", "")
        hrefs = {base + unquote(file.get("href", "")) for file in resource.iter("{*}file")}
        listed |= hrefs
        start = base + unquote((resource.get("href") or "").partition("?")[0].partition("#")[0])
        if resource.get("href") and start not in hrefs:
            yield Finding(NAME, f"{start} ist nicht unter den Dateien der Ressource", "als file aufführen")
        kind = {key.rpartition("}")[2].lower(): value for key, value in resource.attrib.items()}.get("scormtype")
        if kind is None:
            yield Finding(NAME, f"Der Ressource {resource.get('identifier')} fehlt scormType", "sco oder asset angeben")
        elif resource.get("identifier") in launched and not resource.get("href"):
            yield Finding(NAME, f"Die Ressource {resource.get('identifier')} hat keine Startseite", "href angeben")
    there = {name for name in files if name != NAME and not _is_control(name)}
    for name in sorted(listed - files.keys()):
        yield Finding(name, "Das Manifest nennt die Datei, sie fehlt", "einpacken oder den Eintrag streichen")
    for name in sorted(there - listed):
        yield Finding(name, "Das Manifest nennt die Datei nicht", "als file aufführen oder weglassen")


def _is_control(name: str) -> bool:
    """Schemas lie beside the manifest without being content."""
    return name.endswith(_CONTROL) and (
        "/" not in name or name.partition("/")[0] in {"common", "extend", "unique", "vocab"}
    )
