"""The manifest of SCORM 2004, 4th and 3rd edition: one SCO for each module, sequencing that changes nothing."""

from __future__ import annotations

from types import MappingProxyType

from lxml import etree

from scorm_packages.editions.lom import Lom
from scorm_packages.editions.manifest import ScormManifest
from scorm_packages.editions.tree import XSI, Namespace
from scorm_packages.plan import Plan, Reporting, Unit

_ADLSEQ = Namespace("http://www.adlnet.org/xsd/adlseq_v1p3")
_ADLNAV = Namespace("http://www.adlnet.org/xsd/adlnav_v1p3")
_IMSSS = Namespace("http://www.imsglobal.org/xsd/imsss")


class Manifest(ScormManifest):
    """Moodle looks for `adlcp` and `imsss` by their letters and takes an unknown schemaversion for SCORM 1.2."""

    version = "2004 4th Edition"
    imscp = Namespace("http://www.imsglobal.org/xsd/imscp_v1p1")
    adlcp = Namespace("http://www.adlnet.org/xsd/adlcp_v1p3")
    lom = Lom()
    kind = "scormType"
    prefixes = MappingProxyType(
        {
            None: imscp.uri,
            "adlcp": adlcp.uri,
            "adlseq": _ADLSEQ.uri,
            "adlnav": _ADLNAV.uri,
            "imsss": _IMSSS.uri,
            "lom": lom.namespace.uri,
            "xsi": XSI,
        }
    )
    schemas = MappingProxyType(
        {
            imscp.uri: "imscp_v1p1.xsd",
            adlcp.uri: "adlcp_v1p3.xsd",
            _ADLSEQ.uri: "adlseq_v1p3.xsd",
            _ADLNAV.uri: "adlnav_v1p3.xsd",
            _IMSSS.uri: "imsss_v1p0.xsd",
        }
    )

    def rules(self, item: etree._Element, unit: Unit, plan: Plan) -> None:
        """Leave the judgement to the content; the bar is told only where the LMS may judge by it."""
        sequencing = _IMSSS.add(item, "sequencing")
        if unit.quiz and plan.wishes.reporting is Reporting.PASSED_FAILED:
            objectives = _IMSSS.add(sequencing, "objectives")
            primary = _IMSSS.add(objectives, "primaryObjective", objectiveID="module", satisfiedByMeasure="true")
            _IMSSS.add(primary, "minNormalizedMeasure", f"{float(unit.quiz.pass_share):.4g}")
        _IMSSS.add(sequencing, "deliveryControls", completionSetByContent="true", objectiveSetByContent="true")
        if len(plan.units) == 1:
            interface = _ADLNAV.add(_ADLNAV.add(item, "presentation"), "navigationInterface")
            for control in ("previous", "continue"):
                _ADLNAV.add(interface, "hideLMSUI", control)

    def order(self, organization: etree._Element) -> None:
        """Leave it to the learner."""
        _IMSSS.add(_IMSSS.add(organization, "sequencing"), "controlMode", choice="true", flow="true")


class ThirdManifest(Manifest):
    """The same with the schemas of the edition before, for LMSs that stopped there."""

    version = "2004 3rd Edition"
