"""Towns take ideas over and tell how it went; cards that must not stay are reported to those who may hide them."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from lti_tool.db.models import AuditEntry, IdeaAdoption, IdeaReport
from lti_tool.services.idea_reports import MOST_OPEN
from tests.factories.ideas import IdeaBoard
from tests.functional.test_ideas import come, come_from_siegen, operator, session_of

__all__ = ["operator"]
SAID = {"details": "Darin steht ein Name"}
TAKE = "Das übernehmen wir"


@pytest.fixture
def ines(tool):
    return come(tool, "ines", role="Instructor")


@pytest.fixture
def siegen(tool, card):
    """Reads in another town; who comes from now on comes from there as well."""
    return come_from_siegen(tool)


@pytest.fixture
def card(tool, ines):
    with session_of(tool) as session:
        idea_id = IdeaBoard(session, tool.platform.registration_id, tool.clock()).publish("Bäume gießen")
        session.commit()
    return f"ideas/{idea_id}"


def count(tool, model):
    with session_of(tool) as session:
        return session.scalar(select(func.count()).select_from(model))


def test_a_town_takes_an_idea_over_once_and_tells_how_it_went(tool, ines, card, siegen):
    ines.go(card)
    assert "Noch keine Kommune" in ines.text
    for _ in range(2):
        ines.post(f"{card}/adoption", csrf=ines.csrf, step="adopt")
    assert count(tool, IdeaAdoption) == 1
    ines.press("Bericht speichern", experience="Mit zehn Sensoren.\nDer Funk war das Schwerste.")
    siegen.go(card)
    assert "Stadt Olpe" in siegen.text
    assert "So lief es bei uns Mit zehn Sensoren. Der Funk war das Schwerste." in siegen.text
    ines.go(card)
    assert "Ihr Bericht wird dabei gelöscht" in ines.text
    ines.press("Doch nicht übernehmen")
    assert count(tool, IdeaAdoption) == 0
    with session_of(tool) as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("idea."))).all()
    assert actions == ["idea.adopted", "idea.given_up"]


def test_learners_do_not_speak_for_the_town(tool, ines, card, siegen):
    siegen.go(card)
    assert TAKE not in siegen.text
    assert siegen.post(f"{card}/adoption", csrf=siegen.csrf, step="adopt").status_code == 403
    assert siegen.post(f"{card}/experience", csrf=siegen.csrf, experience="x").status_code == 403
    assert count(tool, IdeaAdoption) == 0


def test_a_report_that_is_too_long_is_not_lost(ines, card):
    ines.go(card)
    ines.press(TAKE)
    page = ines.press("Bericht speichern", experience="x" * 3001)
    assert page.status_code == 400
    assert "höchstens 3000 Zeichen" in ines.text
    assert "x" * 3001 in page.text


def test_a_reported_card_waits_at_both_desks_until_it_is_settled(tool, ines, card, siegen, operator):
    siegen.go(card)
    siegen.click("Karte melden")
    page = siegen.press("Meldung senden", **SAID)
    assert page.status_code == 400
    assert "Darin steht ein Name" in page.text
    siegen.press("Meldung senden", ground="personal", **SAID)
    assert "Ihre Meldung ist angekommen" in siegen.text
    for desk, path in ((ines, "class/ideas"), (operator, "/operator/ideas/")):
        desk.go(path)
        assert "„Darin steht ein Name“" in desk.text
    operator.press("Karte darf bleiben")
    assert "Gemeldet" not in operator.text
    ines.go("class/ideas")
    assert "Gemeldet" not in ines.text


def test_hiding_a_card_settles_what_was_said_of_it_and_only_its_own_town_or_the_operator_may(tool, ines, card, siegen):
    siegen.go(f"{card}/report")
    siegen.press("Meldung senden", ground="wrong")
    stranger = come(tool, "sven", role="Instructor")
    stranger.go("class/ideas")
    assert "Gemeldet" not in stranger.text, "of another town"
    settled = stranger.post(f"class/{card}/reports", csrf=stranger.csrf)
    assert settled.status_code == 404
    ines.go(f"class/{card}")
    ines.press("Ausblenden", reason="Bitte ohne Namen.")
    assert "Gemeldet" not in ines.text
    assert siegen.go(f"{card}/report").status_code == 410
    ines.go(f"class/{card}")
    ines.press("Wieder einblenden")
    assert "Gemeldet" not in ines.text, "that was settled"


def test_many_reports_of_one_card_fill_no_table(tool, ines, card):
    ines.go(f"{card}/report")
    for _ in range(MOST_OPEN + 3):
        ines.post(f"{card}/report", csrf=ines.csrf, ground="wrong")
    assert count(tool, IdeaReport) == MOST_OPEN
