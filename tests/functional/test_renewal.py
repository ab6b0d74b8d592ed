"""A certificate that ends: said in time, renewed by passing its refreshers again, and never for less than that."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from lti_tool.db.models import IssuedProof, LtiUser
from lti_tool.services.graduations import Graduations
from tests.factories.visit import BASE_URL, Visit
from tests.functional.test_quiz_pages import QUIZ
from tests.functional.test_submission_review import hand_in
from tests.functional.test_tracker import write

TRACKER = "certificates?way=lotse"
CERTIFICATE = "proofs/certificate/lotse"


@pytest.fixture
def extension(tool):
    return tool.app.extensions["smartcity"]


@pytest.fixture
def lea(tool, extension, rule):
    """Somebody who has a certificate for two years, of one module, which refreshes it too."""
    short = {"required": ("datenrecht",), "electives": (), "electives_needed": 0, "capstone": None}
    rule("lotse", **short, validity_months=24, refresher=("datenrecht",), refresh_months=6)
    visit = come(tool)
    write(tool, extension, passed=["datenrecht"])
    visit.go(CERTIFICATE)
    visit.press("Nachweis ausstellen", name="Lea Lernfeld")
    return visit


def come(tool):
    client = tool.browser()
    return Visit(client, tool.launch_as(client, custom={"content": "tracker"}))


def later(tool, days):
    tool.clock.turn(days=days)
    return come(tool)


def verdicts(tool, extension):
    """What the pages for verification say, oldest edition first."""
    with extension.sessions() as session:
        ids = session.scalars(select(IssuedProof.public_id).order_by(IssuedProof.edition)).all()
    pages = [tool.browser().get(f"/v/{public_id}", base_url=BASE_URL).text for public_id in ids]
    return [re.search(r"(Gültig|Abgelaufen|Widerrufen)", page)[1] for page in pages]


def test_the_tracker_says_until_when_it_counts_and_from_when_it_can_be_renewed(tool, lea):
    lea.go(TRACKER)
    assert re.search(r"Das Zertifikat gilt bis \S+ Ab dem \S+ können Sie es erneuern", lea.text)
    assert "Auffrischen bis" not in lea.text


def test_in_time_it_is_renewed_by_the_refreshers_and_the_old_one_counts_to_its_end(tool, extension, lea):
    lea = later(tool, 600)
    lea.go(TRACKER)
    assert "Auffrischen bis" in lea.text
    assert "Datenschutz und Datenrecht , noch offen" in lea.text
    lea.click("Zum Zertifikat")
    address = f"{lea.path}/renew"
    assert lea.post(address, csrf=lea.csrf, name="Lea Lernfeld").status_code == 409
    hand_in(tool, len(QUIZ.questions))
    lea.go(TRACKER)
    lea.click("Zertifikat erneuern")
    assert renewed_at_once(tool, lea, address) == {200}
    assert verdicts(tool, extension) == ["Gültig", "Gültig"]
    lea = later(tool, 200)
    assert verdicts(tool, extension) == ["Abgelaufen", "Gültig"]
    lea.go(TRACKER)
    assert "Das Zertifikat gilt bis" in lea.text


def renewed_at_once(tool, visit, path):
    """Press the button in three windows at once; return what came of it."""
    csrf = visit.csrf

    def click(_):
        browser = tool.browser()
        browser._cookies = visit.client._cookies
        return browser.post(path, data={"csrf": csrf, "name": "Lea Lernfeld"}, base_url=BASE_URL).status_code

    with ThreadPoolExecutor(3) as pool:
        return set(pool.map(click, range(3)))


def test_once_it_has_ended_it_says_how_to_renew_it_and_no_other_way_leads_round_that(tool, extension, lea):
    ended = f"proofs/{(lea.go('proofs'), re.search(r'proofs/([^/]{22})', lea.page.text)[1])[1]}"
    lea = later(tool, 800)
    lea.go(TRACKER)
    assert re.search(r"Ihr Zertifikat ist am \S+ abgelaufen\.", lea.text)
    assert "So erneuern Sie das Zertifikat" in lea.text
    lea.click("Datenschutz und Datenrecht")
    lea.go(CERTIFICATE)
    assert "Bestehen Sie das Quiz in diesem Modul noch einmal." in lea.text
    for path in (CERTIFICATE, f"{ended}/renew", f"{ended}/replace"):
        assert lea.post(path, csrf=lea.csrf, name="Lea Lernfeld").status_code == 409, path
    lea.post(f"{ended}/withdraw", csrf=lea.csrf)
    assert lea.post(CERTIFICATE, csrf=lea.csrf, name="Lea Lernfeld").status_code == 409
    assert graduates(tool, extension) == 0
    hand_in(tool, len(QUIZ.questions))
    assert graduates(tool, extension) == 1
    lea.go(CERTIFICATE)
    lea.press("Nachweis ausstellen", name="Lea Lernfeld")
    assert verdicts(tool, extension) == ["Widerrufen", "Gültig"]


def graduates(tool, extension):
    with extension.sessions() as session:
        [registration_id] = set(session.scalars(select(LtiUser.registration_id)))
        evening = Graduations(session, tool.clock, "a secret only for tests", extension.catalogue)
        return len(evening.graduates(registration_id, extension.catalogue.certifications["lotse"]))


@pytest.mark.parametrize("button", ["Neu ausstellen", "Nachweis zurücknehmen"])
def test_neither_another_name_nor_taking_it_back_makes_it_last_longer(tool, extension, lea, button):
    lea = later(tool, 100)
    lea.go("proofs")
    lea.click("Zertifikat:")
    lea.press(button, name="Lea Neufeld")
    if button != "Neu ausstellen":
        lea.go(CERTIFICATE)
        lea.press("Nachweis ausstellen", name="Lea Neufeld")
    with extension.sessions() as session:
        ends = session.scalars(select(IssuedProof.valid_until)).all()
    assert len(ends) == 2
    assert len(set(ends)) == 1
