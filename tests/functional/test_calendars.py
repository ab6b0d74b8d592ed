"""Dates in a person's own calendar, read back by a second implementation."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import vobject
from sqlalchemy import select

from lti_tool.db.models import CalendarFeed, LiveDate, Municipality, SignUp
from lti_tool.domain.seats import Place
from tests.factories.live_dates import live_date, place
from tests.factories.visit import BASE_URL, Visit

WORDS_OF_PEOPLE = (b"Lea", b"Ute", b"ATTENDEE", b"ORGANIZER", b"mailto")


@pytest.fixture
def extension(tool):
    return tool.app.extensions["smartcity"]


@pytest.fixture
def lea(tool):
    return Visit(tool.client, tool.launch_as(custom={"content": "tracker"}, sub="lea"))


@pytest.fixture
def dates(tool, extension, lea):
    """Both sides of both changes of the clocks; lea waits for the first of them."""
    tool.clock.now = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
    lea = Visit(tool.client, tool.launch_as(custom={"content": "tracker"}, sub="lea"))
    starts = [
        datetime(2027, 3, 26, 9, 0, tzinfo=UTC),
        datetime(2027, 3, 29, 8, 0, tzinfo=UTC),
        datetime(2027, 10, 29, 8, 0, tzinfo=UTC),
        datetime(2027, 11, 1, 9, 0, tzinfo=UTC),
    ]
    with extension.sessions.begin() as session:
        ids = [live_date(session, start) for start in starts]
        for number, date_id in enumerate(ids):
            place(session, date_id, "lea", tool.clock(), Place.SEAT if number else Place.WAITING)
    return lea, ids


def address_of(visit, button="Adresse erzeugen"):
    visit.go("calendar")
    visit.press(button)
    return re.search(r'value="(https://[^"]+\.ics)"', visit.page.text)[1]


def fetch(tool, address, **headers):
    return tool.browser().get(address.removeprefix(BASE_URL), base_url=BASE_URL, headers=headers)


def events(answer):
    calendar = vobject.readOne(answer.data.decode())
    return {event.uid.value: event for event in calendar.vevent_list}


def test_a_feed_shows_ten_oclock_on_both_sides_of_both_changes_of_the_clocks(tool, dates):
    lea, ids = dates
    answer = fetch(tool, address_of(lea))
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    read = events(answer)
    starts = [read[str(date_id)].dtstart.value for date_id in ids]
    assert [f"{start:%H:%M}" for start in starts] == ["10:00"] * 4
    assert [start.utcoffset() for start in starts] == [timedelta(hours=number) for number in (1, 2, 2, 1)]
    assert [start.astimezone(UTC).hour for start in starts] == [9, 8, 8, 9]
    assert [read[str(date_id)].status.value for date_id in ids] == ["TENTATIVE"] + ["CONFIRMED"] * 3
    assert {event.dtend.value - event.dtstart.value for event in read.values()} == {timedelta(minutes=90)}


def test_a_feed_names_nobody_keeps_the_link_back_and_asks_nobody_to_index_it(tool, dates):
    answer = fetch(tool, address_of(dates[0]))
    assert not [words for words in (*WORDS_OF_PEOPLE, b"meet.example") if words in answer.data]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in answer.headers
    assert "private" in answer.headers["Cache-Control"]
    tool.clock.now = datetime(2027, 3, 29, 7, 50, tzinfo=UTC)
    lea = Visit(tool.client, tool.launch_as(custom={"content": "tracker"}, sub="lea"))
    open_now = fetch(tool, address_of(lea, "Adresse erneuern"))
    assert open_now.data.replace(b"\r\n ", b"").count(b"URL:https://meet.example/raum") == 1


def test_moving_up_and_a_cancellation_reach_the_calendar_as_later_editions(tool, extension, dates):
    lea, (first, second, *_) = dates
    address = address_of(lea)
    before = fetch(tool, address)
    assert fetch(tool, address, **{"If-None-Match": before.headers["ETag"]}).status_code == 304
    tool.clock.turn(hours=1)
    with extension.sessions.begin() as session:
        sign_up = session.scalars(select(SignUp).where(SignUp.date_id == first)).one()
        sign_up.state, sign_up.changed_at = Place.SEAT, tool.clock()
        date = session.get_one(LiveDate, second)
        date.cancelled_at = date.changed_at = tool.clock()
        date.cancelled_because, date.sequence = "Trainer krank", 1
    after = fetch(tool, address, **{"If-None-Match": before.headers["ETag"]})
    was, now = events(before), events(after)
    assert now[str(first)].status.value == "CONFIRMED"
    assert now[str(second)].status.value == "CANCELLED"
    assert "Trainer krank" in now[str(second)].description.value
    for date_id in (first, second):
        assert int(now[str(date_id)].sequence.value) > int(was[str(date_id)].sequence.value)


def test_an_address_is_shown_once_kept_as_a_digest_and_ends_when_renewed_or_revoked(tool, extension, dates):
    lea, _ = dates
    first = address_of(lea)
    lea.go("calendar")
    assert first not in lea.page.text
    with extension.sessions() as session:
        stored = session.scalars(select(CalendarFeed.token_hash)).one()
    assert stored not in first
    second = address_of(lea, "Adresse erneuern")
    assert (fetch(tool, first).status_code, fetch(tool, second).status_code) == (404, 200)
    lea.go("calendar")
    lea.press("Abonnement beenden")
    assert fetch(tool, second).status_code == 404
    assert "Adresse erzeugen" in lea.text


def test_of_a_town_that_has_left_no_calendar_is_given(tool, extension, dates):
    address = address_of(dates[0])
    with extension.sessions.begin() as session:
        session.scalars(select(Municipality)).one().closes_at = tool.clock()
    assert fetch(tool, address).status_code == 404


def test_one_date_is_a_file_and_another_towns_date_is_none(tool, dates):
    lea, ids = dates
    answer = lea.go(f"dates/{ids[1]}/calendar.ics")
    assert list(events(answer)) == [str(ids[1])]
    assert lea.go("dates/00000000-0000-7000-8000-000000000000/calendar.ics").status_code == 404


def test_a_preview_gets_no_address(tool, dates):
    client = tool.browser()
    ines = Visit(client, tool.launch_as(client, role="Instructor", sub="ines"))
    ines.go("calendar")
    assert "In der Vorschau wird nichts gespeichert." in ines.text
    assert ines.post("calendar", csrf=ines.csrf).status_code == 403
