"""A package that only points to a module: small, honest, without identity, and checked by rules of its own."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from lti_tool.settings import PACKAGED_CONTENT
from scorm_packages import archive
from scorm_packages.build import build
from scorm_packages.errors import PackageError
from scorm_packages.plan import Edition, Reporting, Wishes, plan_certification, plan_module
from scorm_packages.verify import verify
from scorm_packages.xsd import schema

PLACE = "https://lernen.stadt.example/kurs/{module}?id=7"
KIB = 1024
SCORM = [edition for edition in Edition if edition is not Edition.CMI5]


def _files(module, **wishes):
    return archive.unpacked(build(plan_module(module, PACKAGED_CONTENT, Wishes(thin=PLACE, **wishes))).data)


@pytest.fixture(scope="module")
def files(module):
    return _files(module)


@pytest.mark.parametrize("edition", SCORM)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_signpost_is_small_valid_and_without_findings(module, edition, language):
    files = _files(module, edition=edition, language=language, reporting=Reporting.PASSED_FAILED)
    manifest = etree.fromstring(files["imsmanifest.xml"])
    assert verify(archive.packed(files)) == ()
    assert schema(edition).validate(manifest)
    own = {name: data for name, data in files.items() if not name.endswith((".xsd", ".dtd"))}
    assert set(own) == {"imsmanifest.xml", "index.html", "style.css"}
    assert sum(map(len, own.values())) < 12 * KIB
    assert manifest.find(".//{*}masteryscore") is None
    assert manifest.find(".//{*}minNormalizedMeasure") is None
    assert "es führt zu ihm" in files["imsmanifest.xml"].decode()


def test_it_says_what_it_is_and_leads_to_the_module_alone(files, module):
    page = files["index.html"].decode()
    assert 'href="https://lernen.stadt.example/kurs/datenrecht?id=7"' in page
    assert module.title in page
    assert "läuft nicht hier, sondern auf lernen.stadt.example" in page
    assert "erfährt davon nichts" in page
    assert "<script" not in page


def test_it_is_a_sco_because_an_opened_asset_counts_as_completed(files):
    assert b'adlcp:scormtype="sco"' in files["imsmanifest.xml"]


def test_a_certification_has_a_signpost_for_each_module(catalogue):
    rule = next(iter(catalogue.certifications.values()))
    modules = list(catalogue.modules.values())
    package = build(plan_certification(rule, modules, PACKAGED_CONTENT, Wishes(thin=PLACE)))
    files = archive.unpacked(package.data)
    assert package.name.endswith("-scorm12-thin.zip")
    assert f"/kurs/{modules[1].id}?" in files["m02/index.html"].decode()
    assert verify(package.data) == ()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://lernen.example/", "muss mit https:// beginnen"),
        ("lernen.example", "muss mit https:// beginnen"),
        ("https://", "einen Rechner nennen"),
        ("https://ines:geheim@lernen.example/", "weder Name noch Passwort"),
        ('https://lernen.example/"onclick="x', "Zeichen, die in einer Adresse nicht stehen dürfen"),
        ("https://lernen.example/{kurs}", "als Platzhalter gilt nur"),
        ("https://lernen.example:port/", "keine Adresse"),
    ],
)
def test_only_addresses_to_be_given_away_are_taken(module, address, said):
    with pytest.raises(PackageError, match=re.escape(said)):
        plan_module(module, PACKAGED_CONTENT, Wishes(thin=address))


def test_cmi5_needs_no_signpost(module):
    with pytest.raises(PackageError, match="bei cmi5 trägt das LMS die Adresse selbst ein"):
        plan_module(module, PACKAGED_CONTENT, Wishes(thin=PLACE, edition=Edition.CMI5))


MUTANTS = [
    ("a script", "</main>", "<script>1</script></main>", "Ein Wegweiser enthält script"),
    ("the module in a frame", "</main>", '<iframe title="x" src="https://lernen.example"></iframe></main>', "Ein Wegweiser enthält iframe"),
    ("a form", "</main>", '<form action="https://lernen.example"></form></main>', "Ein Wegweiser enthält form"),
    ("a second way out", "</main>", '<a href="https://anders.example">x</a></main>', "2 Verweise nach außen"),
    ("no way out", 'href="https://[^"]*"', 'href="#"', "0 Verweise nach außen"),
    ("a way out with a password", "https://lernen", "https://ines:geheim@lernen", "Name oder Passwort"),
    ("a way out that is not encrypted", "https://lernen", "http://lernen", "liegt auf einem anderen Server"),
    ("a way out that tells where from", ' rel="noopener noreferrer"', "", "verrät, woher jemand kommt"),
    ("a way out inside the LMS", ' target="_blank"', "", "öffnet im Rahmen des LMS"),
    ("a picture from elsewhere", "</main>", '<img alt="" src="https://lernen.example/a.png"></main>', "liegt auf einem anderen Server"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), [row[1:] for row in MUTANTS], ids=[row[0] for row in MUTANTS])
def test_damage_is_found(files, old, new, told):
    text = files["index.html"].decode()
    assert re.search(old, text)
    said = [
        finding.what
        for finding in verify(archive.packed(files | {"index.html": re.sub(old, new, text, count=1).encode()}))
    ]
    assert any(told in what for what in said), said


def test_a_signpost_as_an_asset_is_found(files):
    text = files["imsmanifest.xml"].decode().replace('adlcp:scormtype="sco"', 'adlcp:scormtype="asset"')
    said = [finding.what for finding in verify(archive.packed(files | {"imsmanifest.xml": text.encode()}))]
    assert said == ["Ein Wegweiser ist als asset eingetragen"]
