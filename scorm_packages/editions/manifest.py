"""What the manifests of all editions of SCORM have in common; each edition says what is its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lxml import etree

from scorm_packages.editions.lom import Lom
from scorm_packages.editions.tree import XSI, Namespace, serialised
from scorm_packages.plan import Plan, Unit


class ScormManifest:
    """Writes imsmanifest.xml: one item and one resource for each unit, and one resource that all share.

    Attributes:
        version: as `schemaversion` names it; LMSs look for the letters.
        imscp: the namespace of content packaging.
        adlcp: the namespace of what ADL added to it.
        prefixes: of all namespaces; Moodle looks for some by their letters.
        schemas: namespace -> file beside the manifest.
        kind: the attribute that tells a SCO from an asset.
        lom: how modules are described.
    """

    version: str
    imscp: Namespace
    adlcp: Namespace
    prefixes: Mapping[str | None, str]
    schemas: Mapping[str, str]
    kind: str
    lom: Lom

    def write(self, plan: Plan, files: Iterable[str]) -> bytes:
        """Return the manifest for a plan and every file of the archive but the manifest and the schemas."""
        root = etree.Element(self.imscp.name("manifest"), nsmap=dict(self.prefixes))
        root.set("identifier", plan.identifier)
        root.set("version", "1.0")
        root.set(f"{{{XSI}}}schemaLocation", " ".join(f"{uri} {file}" for uri, file in self.schemas.items()))
        metadata = self.imscp.add(root, "metadata")
        self.imscp.add(metadata, "schema", "ADL SCORM")
        self.imscp.add(metadata, "schemaversion", self.version)
        if len(plan.units) == 1:
            self.lom.describe(metadata, plan.units[0])
        organizations = self.imscp.add(root, "organizations", default="org-1")
        organization = self.imscp.add(organizations, "organization", identifier="org-1")
        self.imscp.add(organization, "title", plan.title)
        for number, unit in enumerate(plan.units, 1):
            self._item(organization, number, unit, plan)
        self.order(organization)
        self._resources(root, plan, sorted(files))
        return serialised(root)

    def _item(self, organization: etree._Element, number: int, unit: Unit, plan: Plan) -> None:
        names = {"identifier": f"item-{number}", "identifierref": f"res-{number}", "isvisible": "true"}
        item = self.imscp.add(organization, "item", None, **names)
        self.imscp.add(item, "title", unit.module.title)
        if len(plan.units) > 1:
            self.lom.describe(self.imscp.add(item, "metadata"), unit)
        self.rules(item, unit, plan)

    def rules(self, item: etree._Element, unit: Unit, plan: Plan) -> None:
        """Add how the LMS is to judge a unit."""
        raise NotImplementedError

    def order(self, organization: etree._Element) -> None:
        """Add in which order units are to be learned."""

    def _resources(self, root: etree._Element, plan: Plan, names: list[str]) -> None:
        resources = self.imscp.add(root, "resources")
        for number, unit in enumerate(plan.units, 1):
            # A signpost is a SCO, too: LMSs take an asset for completed once it has been opened.
            resource = self._resource(resources, f"res-{number}", "sco", [name for name in names if is_of(unit, name)])
            resource.set("href", f"{unit.folder}index.html")
            self.imscp.add(resource, "dependency", identifierref="res-shared")
        shared = [name for name in names if not any(is_of(unit, name) for unit in plan.units)]
        self._resource(resources, "res-shared", "asset", shared)

    def _resource(self, resources: etree._Element, identifier: str, kind: str, names: list[str]) -> etree._Element:
        resource = self.imscp.add(resources, "resource", identifier=identifier, type="webcontent")
        resource.set(self.adlcp.name(self.kind), kind)
        for name in names:
            self.imscp.add(resource, "file", href=name)
        return resource


def is_of(unit: Unit, name: str) -> bool:
    """Tell whether a file belongs to one unit alone."""
    if unit.folder:
        return name.startswith(unit.folder)
    return name == "index.html" or name.startswith("media/")
