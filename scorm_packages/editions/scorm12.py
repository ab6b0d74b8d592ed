"""The manifest of SCORM 1.2, as its schemas and the LMSs want it."""

from __future__ import annotations

from types import MappingProxyType

from lxml import etree

from lti_tool.curriculum.model import Module
from scorm_packages.editions.lom import Lom
from scorm_packages.editions.manifest import ScormManifest
from scorm_packages.editions.tree import XML_LANG, XSI, Namespace
from scorm_packages.plan import Plan, Reporting, Unit

_NO_LANGUAGE = "x-none"


class OldLom(Lom):
    """LOM before IEEE took it over."""

    namespace = Namespace("http://www.imsglobal.org/xsd/imsmd_rootv1p2p1")
    scheme = ("metadatascheme", "ADL SCORM 1.2")
    time = day = "datetime"
    publisher = "Publisher"

    def add(self, parent: etree._Element, local: str, text: str | None = None) -> etree._Element:
        """Append an element; all names are small."""
        return super().add(parent, local.lower(), text)

    def words(self, parent: etree._Element, local: str, text: str, tongue: str) -> None:
        """Append a text in a language."""
        self.add(self.add(parent, local), "langstring", text).set(XML_LANG, tongue)

    def term(self, parent: etree._Element, local: str, value: str) -> None:
        """Append a word of LOM's own."""
        element = self.add(parent, local)
        self.words(element, "source", "LOMv1.0", _NO_LANGUAGE)
        self.words(element, "value", value, _NO_LANGUAGE)

    def version(self, cycle: etree._Element, module: Module) -> None:
        self.words(cycle, "version", module.version, _NO_LANGUAGE)

    def card(self, contribute: etree._Element, text: str) -> None:
        self.add(self.add(contribute, "centity"), "vcard", f"BEGIN:VCARD\n{text}")


class Manifest(ScormManifest):
    """Moodle looks for the prefix `adlcp` by its letters."""

    version = "1.2"
    imscp = Namespace("http://www.imsproject.org/xsd/imscp_rootv1p1p2")
    adlcp = Namespace("http://www.adlnet.org/xsd/adlcp_rootv1p2")
    lom = OldLom()
    kind = "scormtype"
    prefixes = MappingProxyType({None: imscp.uri, "adlcp": adlcp.uri, "imsmd": lom.namespace.uri, "xsi": XSI})
    schemas = MappingProxyType(
        {
            imscp.uri: "imscp_rootv1p1p2.xsd",
            lom.namespace.uri: "imsmd_rootv1p2p1.xsd",
            adlcp.uri: "adlcp_rootv1p2.xsd",
        }
    )

    def rules(self, item: etree._Element, unit: Unit, plan: Plan) -> None:
        """With a mastery score LMSs write passed or failed by themselves whatever they were told: only where wanted."""
        if unit.quiz and plan.wishes.reporting is Reporting.PASSED_FAILED:
            self.adlcp.add(item, "masteryscore", f"{int(unit.quiz.pass_share * 100)}")
