"""The course structure of cmi5: one assignable unit for each module.

What an LMS does with it at run time is in `runtime/session_cmi5.js`.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from scorm_packages.editions.lom import remark
from scorm_packages.editions.tree import Namespace, serialised
from scorm_packages.plan import Plan, Reporting, Unit

NAME = "cmi5.xml"
CMI5 = Namespace("https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd")
_ACTIVITY = "http://adlnet.gov/expapi/activities/module"
_DECIMALS = Decimal("0.0001")
"""As many as cmi5 allows a mastery score, and as the player keeps of a share."""


def structure(plan: Plan, _files: Iterable[str]) -> bytes:
    """Return cmi5.xml."""
    root = etree.Element(CMI5.name("courseStructure"), nsmap={None: CMI5.uri})
    units = plan.units
    course = CMI5.add(root, "course", id=_identifier("course", plan.subject, units[0].module.provider))
    tongue = units[0].module.language
    _words(course, plan.title, plan.summary or remark(units[0]), tongue)
    for unit in units:
        _unit(root, unit, plan.wishes.reporting)
    return serialised(root)


def _unit(root: etree._Element, unit: Unit, reporting: Reporting) -> None:
    module = unit.module
    attributes = {
        "id": _identifier("module", module.id, module.provider),
        "launchMethod": "AnyWindow",
        "moveOn": _move_on(unit, reporting),
        "activityType": _ACTIVITY,
    }
    if unit.quiz:
        attributes["masteryScore"] = mastery_score(unit.quiz.pass_share)
    element = CMI5.add(root, "au", **attributes)
    _words(element, module.title, remark(unit), module.language)
    CMI5.add(element, "url", f"{unit.folder}index.html")


def _move_on(unit: Unit, reporting: Reporting) -> str:
    """Say what satisfies the LMS; the player says "completed" with every "passed", never with "failed"."""
    passes = reporting in {Reporting.PASSED_INCOMPLETE, Reporting.PASSED_FAILED}
    return "Passed" if unit.quiz and passes else "Completed"


def mastery_score(share: Fraction) -> str:
    """Write 0.6 or 0.6666; cut, as the player cuts the share that a learner has reached."""
    exact = Decimal(share.numerator) / share.denominator
    return f"{exact.quantize(_DECIMALS, ROUND_FLOOR).normalize():f}"


def _identifier(*words: str) -> str:
    """Return an IRI that stays the same when the content changes, so that a course can be brought up to date."""
    return uuid5(NAMESPACE_URL, "\0".join(("smartcity", *words))).urn


def _words(parent: etree._Element, title: str, description: str, tongue: str) -> None:
    for local, text in (("title", title), ("description", description)):
        CMI5.add(CMI5.add(parent, local), "langstring", text, lang=tongue)
