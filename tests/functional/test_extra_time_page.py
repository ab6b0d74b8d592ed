"""More time for one person, as an instructor gives it on the settings page of the course."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lti_tool.db.models import Attempt, ExtraTime, ResourceLink
from tests.factories.content import ALL_KINDS, content_with_all_kinds
from tests.factories.visit import Visit
from tests.functional.conftest import running_tool
from tests.functional.test_class_page import OTHER_COURSE, sessions, teach

AS_LIMITED = {"module": ALL_KINDS, "content": "quiz"}


@pytest.fixture
def tool(database_url, tmp_path):
    content = content_with_all_kinds(tmp_path / "content", quiz="pass_share: 0.6\ntime_limit: 30")
    with running_tool(database_url, SMARTCITY_CONTENT_DIR=str(content)) as running:
        yield running


@pytest.fixture
def lea(tool):
    client = tool.browser()
    visit = Visit(client, tool.launch_as(client, custom=AS_LIMITED))
    visit.press("Quiz beginnen")
    return visit


def settings(tool, **changed):
    ines = teach(tool, **{"custom": AS_LIMITED, **changed})
    ines.go("class/settings")
    return ines


def link_id(tool):
    with sessions(tool)() as session:
        return str(session.scalars(select(ResourceLink.id).where(ResourceLink.kind == "quiz")).first())


def limit(tool):
    with sessions(tool)() as session:
        [attempt] = session.scalars(select(Attempt))
        return (attempt.deadline_at - attempt.started_at).total_seconds() / 60


def test_a_running_attempt_gets_more_time_and_loses_it_again(tool, lea):
    assert limit(tool) == 30
    ines = settings(tool)
    ines.press("Zeit geben", person="lea lernfeld", activity=link_id(tool), minutes="15")
    assert "Lea Lernfeld · Datenrecht · 15 Minuten mehr" in ines.text
    assert limit(tool) == 45
    ines.press("Zeit geben", person="Lernfeld", activity=link_id(tool), minutes="0")
    assert "Minuten mehr ·" not in ines.text
    assert limit(tool) == 30


@pytest.mark.parametrize("person", ["Niemand", "", "L"])
def test_a_name_that_fits_nobody_or_several_is_asked_for_again(tool, lea, person):
    client = tool.browser()
    tool.launch_as(client, custom=AS_LIMITED, sub="6", name="Lutz Lang")
    ines = settings(tool)
    ines.press("Zeit geben", person=person, activity=link_id(tool), minutes="15")
    assert ines.page.status_code == 404
    assert "passt keine einzelne Person" in ines.text
    assert limit(tool) == 30


@pytest.mark.parametrize("minutes", ["", "-5", "1.5", "601", "viel"])
def test_what_is_no_number_of_minutes_is_refused(tool, lea, minutes):
    ines = settings(tool)
    assert ines.press("Zeit geben", person="Lea", activity=link_id(tool), minutes=minutes).status_code == 400
    assert limit(tool) == 30


def test_an_activity_of_another_course_gets_no_time(tool, lea):
    foreign = link_id(tool)
    there = {"context": OTHER_COURSE, "resource_link": {"id": "9", "title": "Q"}, "custom": AS_LIMITED}
    client = tool.browser()
    tool.launch_as(client, **there)
    ines = settings(tool, **there)
    assert ines.press("Zeit geben", person="Lea", activity=foreign, minutes="15").status_code == 404
    with sessions(tool)() as session:
        assert session.scalars(select(ExtraTime)).all() == []


def test_a_learner_gives_no_time(tool, lea):
    path = "class/settings/extra-time"
    assert lea.post(path, csrf=lea.csrf, person="Lea", activity=link_id(tool), minutes="60").status_code == 403
