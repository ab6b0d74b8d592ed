"""Making, changing and cancelling live dates: instructors for their course or town, the operator for all towns."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lti_tool.db.models import AuditEntry, DateChange, LiveDate
from lti_tool.domain.town_time import shown
from tests.factories.dates import offer, places, plan
from tests.factories.visit import Visit
from tests.functional.test_operator import console, extension

__all__ = ["console", "extension"]
DATES = {"content": "dates"}


@pytest.fixture
def lea(tool):
    return Visit(tool.client, tool.launch_as(custom=DATES))


@pytest.fixture
def ines(tool):
    client = tool.browser()
    return Visit(client, tool.launch_as(client, role="Instructor", sub="ines", custom=DATES))


def fields(tool, **changed):
    day = shown(tool.clock() + timedelta(days=7)).date().isoformat()
    return {
        "title": "Sprechstunde", "subject": "module:datenrecht", "trainer": "Ida Beck", "day": day, "from": "10:00",
        "until": "11:30", "deadline_day": "", "deadline_time": "", "join_url": "https://raum.example/1", "seats": "2",
        **changed,
    }  # fmt: skip


def rows(tool, model=LiveDate, order=LiveDate.starts_at):
    with tool.app.extensions["smartcity"].sessions() as session:
        return session.scalars(select(model).order_by(order)).all()


def logged(tool):
    """What the audit log says of dates, which names nobody."""
    entries = rows(tool, AuditEntry, AuditEntry.id)
    return [(entry.actor, entry.action, entry.detail) for entry in entries if entry.action.startswith("date.")]


def test_an_instructor_makes_a_series_that_learners_see_at_once(tool, lea, ines):
    assert "Legen Sie den ersten an" in ines.text
    ines.click("Termin anlegen")
    ines.press("Termin anlegen", **fields(tool, rhythm="weekly", number="3"))
    assert "geplant" in ines.text
    assert "angelegt" in ines.text
    lea.go(lea.landing)
    assert lea.page.text.count('class="dates__item"') == 3
    assert {f"{shown(row.starts_at):%H:%M}" for row in rows(tool)} == {"10:00"}
    assert len({row.series_id for row in rows(tool)}) == 1
    ines.go("class/dates")
    assert ines.text.count("0 von 2 vergeben") == 3


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"until": "09:59"}, "Das Ende muss nach dem Beginn liegen."),
        ({"deadline_day": "2999-01-01", "deadline_time": "10:00"}, "Der Anmeldeschluss darf nicht nach dem Beginn"),
        ({"join_url": "javascript:alert(1)"}, "Der Link muss mit https:// beginnen"),
        ({"join_url": "http://raum.example"}, "Der Link muss mit https:// beginnen"),
        ({"day": "2029-03-25", "from": "02:30", "until": "04:00"}, "Diese Uhrzeit gibt es an diesem Tag nicht"),
        ({"day": "2029-10-28", "from": "02:30", "until": "04:00"}, "Diese Uhrzeit gibt es an diesem Tag zweimal"),
        ({"day": "2020-01-01"}, "Der Termin liegt in der Vergangenheit."),
        ({"day": "9999-12-24", "rhythm": "weekly", "number": "9"}, "Bitte nennen Sie Tag und Uhrzeiten vollständig."),
        ({"day": "0001-01-01", "from": "00:00"}, "Bitte nennen Sie Tag und Uhrzeiten vollständig."),
        ({"day": "morgen"}, "Bitte nennen Sie Tag und Uhrzeiten vollständig."),
        ({"deadline_time": "10:00"}, "Bitte nennen Sie Tag und Uhrzeiten vollständig."),
        ({"title": " "}, "Bitte nennen Sie einen Titel"),
        ({"subject": "module:unbekannt"}, "Bitte wählen Sie, worum es geht."),
        ({"seats": "0"}, "Bitte nennen Sie eine Zahl von 1 bis 10000."),
        ({"rhythm": "weekly", "number": "31"}, "Bitte nennen Sie eine Zahl von 1 bis 30."),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_nothing_typed_is_lost(tool, ines, changed, sentence):
    ines.click("Termin anlegen")
    assert ines.press("Termin anlegen", **fields(tool, **changed)).status_code == 400
    assert sentence in ines.text
    assert 'value="Ida Beck"' in ines.page.text
    assert rows(tool) == []


def test_seats_are_never_lowered_below_those_taken_and_new_ones_go_to_who_waits(tool, lea, ines):
    date = offer(tool, seats=1)
    tom_client = tool.browser()
    tom = Visit(tom_client, tool.launch_as(tom_client, sub="tom", custom=DATES))
    lea.go(lea.landing)
    lea.press("Anmelden")
    tom.go(tom.landing)
    tom.press("Auf die Warteliste")
    ines.go(f"class/dates/{date}/change")
    ines.press("Termin ändern", **fields(tool, seats="2"))
    assert [place for _, place in places(tool, date)] == ["seat", "seat"]
    ines.go(f"class/dates/{date}/change")
    assert ines.press("Termin ändern", **fields(tool, seats="1")).status_code == 400
    assert "Niemand verliert einen zugesagten Platz." in ines.text
    assert rows(tool)[0].seats == 2


def test_a_date_without_a_deadline_still_has_none_when_it_is_moved(tool, ines):
    ines.go("class/dates/new")
    ines.press("Termin anlegen", **fields(tool))
    ines.click("Termin ändern")
    names = ("deadline_day", "deadline_time")
    untouched = {name: re.search(rf'name="{name}"[^>]* value="([^"]*)"', ines.page.text)[1] for name in names}
    earlier = shown(tool.clock() + timedelta(days=3)).date().isoformat()
    assert ines.press("Termin ändern", **fields(tool, day=earlier, **untouched)).status_code == 200
    assert rows(tool)[0].sign_up_until == rows(tool)[0].starts_at


def test_a_date_that_is_over_is_not_called_off_and_that_is_said(tool, ines):
    date = offer(tool, hours=2)
    ines.go(f"class/dates/{date}")
    tool.clock.turn(hours=4)
    assert ines.press("Termin absagen", reason="Ida Beck ist krank").status_code == 400
    assert "Dieser Termin ist vorbei oder abgesagt" in ines.text


def test_a_moved_date_is_told_and_calendars_can_tell_it_from_the_one_before(tool, lea, ines):
    date = offer(tool)
    lea.go(lea.landing)
    lea.press("Anmelden")
    ines.go(f"class/dates/{date}/change")
    ines.press("Termin ändern", **fields(tool, title="Sprechstunde Datenrecht", reason="Raum belegt"))
    assert "Grund: Raum belegt" in ines.text
    assert rows(tool)[0].sequence == 1
    client = tool.browser()
    again = Visit(client, tool.launch_as(client))
    assert "Verlegt: „Sprechstunde Datenrecht“ ist jetzt am" in again.text
    ines.go(f"class/dates/{date}/change")
    ines.press("Termin ändern", **fields(tool, title="Sprechstunde Datenrecht"))
    assert rows(tool)[0].sequence == 1, "nothing was changed"
    assert logged(tool) == [("instructor", "date.changed", {"dates": 1})]


def test_cancelling_needs_a_reason_which_everybody_who_signed_up_reads(tool, lea, ines):
    date = offer(tool)
    lea.go(lea.landing)
    lea.press("Anmelden")
    ines.go(f"class/dates/{date}")
    assert ines.press("Termin absagen", reason=" ").status_code == 400
    assert "Bitte nennen Sie einen Grund" in ines.text
    ines.press("Termin absagen", reason="Ida Beck ist krank")
    assert "abgesagt" in ines.text
    client = tool.browser()
    again = Visit(client, tool.launch_as(client))
    assert "Abgesagt: „Sprechstunde Datenrecht“" in again.text
    assert "Grund: Ida Beck ist krank" in again.text
    again.click("Termin ansehen")
    assert again.post(f"dates/{date}/leave", csrf=again.csrf).status_code == 409
    assert [(row.action, row.reason) for row in rows(tool, DateChange, DateChange.id)] == [
        *(("made", ""), ("cancelled", "Ida Beck ist krank"))
    ]
    ines.go(f"class/dates/{date}/change")
    assert ines.press("Termin ändern", **fields(tool)).status_code == 400
    assert "lässt sich nicht mehr ändern" in ines.text


def test_the_rest_of_a_series_is_changed_and_cancelled_together(tool, lea, ines):
    ines.click("Termin anlegen")
    ines.press("Termin anlegen", **fields(tool, rhythm="weekly", number="3"))
    second = rows(tool)[1]
    ines.go(f"class/dates/{second.id}/change")
    day = shown(second.starts_at).date().isoformat()
    ines.press("Termin ändern", **fields(tool, day=day, **{"from": "14:00", "until": "15:00"}, following="yes"))
    assert [f"{shown(row.starts_at):%H:%M}" for row in rows(tool)] == ["10:00", "14:00", "14:00"]
    ines.go(f"class/dates/{second.id}")
    ines.press("Termin absagen", reason="Ferien", following="yes")
    assert [row.cancelled_because for row in rows(tool)] == ["", "Ferien", "Ferien"]
    assert logged(tool) == [
        ("instructor", "date.offered", {"dates": 3}),
        ("instructor", "date.changed", {"dates": 2}),
        ("instructor", "date.cancelled", {"dates": 2}),
    ]


def test_only_instructors_of_the_course_change_its_dates(tool, lea, ines, console):
    date, everybody = offer(tool, whole_town=True), offer(tool, all_towns=True)
    assert lea.post(f"class/dates/{date}/cancel", csrf=lea.csrf, reason="x").status_code == 403
    client = tool.browser()
    other = {"id": "another course", "title": "Anderer Kurs"}
    otto = Visit(client, tool.launch_as(client, role="Instructor", sub="otto", context=other))
    for visit, hidden in ((otto, date), (ines, everybody)):
        for path in ("", "/change"):
            assert visit.go(f"class/dates/{hidden}{path}").status_code == 404
        visit.go("class/dates")
        assert "Sprechstunde Datenrecht" in visit.text, "it can be seen"
        for path in ("change", "cancel"):
            visit.go("class/dates")
            answer = visit.post(f"class/dates/{hidden}/{path}", csrf=visit.csrf, **fields(tool, reason="x"))
            assert answer.status_code == 404
    assert console.go(f"/operator/dates/{date}").status_code == 404
    assert [row.sequence for row in rows(tool)] == [0, 0]


def test_the_operator_offers_a_date_to_all_towns_and_sees_numbers_only(tool, lea, console):
    console.click("Live-Termine")
    console.click("Termin anlegen")
    assert console.press("Termin anlegen", **fields(tool, per_town="3")).status_code == 400
    assert "Eine Kommune kann höchstens so viele Plätze bekommen" in console.text
    console.press("Termin anlegen", **fields(tool, per_town="1"))
    lea.go(lea.landing)
    assert "alle Kommunen" in lea.text
    lea.press("Anmelden")
    date = rows(tool)[0].id
    console.go(f"/operator/dates/{date}")
    assert "Stadt Olpe 1 0" in console.text
    console.press("Termin absagen", reason="Fällt aus")
    assert [entry[:2] for entry in logged(tool)] == [("operator", "date.offered"), ("operator", "date.cancelled")]
    lea.go(lea.landing)
    assert "Grund: Fällt aus" in lea.text


def test_who_signed_up_stands_in_the_list_of_the_course(tool, lea, ines):
    date = offer(tool)
    lea.go(lea.landing)
    lea.press("Anmelden")
    ines.go(f"class/dates/{date}")
    assert "1 mit Platz" in ines.text
    assert "Lea" in ines.text
    assert plan(tool.clock()).join_url in ines.text
