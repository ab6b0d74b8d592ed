"""Parts that the manifests of both editions have in common."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from scorm_packages.plan import Plan, Unit

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


class Namespace:
    """Makes elements of one namespace: `imscp.add(parent, "title", "Datenrecht")`."""

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def name(self, local: str) -> str:
        return f"{{{self.uri}}}{local}"

    def add(self, parent: etree._Element, local: str, text: str | None = None, **attributes: str) -> etree._Element:
        """Append an element and return it."""
        made = etree.SubElement(parent, self.name(local), attributes)
        made.text = text
        return made


def add_resources(
    imscp: Namespace, manifest: etree._Element, plan: Plan, files: Iterable[str], sco: tuple[str, str]
) -> None:
    """List every file: those of a unit with its SCO, what all share as a resource of its own.

    Args:
        imscp: the edition's namespace of content packaging.
        manifest: gets the resources.
        plan: the units.
        files: every file of the archive but the manifest and the schemas.
        sco: name of the attribute that tells a SCO from an asset, and prefix of its namespace.
    """
    attribute, _ = sco
    resources = imscp.add(manifest, "resources")
    names = sorted(files)
    shared = [name for name in names if not any(is_of(unit, name, plan) for unit in plan.units)]
    for number, unit in enumerate(plan.units, 1):
        resource = imscp.add(
            resources, "resource", identifier=f"res-{number}", type="webcontent", href=f"{unit.folder}index.html"
        )
        resource.set(attribute, "sco")  # a signpost, too: LMSs take an asset for completed once it has been opened
        for name in names:
            if is_of(unit, name, plan):
                imscp.add(resource, "file", href=name)
        imscp.add(resource, "dependency", identifierref="res-shared")
    resource = imscp.add(resources, "resource", identifier="res-shared", type="webcontent")
    resource.set(attribute, "asset")
    for name in shared:
        imscp.add(resource, "file", href=name)


def is_of(unit: Unit, name: str, plan: Plan) -> bool:
    """Tell whether a file belongs to one unit alone."""
    if len(plan.units) > 1:
        return name.startswith(unit.folder)
    return name == "index.html" or name.startswith("media/")


def schema_location(pairs: dict[str, str]) -> str:
    return " ".join(f"{uri} {file}" for uri, file in pairs.items())


def serialised(manifest: etree._Element) -> bytes:
    etree.indent(manifest)
    return bytes(etree.tostring(manifest, xml_declaration=True, encoding="UTF-8")) + b"\n"


def keywords(unit: Unit) -> list[str]:
    return ["Smart City", *sorted(unit.module.competences)]


def duration(minutes: int) -> str:
    """Write PT1H30M."""
    hours, rest = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest or not hours else "")


def remark(unit: Unit) -> str:
    """Say what is left out of the package, in the metadata's language of the content."""
    if unit.place:
        return f"{unit.module.summary} Hinweis: Dieses Paket enthält das Modul nicht, es führt zu ihm."
    left_out = len(unit.left_out) + (len(unit.module.assignment.questions) if unit.module.assignment else 0)
    if not left_out:
        return unit.module.summary
    return (
        f"{unit.module.summary} Hinweis: Was eine Person bewertet (Aufgaben: {left_out}), geben Teilnehmende im Kurs "
        "ab; in diesem Paket zählt es nicht."
    )
