"""Videos, downloads and the final piece of work, as they come through the tool."""

from __future__ import annotations

import re

import pytest

from lti_tool.curriculum.loader import load_catalogue
from tests.factories.content import ALL_KINDS, content_with_all_kinds
from tests.factories.visit import BASE_URL, Visit
from tests.functional.conftest import running_tool
from tests.functional.test_question_kinds import AS_ASSIGNMENT, begin, hand_in, mark, save

CERTIFICATION = f"""\
id: werk
title: Werkprobe – Musterlehrgang
summary: Mit Abschlussarbeit.
issuer: Akademie Musterstadt (fiktiv)
rule: Das Modul ist gelesen und die Aufgabe bestanden.
required: [datenrecht]
capstone: {{module: {ALL_KINDS}, pass_share: 0.6}}
"""


@pytest.fixture
def content(tmp_path):
    folder = content_with_all_kinds(tmp_path / "content")
    catalogue = folder / "catalogue.yaml"
    catalogue.write_text(
        re.sub(r"^certifications:\n", "certifications:\n  - werk\n", catalogue.read_text("utf-8"), flags=re.MULTILINE),
        "utf-8",
    )
    (folder / "certifications/werk.yaml").write_text(CERTIFICATION, "utf-8")
    media = folder / "modules" / ALL_KINDS / "media"
    (media / "film.mp4").write_bytes(bytes(range(100)))
    (media / "merkblatt.pdf").write_bytes(b"%PDF-1.7")
    return folder


@pytest.fixture
def tool(database_url, tmp_path, content):
    settings = {"SMARTCITY_CONTENT_DIR": str(content), "SMARTCITY_FILES_DIR": str(tmp_path / "files")}
    with running_tool(database_url, **settings) as running:
        yield running


@pytest.fixture
def media(content):
    return f"/content/{ALL_KINDS}/{load_catalogue(content).modules[ALL_KINDS].version}"


def test_a_part_of_a_video_can_be_asked_for_so_that_browsers_can_jump(tool, media):
    with tool.client.get(f"{media}/film.mp4", base_url=BASE_URL, headers={"Range": "bytes=10-19"}) as part:
        assert (part.status_code, part.data) == (206, bytes(range(10, 20)))
        assert part.mimetype == "video/mp4"


def test_a_download_is_saved_and_never_shown(tool, media):
    with tool.client.get(f"{media}/merkblatt.pdf", base_url=BASE_URL) as answer:
        assert answer.headers["Content-Disposition"] == "attachment; filename=merkblatt.pdf"
        assert answer.mimetype == "application/pdf"


def capstone_row(visit):
    visit.go("certificates?way=werk")
    return re.search(r"<li\b[^>]*>(?:(?!</li>).)*Abschlussarbeit.*?</li>", visit.page.text, re.DOTALL).group()


def test_the_capstone_is_open_until_a_person_has_marked_it(tool):
    visit = Visit(tool.client, tool.launch_as(custom={}))
    assert "offen" in capstone_row(visit)
    handing_in = begin(tool, AS_ASSIGNMENT)
    save(handing_in, "idee", ["Eine Idee."])
    hand_in(handing_in)
    assert "offen" in capstone_row(visit)
    mark(tool, {"problem": "4", "loesung": "2,5"}, "Gut.")
    assert "bestanden" in capstone_row(visit)
