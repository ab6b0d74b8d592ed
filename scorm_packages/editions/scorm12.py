"""The manifest of SCORM 1.2, as its schemas and the LMSs want it.

Moodle looks for the prefix `adlcp` by its letters.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from scorm_packages.editions.tree import (
    XML_LANG,
    XSI,
    Namespace,
    add_resources,
    duration,
    keywords,
    remark,
    schema_location,
    serialised,
)
from scorm_packages.plan import Plan, Reporting, Unit

IMSCP = Namespace("http://www.imsproject.org/xsd/imscp_rootv1p1p2")
ADLCP = Namespace("http://www.adlnet.org/xsd/adlcp_rootv1p2")
IMSMD = Namespace("http://www.imsglobal.org/xsd/imsmd_rootv1p2p1")
_FILES = {
    IMSCP.uri: "imscp_rootv1p1p2.xsd",
    IMSMD.uri: "imsmd_rootv1p2p1.xsd",
    ADLCP.uri: "adlcp_rootv1p2.xsd",
}
_NO_LANGUAGE = "x-none"


def manifest(plan: Plan, files: Iterable[str]) -> bytes:
    """Return imsmanifest.xml."""
    root = etree.Element(
        IMSCP.name("manifest"), nsmap={None: IMSCP.uri, "adlcp": ADLCP.uri, "imsmd": IMSMD.uri, "xsi": XSI}
    )
    root.set("identifier", plan.identifier)
    root.set("version", "1.0")
    root.set(f"{{{XSI}}}schemaLocation", schema_location(_FILES))
    metadata = IMSCP.add(root, "metadata")
    IMSCP.add(metadata, "schema", "ADL SCORM")
    IMSCP.add(metadata, "schemaversion", "1.2")
    if len(plan.units) == 1:
        add_lom(metadata, plan.units[0])
    organizations = IMSCP.add(root, "organizations", default="org-1")
    organization = IMSCP.add(organizations, "organization", identifier="org-1")
    IMSCP.add(organization, "title", plan.title)
    for number, unit in enumerate(plan.units, 1):
        _item(organization, number, unit, plan)
    add_resources(IMSCP, root, plan, files, (ADLCP.name("scormtype"), "adlcp"))
    return serialised(root)


def _item(organization: etree._Element, number: int, unit: Unit, plan: Plan) -> None:
    item = IMSCP.add(organization, "item", identifier=f"item-{number}", identifierref=f"res-{number}", isvisible="true")
    IMSCP.add(item, "title", unit.module.title)
    if len(plan.units) > 1:
        add_lom(IMSCP.add(item, "metadata"), unit)
    if unit.quiz and plan.wishes.reporting is Reporting.PASSED_FAILED:
        # With this, LMSs write passed or failed by themselves whatever they were told: only where just that is wanted.
        ADLCP.add(item, "masteryscore", f"{int(unit.quiz.pass_share * 100)}")


def add_lom(metadata: etree._Element, unit: Unit) -> None:
    """Describe a module: title, language, keywords, provider, duration, licence; in the one order that is valid."""
    module = unit.module
    lom = IMSMD.add(metadata, "lom")
    general = IMSMD.add(lom, "general")
    _words(general, "title", module.title, module.language)
    IMSMD.add(general, "language", module.language)
    _words(general, "description", remark(unit), module.language)
    for keyword in keywords(unit):
        _words(general, "keyword", keyword, module.language)
    lifecycle = IMSMD.add(lom, "lifecycle")
    _words(lifecycle, "version", module.version, _NO_LANGUAGE)
    contribute = IMSMD.add(lifecycle, "contribute")
    _vocabulary(contribute, "role", "Publisher")
    card = f"BEGIN:VCARD\nFN:{module.provider}\nORG:{module.provider}\nEND:VCARD"
    IMSMD.add(IMSMD.add(contribute, "centity"), "vcard", card)
    IMSMD.add(IMSMD.add(contribute, "date"), "datetime", module.stand.isoformat())
    IMSMD.add(IMSMD.add(lom, "metametadata"), "metadatascheme", "ADL SCORM 1.2")
    IMSMD.add(IMSMD.add(lom, "technical"), "format", "text/html")
    educational = IMSMD.add(lom, "educational")
    IMSMD.add(IMSMD.add(educational, "typicallearningtime"), "datetime", duration(module.minutes))
    rights = IMSMD.add(lom, "rights")
    _vocabulary(rights, "copyrightandotherrestrictions", "yes")
    _words(rights, "description", module.licence, module.language)


def _words(parent: etree._Element, local: str, text: str, tongue: str) -> None:
    IMSMD.add(IMSMD.add(parent, local), "langstring", text).set(XML_LANG, tongue)


def _vocabulary(parent: etree._Element, local: str, value: str) -> None:
    element = IMSMD.add(parent, local)
    _words(element, "source", "LOMv1.0", _NO_LANGUAGE)
    _words(element, "value", value, _NO_LANGUAGE)
