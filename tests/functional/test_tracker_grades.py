"""A tracker with a grade column of its own sends the percentage of its way, whatever activity moved it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from lti_tool.db.models import LineItem, LtiUser, ModuleProgress, ScoreDelivery
from lti_tool.domain.scores import Delivery
from lti_tool.worker.tracker_grades import TrackerGrading
from tests.factories.visit import Visit
from tests.functional.test_deep_linking_rows import chosen, items, picker

GRADED = {"content": "tracker", "way": "lotse"}


@pytest.fixture
def extension(tool):
    return tool.app.extensions["smartcity"]


@pytest.fixture
def grading(tool, extension):
    return TrackerGrading(extension.sessions, tool.clock, extension.catalogue)


def learn(tool, extension, *modules):
    with extension.sessions.begin() as session:
        for user in session.scalars(select(LtiUser)):
            for module_id in modules:
                own = {"registration_id": user.registration_id, "user_id": user.id, "module_id": module_id}
                session.add(ModuleProgress(**own, passed_at=tool.clock(), updated_at=tool.clock()))


def sent(extension):
    with extension.sessions() as session:
        return [
            (row.given, row.maximum, row.revision)
            for row in session.scalars(select(ScoreDelivery).order_by(ScoreDelivery.user_id))
        ]


def test_the_picker_makes_a_tracker_with_or_without_a_column(tool):
    [plain] = items(chosen(picker(tool), "tracker"))
    assert "lineItem" not in plain
    [graded] = items(chosen(picker(tool), "tracker", way="lotse"))
    assert graded["custom"] == GRADED
    assert (graded["lineItem"]["scoreMaximum"], graded["lineItem"]["resourceId"]) == (100, "lotse")
    assert graded["lineItem"]["tag"] == "tracker"
    [unknown] = items(chosen(picker(tool), "tracker", way="koenig"))
    assert "lineItem" not in unknown


def test_a_platform_that_makes_no_columns_gets_a_tracker_without_one(tool):
    visit = picker(tool, accept_lineitem=False)
    assert "Bewertung des Zertifikatsstands" not in visit.text


def test_the_percentage_follows_what_is_learned_anywhere_and_is_sent_once(tool, extension, grading):
    tool.launch_as(custom=GRADED)
    grading()
    assert sent(extension) == [], "nothing learned, nothing sent"
    learn(tool, extension, "datenrecht")
    tool.clock.turn(minutes=2)
    grading()
    assert sent(extension) == [(Decimal("12.50"), Decimal(100), 1)]
    for _ in range(2):
        tool.clock.turn(minutes=2)
        grading()
    assert sent(extension) == [(Decimal("12.50"), Decimal(100), 1)], "equal values are not sent again"
    learn(tool, extension, "informationssicherheit", "verwaltung-ozg", "ki-kommune")
    tool.clock.turn(minutes=2)
    grading()
    assert sent(extension) == [(Decimal("37.50"), Decimal(100), 2)], "one elective counts, not two"


def test_who_learned_before_the_column_came_gets_a_percentage_too(tool, extension, grading):
    tool.launch_as(custom={"module": "datenrecht"})
    learn(tool, extension, "datenrecht")
    grading()
    tool.clock.turn(days=1)
    tool.launch_as(custom=GRADED, resource_link={"id": "tracker"})
    grading()
    with extension.sessions() as session:
        columns = session.scalars(select(LineItem.id).join(ScoreDelivery, ScoreDelivery.line_item_id == LineItem.id))
        assert len(columns.all()) == 1
        [row] = session.scalars(select(ScoreDelivery)).all()
    assert (row.given, row.state) == (Decimal("12.50"), Delivery.WAITING)


def test_instructors_and_trackers_without_a_column_get_none(tool, extension, grading):
    tool.launch_as(tool.browser(), role="Instructor", sub="ines", custom=GRADED)
    learn(tool, extension, "datenrecht")
    grading()
    assert sent(extension) == []


def test_a_way_that_the_content_no_longer_has_leaves_a_tracker_without_grades(tool, extension, grading):
    lea = Visit(tool.client, tool.launch_as(custom={"content": "tracker", "way": "gone"}))
    assert "Ihr Weg zum Zertifikat" in lea.text
    learn(tool, extension, "datenrecht")
    grading()
    assert sent(extension) == []


def test_a_graded_tracker_opens_on_the_way_it_grades(tool):
    lea = Visit(tool.client, tool.launch_as(custom=GRADED))
    assert "von 7 Modulen bestanden" in lea.text
    lea.click("Manager")
    assert "von 12 Modulen bestanden" in lea.text
