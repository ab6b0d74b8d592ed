"""The manifest of SCORM 2004, 4th or 3rd edition: one SCO for each module, sequencing that changes nothing.

Moodle looks for the prefixes `adlcp` and `imsss` by their letters and takes an unknown schemaversion for SCORM 1.2.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from scorm_packages.editions.tree import (
    XSI,
    Namespace,
    add_resources,
    duration,
    keywords,
    remark,
    schema_location,
    serialised,
)
from scorm_packages.plan import Edition, Plan, Reporting, Unit

IMSCP = Namespace("http://www.imsglobal.org/xsd/imscp_v1p1")
ADLCP = Namespace("http://www.adlnet.org/xsd/adlcp_v1p3")
ADLSEQ = Namespace("http://www.adlnet.org/xsd/adlseq_v1p3")
ADLNAV = Namespace("http://www.adlnet.org/xsd/adlnav_v1p3")
IMSSS = Namespace("http://www.imsglobal.org/xsd/imsss")
LOM = Namespace("http://ltsc.ieee.org/xsd/LOM")
_FILES = {
    IMSCP.uri: "imscp_v1p1.xsd",
    ADLCP.uri: "adlcp_v1p3.xsd",
    ADLSEQ.uri: "adlseq_v1p3.xsd",
    ADLNAV.uri: "adlnav_v1p3.xsd",
    IMSSS.uri: "imsss_v1p0.xsd",
}
_VERSIONS = {Edition.SCORM2004: "2004 4th Edition", Edition.SCORM2004_3RD: "2004 3rd Edition"}
_PREFIXES = {
    None: IMSCP.uri,
    "adlcp": ADLCP.uri,
    "adlseq": ADLSEQ.uri,
    "adlnav": ADLNAV.uri,
    "imsss": IMSSS.uri,
    "lom": LOM.uri,
    "xsi": XSI,
}


def manifest(plan: Plan, files: Iterable[str]) -> bytes:
    """Return imsmanifest.xml."""
    root = etree.Element(IMSCP.name("manifest"), nsmap=_PREFIXES)
    root.set("identifier", plan.identifier)
    root.set("version", "1.0")
    root.set(f"{{{XSI}}}schemaLocation", schema_location(_FILES))
    metadata = IMSCP.add(root, "metadata")
    IMSCP.add(metadata, "schema", "ADL SCORM")
    IMSCP.add(metadata, "schemaversion", _VERSIONS[plan.wishes.edition])
    if len(plan.units) == 1:
        add_lom(metadata, plan.units[0])
    organizations = IMSCP.add(root, "organizations", default="org-1")
    organization = IMSCP.add(organizations, "organization", identifier="org-1")
    IMSCP.add(organization, "title", plan.title)
    for number, unit in enumerate(plan.units, 1):
        _item(organization, number, unit, plan)
    _free_choice(organization)
    add_resources(IMSCP, root, plan, files, (ADLCP.name("scormType"), "adlcp"))
    return serialised(root)


def _free_choice(organization: etree._Element) -> None:
    sequencing = IMSSS.add(organization, "sequencing")
    IMSSS.add(sequencing, "controlMode", choice="true", flow="true")


def _item(organization: etree._Element, number: int, unit: Unit, plan: Plan) -> None:
    item = IMSCP.add(organization, "item", identifier=f"item-{number}", identifierref=f"res-{number}", isvisible="true")
    IMSCP.add(item, "title", unit.module.title)
    if len(plan.units) > 1:
        add_lom(IMSCP.add(item, "metadata"), unit)
    sequencing = IMSSS.add(item, "sequencing")
    if unit.quiz and plan.wishes.reporting is Reporting.PASSED_FAILED:
        objectives = IMSSS.add(sequencing, "objectives")
        primary = IMSSS.add(objectives, "primaryObjective", objectiveID="module", satisfiedByMeasure="true")
        IMSSS.add(primary, "minNormalizedMeasure", f"{float(unit.quiz.pass_share):.4g}")
    IMSSS.add(sequencing, "deliveryControls", completionSetByContent="true", objectiveSetByContent="true")
    if len(plan.units) == 1:
        interface = ADLNAV.add(ADLNAV.add(item, "presentation"), "navigationInterface")
        for control in ("previous", "continue"):
            ADLNAV.add(interface, "hideLMSUI", control)


def add_lom(metadata: etree._Element, unit: Unit) -> None:
    """Describe a module: title, language, keywords, provider, duration, licence; in the one order that is valid."""
    module = unit.module
    lom = LOM.add(metadata, "lom")
    general = LOM.add(lom, "general")
    _words(general, "title", module.title, module.language)
    LOM.add(general, "language", module.language)
    _words(general, "description", remark(unit), module.language)
    for keyword in keywords(unit):
        _words(general, "keyword", keyword, module.language)
    cycle = LOM.add(lom, "lifeCycle")
    _words(cycle, "version", module.version, module.language)
    contribute = LOM.add(cycle, "contribute")
    _vocabulary(contribute, "role", "publisher")
    card = f"BEGIN:VCARD\nVERSION:3.0\nFN:{module.provider}\nORG:{module.provider}\nEND:VCARD"
    LOM.add(contribute, "entity", card)
    LOM.add(LOM.add(contribute, "date"), "dateTime", module.stand.isoformat())
    LOM.add(LOM.add(lom, "metaMetadata"), "metadataSchema", "LOMv1.0")
    LOM.add(LOM.add(lom, "technical"), "format", "text/html")
    educational = LOM.add(lom, "educational")
    LOM.add(LOM.add(educational, "typicalLearningTime"), "duration", duration(module.minutes))
    rights = LOM.add(lom, "rights")
    _vocabulary(rights, "copyrightAndOtherRestrictions", "yes")
    _words(rights, "description", module.licence, module.language)


def _words(parent: etree._Element, local: str, text: str, tongue: str) -> None:
    LOM.add(LOM.add(parent, local), "string", text, language=tongue)


def _vocabulary(parent: etree._Element, local: str, value: str) -> None:
    element = LOM.add(parent, local)
    LOM.add(element, "source", "LOMv1.0")
    LOM.add(element, "value", value)
