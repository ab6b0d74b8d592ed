"""The author's preview: the tool's own templates, safe though it shows unfinished content."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lti_tool.settings import PACKAGED_CONTENT
from lti_tool.web.content_preview import create_preview

PAGE = "modules/datenrecht/pages/01-grundsaetze.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(PACKAGED_CONTENT, tmp_path / "content")
    return tmp_path / "content"


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    return create_preview(folder).test_client()


def test_every_module_page_and_quiz_can_be_looked_at(client: FlaskClient, folder: Path) -> None:
    assert client.get("/").status_code == 200
    for module in sorted((folder / "modules").iterdir()):
        assert client.get(f"/module/{module.name}/").status_code == 200
        for page in sorted((module / "pages").iterdir()):
            shown = client.get(f"/module/{module.name}/{page.stem[3:]}")
            assert shown.status_code == 200
            assert "Keine Probleme gefunden." in shown.text
        for part in ("quiz", "assignment"):
            expected = 200 if (module / f"{part}.yaml").exists() else 404
            assert client.get(f"/quiz/{module.name}/{part}").status_code == expected


def test_a_quiz_shows_the_right_answers_and_waits_while_it_has_errors(client: FlaskClient, folder: Path) -> None:
    assert "Richtig: Zweckbindung – " in client.get("/quiz/datenrecht/quiz").text
    quiz = folder / "modules/datenrecht/quiz.yaml"
    quiz.write_text(quiz.read_text("utf-8").replace("source: dsgvo", "source: dsgv"), "utf-8")
    page = client.get("/quiz/datenrecht/quiz").text
    assert "sobald die Datei keine Fehler mehr hat" in page
    assert "Die Quelle »dsgv« gibt es nicht" in page


def test_findings_stand_beside_the_text_and_lead_to_their_line(client: FlaskClient, folder: Path) -> None:
    page = folder / PAGE
    page.write_text(page.read_text("utf-8") + "\n<b>roh</b>\n", "utf-8")
    line = len(page.read_text("utf-8").splitlines())
    shown = client.get("/module/datenrecht/grundsaetze").text
    assert "&lt;b&gt;roh&lt;/b&gt;" in shown
    assert f'href="/source/{PAGE}#z{line}">{PAGE}:{line}:1</a>' in shown
    assert f'<li id="z{line}" class="source__found">' in client.get(f"/source/{PAGE}").text


def test_nothing_outside_of_the_folder_and_nobody_from_elsewhere_gets_anything(
    client: FlaskClient, folder: Path
) -> None:
    (folder.parent / "geheim.md").write_text("geheim", "utf-8")
    for path in ("/source/../geheim.md", "/source/%2e%2e/geheim.md", "/source/catalogue.txt", "/module/nichts/",
                 "/content/datenrecht/v/..%2Fmodule.yaml"):  # fmt: skip
        assert client.get(path).status_code == 404, path
    assert client.get("/", headers={"Host": "angriff.example"}).status_code == 400
    answer = client.get("/")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_the_browser_is_told_of_a_save(folder: Path) -> None:
    events = create_preview(folder).test_client().get("/events").iter_encoded()
    assert next(events) == b": da\n\n"
    (folder / PAGE).write_text("neu", "utf-8")
    assert next(events) == "data: geändert\n\n".encode()
    assert next(events) == b": noch da\n\n"


def test_media_are_shown(client: FlaskClient, folder: Path) -> None:
    name = min(path.name for path in (folder / "modules/datenrecht/media").iterdir())
    with client.get(f"/content/datenrecht/abc/{name}") as picture:
        assert picture.mimetype == "image/svg+xml"
