"""Every rule of the verifier, broken once in a good package, is found; nothing else is."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest

from lti_tool.settings import PACKAGED_CONTENT
from scorm_packages import archive
from scorm_packages.build import build
from scorm_packages.plan import Edition, Wishes, plan_module
from scorm_packages.verify import verify


@pytest.fixture(scope="module")
def files(module):
    return archive.unpacked(build(plan_module(module, PACKAGED_CONTENT, Wishes())).data)


@pytest.fixture(scope="module")
def files2004(module):
    return archive.unpacked(build(plan_module(module, PACKAGED_CONTENT, Wishes(edition=Edition.SCORM2004))).data)


def _said(files):
    return [finding.what for finding in verify(archive.packed(files))]


def _changed(files, name, old, new):
    text = files[name].decode()
    assert re.search(old, text, re.DOTALL), f"{old} is not in {name}"
    return files | {name: re.sub(old, new, text, count=1, flags=re.DOTALL).encode()}


MANIFEST, PAGE = "imsmanifest.xml", "index.html"
MUTANTS = [
    ("an unknown schemaversion", MANIFEST, "<schemaversion>1.2<", "<schemaversion>2004 2nd Edition<", "kennen LMS nicht"),
    ("another edition's namespace", MANIFEST, "imscp_rootv1p1p2", "imscp_v1p1", "Namensraum passt nicht"),
    ("a prefix that Moodle does not find", MANIFEST, 'adlcp:scormtype="sco"(.*)', r'a:scormtype="sco" xmlns:a="http://www.adlnet.org/xsd/adlcp_rootv1p2"\1', "Moodle sucht den Präfix adlcp"),
    ("an element out of order", MANIFEST, "(<schema>.*?</schema>)(.*?)(<schemaversion>.*?</schemaversion>)", r"\3\2\1", "ist nicht gültig"),
    ("an unknown element in the metadata", MANIFEST, "<imsmd:general>", "<imsmd:general><imsmd:quatsch/>", "ist nicht gültig"),
    ("a broken manifest", MANIFEST, "</manifest>", "", "ist kein XML"),
    ("a manifest with a DTD", MANIFEST, r"\?>", '?><!DOCTYPE manifest [<!ENTITY a "b">]>', "DTD oder Entitäten"),
    ("an identifier given twice", MANIFEST, 'identifier="res-shared"', 'identifier="res-1"', "2-mal vergeben"),
    ("a reference to nothing", MANIFEST, 'identifierref="res-1"', 'identifierref="res-9"', "Kennung res-9 gibt es nicht"),
    ("a default organisation that is not there", MANIFEST, 'default="org-1"', 'default="org-7"', "Kennung org-7 gibt es nicht"),
    ("nothing to launch", MANIFEST, "<item .*?</item>", "", "keinen Eintrag, der sich starten lässt"),
    ("a resource without its kind", MANIFEST, ' adlcp:scormtype="sco"', "", "fehlt scormType"),
    ("a SCO without a start", MANIFEST, ' href="index.html"', "", "hat keine Startseite"),
    ("a start that is not among the files", MANIFEST, '<file href="index.html"/>', "", "nicht unter den Dateien der Ressource"),
    ("a file that is not there", MANIFEST, '<file href="style.css"/>', '<file href="style.css"/><file href="fehlt.css"/>', "nennt die Datei, sie fehlt"),
    ("a file that is not listed", MANIFEST, '<file href="style.css"/>', "", "nennt die Datei nicht"),
    ("a page without anything", PAGE, "^.*$", "", "Die Seite ist leer"),
    ("a page without its encoding", PAGE, '<meta charset="utf-8">', "", "Angabe der Kodierung"),
    ("a page without a language", PAGE, '<html lang="de"', "<html", "fehlt die Sprache"),
    ("a page without a title", PAGE, "<title>.*?</title>", "<title> </title>", "fehlt der Titel"),
    ("a page that bends its links", PAGE, "<head>", '<head><base href="x/">', "ändert mit <base>"),
    ("a script from elsewhere", PAGE, 'src="player.js"', 'src="https://cdn.example/player.js"', "liegt auf einem anderen Server"),
    ("a script from elsewhere without a scheme", PAGE, 'src="player.js"', 'src="//cdn.example/player.js"', "liegt auf einem anderen Server"),
    ("an address with parameters", PAGE, 'src="player.js"', 'src="player.js?v=2"', "hat Parameter"),
    ("a picture that is not there", PAGE, 'src="media/', 'src="media/x', "führt ins Leere"),
    ("a link within the page to nothing", PAGE, 'href="#quiz"', 'href="#nirgends"', "führt ins Leere"),
    ("a picture without words", PAGE, r'(<img [^>]*?) alt="[^"]*"', r"\1", "fehlt die Beschreibung"),
    ("a frame without a title", PAGE, "<body", "<iframe></iframe><body", "Rahmen fehlt der Titel"),
    ("an id given twice", PAGE, 'id="start"', 'id="quiz"', "2-mal auf der Seite"),
    ("a field without a label", PAGE, 'for="q1', 'for="andere', "fehlt die Beschriftung"),
    ("a stylesheet from elsewhere", "style.css", "^", "@import 'https://fonts.example/a.css';", "liegt auf einem anderen Server"),
    ("a font that is not there", "style.css", "fonts/FiraSans-Regular", "fonts/Fira", "führt ins Leere"),
    ("content that is fetched", "player.js", "^", 'fetch("seite.html");', "lädt Inhalte nach"),
    ("a service worker", "player.js", "^", "navigator.serviceWorker.register;", "Service Worker"),
    ("a goodbye on unload", "player.js", "^", 'addEventListener("unload", () => 0);', "verlässt sich auf unload"),
    ("a state too long for the LMS", PAGE, r'"typedLimit": ?\d+', '"typedLimit": 4000', "Zwischenstand kann"),
    ("a player without its data", PAGE, '"typedLimit"', '"anders"', "Abspielprogramm sind beschädigt"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "told"), [mutant[1:] for mutant in MUTANTS], ids=[m[0] for m in MUTANTS]
)
def test_damage_is_found(files, name, old, new, told):
    said = _said(_changed(files, name, old, new))
    assert any(told in what for what in said), said


def test_a_good_package_has_no_findings(files, files2004):
    assert _said(files) == []
    assert _said(files2004) == []


def test_2004_manifests_are_held_to_their_schemas_too(files2004):
    said = _said(_changed(files2004, MANIFEST, "<imsss:sequencing>", "<imsss:sequencing><imsss:quatsch/>"))
    assert any("ist nicht gültig" in what for what in said)


def test_each_edition_of_2004_is_held_to_its_own_schemas(files2004):
    """Data that SCOs share came with the 4th edition."""
    shared = _changed(
        files2004, MANIFEST, "(<adlnav:presentation>)", r'<adlcp:data><adlcp:map targetID="urn:a:b"/></adlcp:data>\1'
    )
    assert _said(shared) == []
    third = _changed(shared, MANIFEST, "2004 4th Edition", "2004 3rd Edition")
    assert any("ist nicht gültig" in what for what in _said(third))


def test_a_missing_manifest_and_one_in_the_wrong_place_are_told_apart(files):
    rest = {name: data for name, data in files.items() if name != MANIFEST}
    assert "imsmanifest.xml fehlt" in _said(rest)[0]
    assert "oberste" in _said(rest | {"paket/imsmanifest.xml": files[MANIFEST]})[0]
    assert "anders geschrieben" in _said(rest | {"IMSMANIFEST.XML": files[MANIFEST]})[0]


def test_a_text_in_another_encoding_is_found(files):
    assert "Die Datei ist nicht in UTF-8 geschrieben" in _said(files | {"style.css": "ä".encode("latin-1")})


def test_names_that_a_server_may_not_tell_apart_or_not_write_are_found(files):
    assert any("Groß- und Kleinschreibung" in what for what in _said(files | {"STYLE.css": b""}))
    assert any("andere Zeichen" in what for what in _said(files | {"größe.css": b""}))


@pytest.mark.parametrize("name", ["../boese.txt", "/etc/boese", "a/../../b", "C:/boese.txt"])
def test_a_name_that_leads_out_of_the_archive_is_told_alone(files, name):
    assert _said(files | {name: b""}) == ["Der Name führt aus dem Archiv heraus"]


def _zipped(*members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for member, data in members:
            packed.writestr(member, data)
    return buffer.getvalue()


def test_a_link_in_an_archive_is_found():
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    assert [finding.what for finding in verify(_zipped((link, "/etc/passwd")))] == [
        "Die Datei ist ein Verweis auf eine andere"
    ]


def test_what_is_no_archive_is_said_to_be_none():
    assert [finding.what for finding in verify(b"kein zip")] == ["Die Datei ist kein ZIP-Archiv"]


def test_a_damaged_archive_is_found(files):
    data = bytearray(archive.packed(files))
    at = data.index(b"style.css") + 200
    data[at : at + 50] = bytes(50)
    assert [finding.what for finding in verify(bytes(data))] == ["Das Archiv ist beschädigt"]


def test_a_state_that_says_nothing_of_ours_is_no_finding(files):
    course = re.search(rb'<script type="application/json" id="course">.*?</script>', files[PAGE], re.DOTALL)[0]
    assert json.loads(course.partition(b">")[2].rpartition(b"</")[0])["pages"]
    assert _said(files | {PAGE: files[PAGE].replace(course, b"")}) == []
