"""Taking along and presenting what was learned, wide and at 320 pixels, with an administrator's decision between."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lti_tool.curriculum.loader import load_catalogue
from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import PresentedTranscript
from lti_tool.domain.actor import Learner
from lti_tool.services.presented_transcripts import PresentedTranscripts
from lti_tool.services.progress import Progress
from lti_tool.services.recognition import Recognition
from lti_tool.settings import PACKAGED_CONTENT
from tests.browser.test_accessibility import WIDTHS, look_at
from tests.factories.transcripts import CODE, OtherTool, a_module


@pytest.fixture
def sessions(house):
    engine = make_engine(f"sqlite:///{house.data / 'smartcity.sqlite3'}")
    yield make_sessions(engine)
    engine.dispose()


def now():
    return datetime.now(UTC)


def answered(sessions):
    """What the worker does once the issuer has answered that all is well."""
    with sessions.begin() as session:
        row = session.scalars(select(PresentedTranscript).order_by(PresentedTranscript.id.desc())).first()
        key, person = (row.registration_id, row.id), (row.registration_id, row.user_id)
        PresentedTranscripts(session, now).settle(*key, None)
        Recognition(session, now, load_catalogue(PACKAGED_CONTENT, "/content")).put_forward(*key)
    return Learner(*person)


def test_from_another_town_to_this_one_and_on(visitor, sessions, tmp_path):
    brought = tmp_path / "lernnachweis.jwt"
    modules = (a_module("datenrecht"), a_module("gartenbau", title="Grünflächen in der Smart City"))
    brought.write_text(OtherTool().token(now(), modules=modules))
    tab = visitor.open_in_window("rl-datenrecht")

    def seen(name):
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 640})
            look_at(tab, name)

    tab.goto(re.match(r".*/l/[^/]+/", tab.url).group() + "proofs")
    tab.get_by_role("link", name="Lernnachweis von einem anderen Ort vorlegen").click()
    tab.get_by_label("Datei (Endung .jwt)").set_input_files(brought)
    tab.get_by_label("Code").fill("7K3M-Q2ZD-91XC")
    tab.get_by_role("button", name="Datei ansehen").click()
    expect(tab.get_by_role("alert")).to_contain_text("Der Code passt nicht zu dieser Datei.")
    seen("a wrong code")
    tab.get_by_label("Datei (Endung .jwt)").set_input_files(brought)
    tab.get_by_label("Code").fill(CODE.lower())
    tab.get_by_role("button", name="Datei ansehen").click()
    expect(tab.get_by_role("row", name="Grünflächen in der Smart City")).to_contain_text("hier nicht angeboten")
    seen("what is in it")
    tab.get_by_role("button", name="Ja, vorlegen").click()
    learner = answered(sessions)
    tab.reload()
    expect(tab.get_by_text("wartet auf die Administration")).to_be_visible()
    seen("waiting")
    presented = tab.url

    visitor.page.bring_to_front()
    visitor.become("adem")
    frame = visitor.open_in_course("rl-datenrecht")
    frame.get_by_role("link", name="Plattform verwalten").click()
    expect(frame.get_by_role("heading", name="Selbsttest")).to_be_visible()
    line = frame.get_by_role("row", name="Stadt Siegen")
    expect(line).to_contain_text("lernen.siegen.example")
    line.get_by_role("button", name="Anerkennen").click()
    expect(line.get_by_role("button", name="Nicht mehr anerkennen")).to_be_visible()

    tab.bring_to_front()
    tab.goto(presented)
    expect(tab.get_by_text("anerkannt am").first).to_be_visible()
    seen("accepted")
    tab.get_by_role("link", name="Zum Zertifikatsstand").click()
    expect(tab.get_by_text("bestanden in Stadt Siegen, anerkannt am")).to_be_visible()
    seen("the way with a module from elsewhere")
    with sessions.begin() as session:
        Progress(session, now).record_pass(learner.registration_id, learner.user_id, "ki-kommune", now())
    tab.get_by_role("link", name="Ihre Nachweise").click()
    tab.get_by_role("link", name="Lernnachweis zum Mitnehmen").click()
    seen("what can be taken along")
    tab.get_by_role("button", name="Lernnachweis erstellen").click()
    expect(tab.locator("#transcript-code")).to_have_text(re.compile(r"^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$"))
    seen("file and code")
    with tab.expect_download() as download:
        tab.get_by_role("link", name="Datei herunterladen").click()
    assert re.fullmatch(r"lernnachweis-\d{4}-\d\d-\d\d\.jwt", download.value.suggested_filename)
