"""A module passed in a SCORM package counts once an instructor credits it, with a reason that stays."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from lti_tool.db.models import ModuleCredit
from tests.factories.platform_key import PlatformKey
from tests.factories.visit import Visit
from tests.functional.conftest import register_platform
from tests.functional.test_tracker import write

REASON = "SCORM-Paket am 12.11. bestanden"
CREDITS = "class/credits"
MODULE = "datenrecht"


@pytest.fixture
def lea(tool):
    return Visit(tool.client, tool.launch_as(custom={"content": "tracker"}))


@pytest.fixture
def ines(tool, lea):
    client = tool.browser()
    return Visit(client, tool.launch_as(client, role="Instructor", sub="ines"))


def alias(visit):
    visit.go(CREDITS)
    return re.search(r'<option value="([^"]+)">Lea', visit.page.text)[1]


def decide(visit, button="Anrechnen", **changed):
    visit.go(CREDITS)
    return visit.press(button, **{"person": alias(visit), "module": MODULE, "reason": REASON, **changed})


def decisions(tool):
    with tool.app.extensions["smartcity"].sessions() as session:
        return [(row.counts, row.reason) for row in session.scalars(select(ModuleCredit).order_by(ModuleCredit.id))]


def test_a_credited_module_counts_and_says_where_it_comes_from(tool, lea, ines):
    ines.go(CREDITS.replace("credits", "settings"))
    ines.click("Module anrechnen")
    decide(ines)
    assert f"angerechnet . Grund: {REASON}" in ines.text.replace("angerechnet.", "angerechnet .")
    lea.go(lea.landing)
    assert "Sie haben 1 von 12 Modulen bestanden." in lea.text
    assert f"von Ihrer Lehrkraft angerechnet: {REASON}" in lea.text


def test_a_credit_can_be_taken_back_and_both_stay_in_the_history(tool, lea, ines):
    decide(ines)
    tool.clock.turn(minutes=1)
    decide(ines, "Anrechnung zurücknehmen", reason="Verwechslung")
    assert ines.text.index("Verwechslung") < ines.text.index(REASON)
    assert decisions(tool) == [(True, REASON), (False, "Verwechslung")]
    lea.go(lea.landing)
    assert "Sie haben 0 von 12 Modulen bestanden." in lea.text
    assert "angerechnet" not in lea.text


def test_what_somebody_passed_here_stays_when_a_credit_is_taken_back(tool, lea):
    write(tool, tool.app.extensions["smartcity"], passed=[MODULE], attempts=[(MODULE, "quiz", 8)])
    client = tool.browser()
    ines = Visit(client, tool.launch_as(client, role="Instructor", sub="ines"))
    decide(ines)
    decide(ines, "Anrechnung zurücknehmen", reason="Verwechslung")
    lea.go(lea.landing)
    assert "Sie haben 1 von 12 Modulen bestanden." in lea.text


@pytest.mark.parametrize("changed", [{"reason": "  "}, {"person": ""}])
def test_without_a_person_or_a_reason_nothing_is_credited(tool, lea, ines, changed):
    assert decide(ines, **changed).status_code == 400
    assert "Bitte wählen Sie eine Person und nennen Sie einen Grund." in ines.text
    assert decisions(tool) == []


def test_only_instructors_credit_and_only_people_of_their_course(tool, lea, ines):
    fields = {"person": alias(ines), "module": MODULE, "reason": REASON, "decision": "credit"}
    assert lea.post(CREDITS, csrf=lea.csrf, **fields).status_code == 403
    lea.go(lea.landing)
    assert lea.go(CREDITS).status_code == 403
    assert ines.post(CREDITS, csrf=ines.csrf, **{**fields, "person": "nobody"}).status_code == 404
    ines.go(CREDITS)
    assert ines.post(CREDITS, csrf=ines.csrf, **{**fields, "module": "unknown"}).status_code == 404
    client = tool.browser()
    other = {"id": "another course", "title": "Anderer Kurs"}
    elsewhere = Visit(client, tool.launch_as(client, role="Instructor", sub="otto", context=other))
    elsewhere.go(CREDITS)
    assert elsewhere.post(CREDITS, csrf=elsewhere.csrf, **fields).status_code == 404
    assert decisions(tool) == []


def test_another_town_sees_and_credits_nothing_of_it(tool, lea, ines):
    decide(ines)
    person = alias(ines)
    tool.platform = register_platform(
        tool.settings.database_url, tool.clock, tool.internet, issuer="https://siegen.example", key=PlatformKey("s")
    )
    tool.app.extensions["smartcity"].registrations.forget()
    client = tool.browser()
    other = Visit(client, tool.launch_as(client, role="Instructor", sub="ines"))
    other.go(CREDITS)
    assert REASON not in other.text
    answer = other.post(CREDITS, csrf=other.csrf, person=person, module=MODULE, reason="x", decision="credit")
    assert answer.status_code == 404
    assert len(decisions(tool)) == 1
