"""A cmi5 package: a valid course structure, names that outlive a change, and every rule of its check broken once."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from lxml import etree

from lti_tool.settings import PACKAGED_CONTENT
from scorm_packages import archive
from scorm_packages.build import build
from scorm_packages.editions.cmi5 import CMI5, NAME, mastery_score
from scorm_packages.errors import PackageError, Severity
from scorm_packages.plan import Edition, Reporting, Wishes, plan_certification, plan_module
from scorm_packages.preview import preview_server
from scorm_packages.verify import verify
from scorm_packages.xsd import schema


def _built(module, **wishes):
    return build(plan_module(module, PACKAGED_CONTENT, Wishes(edition=Edition.CMI5, **wishes)))


def _structure(package):
    return etree.fromstring(archive.unpacked(package.data)[NAME])


@pytest.fixture(scope="module")
def files(module):
    return archive.unpacked(_built(module).data)


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_module_becomes_a_valid_package_without_findings(catalogue, language):
    for module in catalogue.modules.values():
        package = _built(module, language=language)
        assert verify(package.data) == ()
        assert schema(Edition.CMI5).validate(_structure(package))
        assert package == _built(module, language=language)


def test_only_the_course_structure_says_what_there_is(files):
    assert "imsmanifest.xml" not in files
    assert not [name for name in files if name.endswith((".xsd", ".dtd"))]


@pytest.mark.parametrize(
    ("reporting", "moves_on"),
    [
        (Reporting.PASSED_INCOMPLETE, "Passed"),
        (Reporting.PASSED_FAILED, "Passed"),
        (Reporting.COMPLETED_INCOMPLETE, "Completed"),
        (Reporting.COMPLETED_FAILED, "Completed"),
    ],
)
def test_what_satisfies_the_lms_follows_from_what_is_reported(module, reporting, moves_on):
    unit = _structure(_built(module, reporting=reporting, mastery=Fraction(4, 5))).find(CMI5.name("au"))
    assert (unit.get("moveOn"), unit.get("masteryScore")) == (moves_on, "0.8")


def test_a_module_without_a_quiz_asks_for_no_pass(module):
    unit = _structure(_built(replace(module, quiz=None))).find(CMI5.name("au"))
    assert (unit.get("moveOn"), unit.get("masteryScore")) == ("Completed", None)


def test_a_bar_has_at_most_four_decimals_and_is_never_rounded_up():
    assert [mastery_score(share) for share in (Fraction(3, 5), Fraction(2, 3), Fraction(1))] == ["0.6", "0.6666", "1"]


def test_a_changed_module_keeps_its_name(module):
    before, after = (_structure(_built(one)) for one in (module, replace(module, summary="Anders.")))
    assert [element.get("id") for element in before.iter()] == [element.get("id") for element in after.iter()]


def test_a_certification_is_a_course_with_a_unit_for_each_module(catalogue):
    rule = next(iter(catalogue.certifications.values()))
    modules = list(catalogue.modules.values())
    package = build(plan_certification(rule, modules, PACKAGED_CONTENT, Wishes(edition=Edition.CMI5)))
    assert verify(package.data) == ()
    units = _structure(package).findall(CMI5.name("au"))
    assert [unit.findtext("{*}title/{*}langstring") for unit in units] == [module.title for module in modules]
    assert [unit.findtext("{*}url") for unit in units] == [f"m{at:02}/index.html" for at in range(1, len(modules) + 1)]
    assert len({unit.get("id") for unit in units}) == len(modules)


def test_the_preview_says_that_it_plays_scorm(module):
    with pytest.raises(PackageError, match="Die Vorschau spielt SCORM ab"):
        preview_server(_built(module).data, 0)


MUTANTS = [
    ("a broken structure", "</courseStructure>", "", "ist kein XML"),
    ("a structure with a DTD", r"\?>", '?><!DOCTYPE courseStructure [<!ENTITY a "b">]>', "DTD oder Entitäten"),
    ("another namespace", "CourseStructure.xsd", "Kurs.xsd", "Namensraum ist nicht der von cmi5"),
    ("an element out of order", "(<title>.*?</title>)(\\s*)(<description>.*?</description>)", r"\3\2\1", "ist nicht gültig"),
    ("a course without a name", r"<course id=\"[^\"]*\"", "<course", "ist nicht gültig"),
    ("an unknown condition", 'moveOn="Passed"', 'moveOn="Bestanden"', "ist nicht gültig"),
    ("a bar above everything", 'masteryScore="[^"]*"', 'masteryScore="60"', "ist nicht gültig"),
    ("passing without a bar", ' masteryScore="[^"]*"', "", "verlangt Bestehen ohne masteryScore"),
    ("a name that is no IRI", '<au id="urn:uuid:', '<au id="', "keine vollständige IRI"),
    ("a name given twice", '(<course id=")([^"]*)(".*<au id=")[^"]*', r"\1\2\3\2", "2-mal vergeben"),
    ("a goal that is not there", "(<au .*?</description>)", r'\1<objectives><objective idref="urn:x:1"/></objectives>', "Lernziel urn:x:1 gibt es nicht"),
    ("a language given twice", "(<langstring .*?</langstring>)", r"\1\1", "eine Sprache kommt zweimal vor"),
    ("a start that is not there", "<url>index.html", "<url>start.html", "führt ins Leere"),
    ("a start with a word of the LMS", "<url>index.html", "<url>index.html?seite=1&amp;fetch=", "gibt fetch vor"),
    ("a start on another server", "<url>index.html", "<url>https://lernen.example/", "liegt nicht im Paket"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), [row[1:] for row in MUTANTS], ids=[row[0] for row in MUTANTS])
def test_damage_is_found(files, old, new, told):
    text = files[NAME].decode()
    assert re.search(old, text, re.DOTALL)
    said = [
        finding.what
        for finding in verify(archive.packed(files | {NAME: re.sub(old, new, text, count=1, flags=re.DOTALL).encode()}))
    ]
    assert any(told in what for what in said), said


def test_a_structure_in_the_wrong_place_is_told(files):
    rest = {name: data for name, data in files.items() if name != NAME}
    assert (
        "cmi5.xml liegt nicht in der obersten Ebene"
        in verify(archive.packed(rest | {"kurs/cmi5.xml": files[NAME]}))[0].what
    )
    assert "anders geschrieben" in verify(archive.packed(rest | {"CMI5.xml": files[NAME]}))[0].what


def test_fetching_is_the_way_of_cmi5_and_of_nothing_else(files):
    rest = {name: data for name, data in files.items() if name != NAME}
    said = [finding.what for finding in verify(archive.packed(rest)) if finding.severity is Severity.WARNING]
    assert "Das Skript lädt Inhalte nach" in said
    unload = files | {"player.js": files["player.js"] + b'addEventListener("unload", () => 0);'}
    assert [finding.what for finding in verify(archive.packed(unload))] == ["Das Skript verlässt sich auf unload"]
