"""„Lernstand in Zahlen“: a whole registration for its administrators, and nobody in it."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from sqlalchemy import select

from lti_tool.db.models import AuditEntry
from tests.factories.visit import Visit
from tests.functional.conftest import register_platform
from tests.functional.test_class_page import classroom, sessions
from tests.functional.test_course_ways import ELECTIVES, REQUIRED, VERSTEHEN, certify, numbers
from tests.functional.test_platform_page import enter

PAGE = "platform/figures?way=lotse"
LOTSE = (*REQUIRED, "informationssicherheit", "beteiligung-teilhabe", "umsetzen-transfer")


@pytest.fixture
def admin(tool):
    return enter(tool)


def learn(tool, number, modules, *, days_ago=0, passed=True, people=None):
    """Let people pass modules, so long ago; return who they are."""
    with sessions(tool).begin() as session:
        room = classroom(tool, session)
        people = people or room.people(number)
        room.progress(people, modules, at=tool.clock() - timedelta(days=days_ago), passed=passed)
    return people


def test_administrators_read_numbers_and_no_names(tool, admin):
    learn(tool, 9, REQUIRED[:1], passed=False)
    learn(tool, 6, REQUIRED[:2])
    learn(tool, 3, REQUIRED)
    certify(tool, learn(tool, 1, LOTSE)[0])
    admin.go("platform/")
    admin.click("Lernstand in Zahlen")
    admin.go(PAGE)
    assert "Lerner" not in admin.text
    assert "Rund 20 Personen haben mindestens ein Modul" in admin.text
    assert numbers(admin) == {
        "Stand auf dem Weg": [
            ("noch unter einem Viertel", "10"),
            ("ein Viertel geschafft", "10"),
            ("die Hälfte geschafft", "weniger als 5"),
            ("drei Viertel geschafft", "weniger als 5"),
            ("alles geschafft", "weniger als 5"),
            ("Zertifikat ausgestellt", "weniger als 5"),
        ],
        "Was als Nächstes ansteht": [(VERSTEHEN, "10"), ("Datenschutz und Datenrecht", "5")],
        "Begonnen und liegen geblieben": [],
    }


@pytest.mark.parametrize(("number", "shown"), [(4, False), (5, True)])
def test_of_four_people_nothing_is_said_and_of_five_numbers_are(tool, admin, number, shown):
    learn(tool, number, REQUIRED)
    admin.go(PAGE)
    assert bool(numbers(admin)) is shown
    assert ("Weniger als 5 Personen haben diesen Lehrgang begonnen." in admin.text) is not shown


def test_modules_rest_where_five_people_have_not_been_back_for_four_weeks(tool, admin):
    for module, number, days in (("datenrecht", 5, 28), ("ki-kommune", 4, 90), ("handlungsfelder", 9, 27)):
        learn(tool, number, [module], days_ago=days, passed=False)
    admin.go(PAGE)
    assert numbers(admin)["Begonnen und liegen geblieben"] == [("Datenschutz und Datenrecht", "5")]


def test_the_estimate_follows_from_the_pace_and_what_is_missing(tool, admin):
    """Ten people with two and a half modules in the slower half: twice that in 90 days; they lack one, or five."""
    near = learn(tool, 10, [*LOTSE[:3]], days_ago=200)
    learn(tool, 0, [LOTSE[3], LOTSE[4], ELECTIVES[0]], days_ago=10, people=near)
    learn(tool, 0, [LOTSE[5]], days_ago=60, people=near)
    far = learn(tool, 20, LOTSE[:1], days_ago=10)
    learn(tool, 0, LOTSE[1:2], days_ago=60, people=far)
    admin.go(PAGE)
    assert "Den Weg zum Zertifikat beenden voraussichtlich etwa 10 Personen." in admin.text
    assert "rund 30 Personen vorangekommen" in admin.text
    assert "im Mittel 2,0 Module je Person, hochgerechnet auf 90 Tage, in der schnelleren 3,3" in admin.text


def test_without_a_past_or_without_five_people_there_is_no_estimate(tool, admin):
    people = learn(tool, 4, LOTSE[:3], days_ago=200)
    learn(tool, 0, LOTSE[3:], days_ago=10, people=people)
    learn(tool, 30, LOTSE[:3], days_ago=200)
    admin.go(PAGE)
    assert "Noch keine Schätzung." in admin.text


def test_the_file_holds_what_the_page_shows_and_leaves_a_line_in_the_audit_log(tool, admin):
    people = learn(tool, 12, LOTSE[:3], days_ago=200)
    learn(tool, 0, [*LOTSE[3:], ELECTIVES[0]], days_ago=10, people=people)
    admin.go(PAGE)
    shown = [[heading, *row] for heading, rows in numbers(admin).items() for row in rows]
    answer = admin.post("platform/figures/export", csrf=admin.csrf, way="lotse", form="csv")
    head, *rows = csv.reader(StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    assert head == ["Abschnitt", "Angabe", "Personen"]
    assert rows == [*shown, ["Schätzung", "Zertifikate in den nächsten 90 Tagen", "höchstens etwa 10"]]
    with sessions(tool)() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.detail) == (
        *("administrator", "figures.exported"),
        {"way": "lotse", "form": "csv"},
    )
    admin.go(PAGE)
    assert admin.post("platform/figures/export", csrf=admin.csrf, form="xlsx").data.startswith(b"PK")


def test_a_large_registration_takes_two_queries_more_than_any_page(tool, admin, counted_queries):
    learn(tool, 300, REQUIRED)
    admin.go(PAGE)
    with counted_queries() as queries:
        admin.go(PAGE)
    assert len(queries) <= 4, "\n".join(queries)


@pytest.mark.parametrize("role", ["Instructor", "Learner"])
def test_nobody_else_sees_it(tool, role):
    someone = Visit(tool.client, tool.launch_as(role=role))
    assert someone.go(PAGE).status_code == 403
    assert someone.post("platform/figures/export", csrf=someone.csrf, form="csv").status_code == 403


def test_another_town_counts_its_own_people_only(tool, admin):
    learn(tool, 30, REQUIRED)
    siegen = register_platform(tool.settings.database_url, tool.clock, tool.internet, issuer="https://siegen.example")
    tool.app.extensions["smartcity"].registrations.forget()
    tool.platform = siegen
    other = enter(tool)
    other.go(PAGE)
    assert "Weniger als 5 Personen haben diesen Lehrgang begonnen." in other.text
    assert other.go("platform/figures?way=nirgendwohin").status_code == 404
