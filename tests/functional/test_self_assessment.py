"""The self-assessment: voluntary, in three screens, kept only on request, and nobody else's business."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from lti_tool.db.base import Base
from lti_tool.db.models import KeptSelfAssessment, ScoreDelivery
from tests.factories.platform_key import PlatformKey
from tests.factories.visit import Visit
from tests.functional.conftest import register_platform

OWN_LINK = {"content": "self-assessment"}
KEPT = "gespeichert am"


@pytest.fixture
def assessment(tool):
    return tool.app.extensions["smartcity"].catalogue.self_assessment


@pytest.fixture
def lea(tool):
    return Visit(tool.client, tool.launch_as(custom=OWN_LINK))


def judge(visit, assessment, level="0", role="projektleitung", buttons=("Weiter", "Ergebnis ansehen")):
    """Walk through the screens with the same answer to everything; end at the result."""
    go_on, finish = buttons
    visit.press(go_on, role=role)
    for start in range(0, len(assessment.situations), 4):
        here = {f"s-{situation.id}": level for situation in assessment.situations[start : start + 4]}
        last = start + 4 >= len(assessment.situations)
        visit.press(finish if last else go_on, **here)


def rows(tool):
    with tool.app.extensions["smartcity"].sessions() as session:
        return session.scalars(select(KeptSelfAssessment)).all()


def test_four_situations_on_each_of_three_screens_lead_to_a_picture_and_three_modules_with_a_reason(lea, assessment):
    assert "Welche Rolle passt am besten zu Ihnen?" in lea.text
    lea.press("Weiter", role="projektleitung")
    assert "Schritt 1 von 3" in lea.text
    assert lea.page.text.count("<fieldset") == 4
    assert lea.page.text.count('type="radio"') == 4 * 5
    lea.go(lea.landing)
    judge(lea, assessment)
    assert lea.page.text.count('class="gauge"') == len(assessment.situations) == 12
    assert lea.page.text.count('class="advice__item"') == 3
    assert lea.text.count("bringt Sie von Stufe 0 auf Stufe") == 3


def test_what_is_missing_is_said_and_nothing_that_was_answered_is_lost(lea, assessment):
    assert lea.press("Weiter").status_code == 400
    assert "Bitte wählen Sie eine Rolle." in lea.text
    lea.press("Weiter", role="lotse")
    first, *others = (situation.id for situation in assessment.situations[:4])
    answer = lea.press("Weiter", **{f"s-{first}": "2"})
    assert answer.status_code == 400
    assert "Bei 3 Sätzen fehlt noch Ihre Antwort." in lea.text
    assert answer.text.count(" checked") == 1
    lea.press("Weiter", **{f"s-{name}": "3" for name in (first, *others)})
    assert "Schritt 2 von 3" in lea.text
    lea.press("Zurück")
    assert lea.page.text.count(" checked") == 4


def test_nothing_is_stored_unless_the_learner_says_so(tool, lea, assessment):
    judge(lea, assessment)
    assert 'value="no" checked' in lea.page.text
    lea.press("Fertig", keep="no")
    assert "Ihr Weg zum Zertifikat" in lea.text
    assert rows(tool) == []
    lea.go("self-assessment")
    assert KEPT not in lea.text


def test_a_kept_result_comes_back_in_every_course_and_goes_when_it_is_deleted(tool, lea, assessment):
    judge(lea, assessment, "1")
    lea.press("Fertig", keep="yes")
    assert KEPT in lea.text
    client = tool.browser()
    elsewhere = Visit(client, tool.launch_as(client, custom={"module": "datenrecht"}))
    elsewhere.go("self-assessment")
    assert KEPT in elsewhere.text
    lea.go(lea.landing)
    assert KEPT in lea.text, "the activity opens with it"
    lea.go("self-assessment?again=yes")
    judge(lea, assessment, "4")
    lea.press("Fertig", keep="yes")
    assert [set(row.answers.values()) for row in rows(tool)] == [{4}], "the newest, once"
    lea.press("Ergebnis löschen")
    assert "Ihr Ergebnis ist gelöscht." in lea.text
    assert rows(tool) == []


def test_answers_that_are_none_of_ours_lead_nowhere(tool, lea, assessment):
    everything = {f"s-{situation.id}": "4" for situation in assessment.situations}
    for changed in ({"role": "koenig"}, {"s-ki": "5"}, {"s-ki": "-1"}, {"s-ki": "²"}, {"s-ki": ""}):
        fields = {"csrf": lea.csrf, "role": "lotse", "keep": "yes", **everything, **changed}
        assert lea.post("self-assessment/finish", **fields).status_code == 400
        lea.go(lea.landing)
    assert rows(tool) == []


def test_it_sends_nothing_to_the_platform(tool, assessment):
    lea = Visit(tool.client, tool.launch_as(custom=OWN_LINK))
    judge(lea, assessment)
    lea.press("Fertig", keep="yes")
    with tool.app.extensions["smartcity"].sessions() as session:
        assert session.scalar(select(func.count()).select_from(ScoreDelivery)) == 0
    assert [url for url in tool.internet.asked if "certs.php" not in url] == []


def test_an_instructor_sees_the_questions_and_nobodys_answers(tool, lea, assessment):
    judge(lea, assessment)
    lea.press("Fertig", keep="yes")
    client = tool.browser()
    ines = Visit(client, tool.launch_as(client, role="Instructor", custom=OWN_LINK))
    assert KEPT not in ines.text
    judge(ines, assessment)
    assert "Möchten Sie das Ergebnis behalten?" not in ines.text
    fields = {f"s-{situation.id}": "4" for situation in assessment.situations}
    answer = ines.post("self-assessment/finish", csrf=ines.csrf, role="lotse", keep="yes", **fields)
    assert answer.status_code == 403
    assert len(rows(tool)) == 1


def test_another_town_has_its_own(tool, lea, assessment):
    judge(lea, assessment)
    lea.press("Fertig", keep="yes")
    tool.platform = register_platform(
        tool.settings.database_url, tool.clock, tool.internet, issuer="https://siegen.example", key=PlatformKey("s")
    )
    tool.app.extensions["smartcity"].registrations.forget()
    client = tool.browser()
    other = Visit(client, tool.launch_as(client, custom=OWN_LINK))
    assert KEPT not in other.text
    other.post("self-assessment/forget", csrf=other.csrf)
    assert len(rows(tool)) == 1


def test_only_the_person_it_belongs_to_is_ever_asked_for_it():
    """No table but the person's own refers to it, and no other service knows it."""
    table = KeptSelfAssessment.__table__
    assert [key.name for key in table.primary_key] == ["registration_id", "user_id"]
    referring = [
        other.name
        for other in Base.metadata.tables.values()
        for key in other.foreign_key_constraints
        if key.referred_table is table
    ]
    assert referring == []


def test_the_tracker_leads_to_it(tool):
    lea = Visit(tool.client, tool.launch_as(custom={"content": "tracker"}))
    lea.click("Selbsteinschätzung")
    assert "Welche Rolle passt am besten zu Ihnen?" in lea.text


def test_in_english_all_of_it_is_english_and_the_way_there_too(tool, assessment):
    english = Visit(tool.client, tool.launch_as(custom=OWN_LINK, launch_presentation={"locale": "en"}))
    assert "Project lead" in english.text
    judge(english, assessment, buttons=("Next", "See the result"))
    for german in (assessment.levels[1], assessment.role("projektleitung").title, "Daten- und Datenschutzrecht"):
        assert german not in english.text
    assert "Applying data law and data protection" in english.text
    english.go("certificates")
    assert "Smart City Manager – model course" in english.text
    assert "All twelve modules and the final project have been passed" in english.text
    foreign = set(re.findall(r'lang="de"[^>]*>([^<]*)<', english.page.text))
    modules = tool.app.extensions["smartcity"].catalogue.modules.values()
    assert foreign
    titles = {title for module in modules for title in (module.title, module.assignment and module.assignment.title)}
    assert foreign <= titles, "only titles of German modules"
