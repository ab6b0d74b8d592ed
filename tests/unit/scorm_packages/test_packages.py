"""A package is valid, complete, light, the same every time, and holds nothing that only works elsewhere."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType

import pytest
from lxml import etree

from lti_tool.curriculum.model import Certification
from lti_tool.settings import PACKAGED_CONTENT
from scorm_packages import archive
from scorm_packages.build import build
from scorm_packages.errors import FaultyPackage, PackageError
from scorm_packages.plan import Edition, Reporting, Wishes, plan_certification, plan_module
from scorm_packages.scripts import script, sources
from scorm_packages.styles import SHEETS, stylesheet
from scorm_packages.verify import verify
from scorm_packages.xsd import schema
from tests.factories.questions import quiz

EDITIONS = [edition for edition in Edition if edition is not Edition.CMI5]
KIB = 1024


def _package(module, **wishes):
    return build(plan_module(module, PACKAGED_CONTENT, Wishes(**wishes)))


def _files(package):
    return archive.unpacked(package.data)


def _manifest(package):
    return etree.fromstring(_files(package)["imsmanifest.xml"])


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("reporting", list(Reporting))
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_package_is_valid_and_without_findings(catalogue, edition, reporting, language):
    for module in catalogue.modules.values():
        package = _package(module, edition=edition, reporting=reporting, language=language)
        assert verify(package.data) == ()
        assert schema(edition).validate(_manifest(package))


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_same_content_gives_the_same_bytes(module, edition, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert _package(module, edition=edition) == _package(module, edition=edition)


def test_members_carry_the_day_that_the_build_names(module, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    with zipfile.ZipFile(io.BytesIO(_package(module).data)) as packed:
        assert {member.date_time for member in packed.infolist()} == {(2026, 9, 21, 14, 13, 20)}


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_package_is_light_enough_for_any_lms(catalogue, edition):
    for module in catalogue.modules.values():
        without_media = sum(
            len(zlib.compress(data, 6))
            for name, data in _files(_package(module, edition=edition)).items()
            if "media/" not in name
        )
        schemas_of_its_own = 10 if edition is Edition.SCORM2004_3RD else 0  # longer ones, and nobody may shorten them
        assert without_media <= (350 + schemas_of_its_own) * KIB


def test_the_manifest_says_in_german_what_a_package_is_about(module):
    manifest = _manifest(_package(module))
    assert manifest.findtext(".//{*}organization/{*}title") == module.title
    assert manifest.findtext(".//{*}keyword/{*}langstring") == "Smart City"
    assert manifest.findtext(".//{*}rights/{*}description/{*}langstring") == module.licence
    assert manifest.findtext(".//{*}typicallearningtime/{*}datetime") == "PT2H"
    assert module.provider in manifest.findtext(".//{*}centity/{*}vcard")


@pytest.mark.parametrize(
    ("edition", "element"), [(Edition.SCORM12, "masteryscore"), (Edition.SCORM2004, "minNormalizedMeasure")]
)
def test_only_where_the_lms_may_judge_it_is_told_the_bar(module, edition, element):
    told = {
        mode: _manifest(_package(module, edition=edition, reporting=mode)).find(f".//{{*}}{element}")
        for mode in Reporting
    }
    assert [mode for mode, found in told.items() if found is not None] == [Reporting.PASSED_FAILED]
    assert told[Reporting.PASSED_FAILED].text in {"60", "0.6"}


def test_mastery_takes_the_place_of_the_bar_of_the_quiz(module):
    package = _package(module, reporting=Reporting.PASSED_FAILED, mastery=Fraction(4, 5))
    assert _manifest(package).findtext(".//{*}masteryscore") == "80"
    assert json.loads(_course(package))["quiz"]["passShare"] == "4/5"


def _course(package, name="index.html"):
    return re.search(r'id="course">(.*?)</script>', _files(package)[name].decode(), re.DOTALL)[1]


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_certification_is_one_package_with_a_sco_for_each_module(catalogue, edition):
    rule = next(iter(catalogue.certifications.values()))
    modules = list(catalogue.modules.values())
    package = build(plan_certification(rule, modules, PACKAGED_CONTENT, Wishes(edition=edition)))
    titles = [item.findtext("{*}title") for item in _manifest(package).iter("{*}item")]
    assert titles == [module.title for module in modules]
    assert verify(package.data) == ()


def test_a_certification_without_modules_is_refused():
    rule = Certification(id="leer", title="Leer", summary="", issuer="", rule="", required=("a",))
    with pytest.raises(PackageError, match="noch kein Modul"):
        plan_certification(rule, [], PACKAGED_CONTENT, Wishes())


def test_what_a_person_marks_is_left_for_the_course_and_said_so(module):
    essay = {
        "id": "e",
        "kind": "essay",
        "points": 4,
        "prompt_html": "Beschreiben Sie Ihr Vorhaben.",
        "task": {"rubric": []},
    }
    choice = {"id": "c", "kind": "single", "options": ["a", "b"], "correct": ["a"]}
    package = _package(replace(module, quiz=quiz(essay, choice)))
    page = _files(package)["index.html"].decode()
    assert len(json.loads(_course(package))["quiz"]["questions"]) == 1
    assert "Im Kurs abgeben" in page
    assert "Beschreiben Sie Ihr Vorhaben." in page
    assert "1 weitere Aufgabe bewertet eine Person" in page
    assert "geben Teilnehmende im Kurs ab" in _files(package)["imsmanifest.xml"].decode()


def test_a_module_without_a_quiz_is_done_when_it_has_been_read(module):
    package = _package(replace(module, quiz=None))
    assert json.loads(_course(package))["quiz"] is None


def test_english_packages_speak_english_around_german_content(module):
    page = _files(_package(module, language="en"))["index.html"].decode()
    assert '<html lang="en"' in page
    assert "Save and exit" in page
    assert f'<h1 class="title" data-arrival lang="de">{module.title}</h1>' in page


def test_the_stylesheet_keeps_what_pages_need_and_drops_the_rest(catalogue):
    named = r"\.([a-z][\w-]*)"
    known = {name for sheet in SHEETS for name in re.findall(named, sheet.read_text("utf-8"))}
    there = set(re.findall(named, stylesheet()))
    pages = "".join(_files(_package(module))["index.html"].decode() for module in catalogue.modules.values())
    used = {name for names in re.findall(r'class="([^"]*)"', pages) for name in names.split()}
    assert (used & known) - there == set()
    assert {"kern-accordion", "kern-btn", "answering", "beside"} <= there
    assert there & {"kern-dialog", "foot", "handed-in", "rubric"} == set()
    assert len(stylesheet()) < 100 * KIB


@pytest.mark.parametrize("edition", list(Edition))
def test_the_modules_of_a_player_fit_into_one_scope_and_into_40_kib(node, edition):
    top = r"^(?:export )?(?:async )?(?:function|class|const|let|var) (\w+)"
    names = [name for text in sources(edition).values() for name in re.findall(top, text, re.MULTILINE)]
    assert [name for name in set(names) if names.count(name) > 1] == []
    assert "export" not in script(edition)
    assert node("parses.mjs", text=script(edition)) == "ok"
    assert len(script(edition).encode()) <= 40 * KIB


def test_missing_media_is_one_clear_sentence(module):
    broken = replace(module, media=frozenset({"gibt-es-nicht.svg"}))
    with pytest.raises(PackageError, match=r"gibt-es-nicht\.svg fehlt; das Modul datenrecht nennt sie"):
        plan_module(broken, PACKAGED_CONTENT, Wishes())


def test_too_much_media_is_one_clear_sentence(module, tmp_path):
    folder = tmp_path / "modules" / module.id / "media"
    folder.mkdir(parents=True)
    with (folder / "film.mp4").open("wb") as file:
        file.truncate(201 * KIB * KIB)
    with pytest.raises(PackageError, match="größer als 200 MiB"):
        plan_module(replace(module, media=frozenset({"film.mp4"})), tmp_path, Wishes())


def test_a_faulty_package_is_not_built(module):
    plan = plan_module(module, PACKAGED_CONTENT, Wishes())
    unit = replace(plan.units[0], media=MappingProxyType({}))
    with pytest.raises(FaultyPackage, match="führt ins Leere"):
        build(replace(plan, units=(unit,)))


def test_a_package_is_written_whole_or_not_at_all(module, tmp_path):
    package = _package(module)
    target = package.write(tmp_path)
    assert target.read_bytes() == package.data
    assert [path.name for path in tmp_path.iterdir()] == [package.name]
    with pytest.raises(PackageError, match="gibt es schon"):
        package.write(tmp_path)
    package.write(tmp_path, replace=True)


def test_a_folder_that_is_a_file_is_one_clear_sentence(module, tmp_path):
    (tmp_path / "datei").touch()
    with pytest.raises(PackageError, match="lässt sich nicht schreiben"):
        _package(module).write(tmp_path / "datei")
