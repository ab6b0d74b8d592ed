"""Live dates for learners: seats in the order of arrival, a waiting list, news at the next launch, nobody else's dates."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import Context, LtiUser
from lti_tool.domain.actor import Actor
from lti_tool.domain.ids import new_id
from lti_tool.domain.roles import Role
from lti_tool.services.date_planning import DatePlanning, Planner
from lti_tool.services.erasure import Erasure
from lti_tool.services.personal_data import People
from lti_tool.services.sign_ups import SignUps
from tests.factories.classroom import Classroom
from tests.factories.dates import LINK, offer, places, plan
from tests.factories.id_token import LEAVE_OUT
from tests.factories.platform_key import PlatformKey
from tests.factories.visit import BASE_URL, Visit
from tests.functional.conftest import register_platform

DATES = {"content": "dates"}


@pytest.fixture
def come(tool):
    """Let somebody launch the activity with the dates."""

    def come(sub, **changed):
        client = tool.browser()
        return Visit(client, tool.launch_as(client, **{"sub": sub, "custom": DATES, **changed}))

    return come


@pytest.fixture
def other_town(tool):
    """A platform of another town, asked for all launches that follow."""
    tool.platform = register_platform(
        tool.settings.database_url, tool.clock, tool.internet, issuer="https://siegen.example", key=PlatformKey("s")
    )
    tool.app.extensions["smartcity"].registrations.forget()
    return tool.platform


def test_seats_go_to_who_comes_first_and_who_waits_moves_up_and_is_told(tool, come):
    lea, tom, ida, ole = (come(name) for name in ("lea", "tom", "ida", "ole"))
    assert "Zurzeit ist kein Termin geplant." in lea.text
    date = offer(tool, seats=2)
    lea.go(lea.landing)
    assert "noch 2 Plätze frei" in lea.text
    lea.press("Anmelden")
    assert "Sie haben einen Platz" in lea.text
    tom.go("dates/")
    tom.press("Anmelden")
    for late in (ida, ole):
        late.go("dates/")
        assert "ausgebucht" in late.text
        late.press("Auf die Warteliste")
    assert "Warteliste, Platz 1" in ida.text
    assert "Warteliste, Platz 2" in ole.text
    assert "2 vergeben, 2 Personen warten" in ole.text
    lea.press("Abmelden")
    assert "ausgebucht" in lea.text, "the seat is taken again"
    assert places(tool, date) == [("tom", "seat"), ("ida", "seat"), ("ole", "waiting")]
    told = come("ida", custom={"module": "datenrecht"})
    assert "Sie sind nachgerückt und haben einen Platz: „Sprechstunde Datenrecht“" in told.text
    elsewhere = come("ida", context={"id": "another course", "title": "Anderer Kurs"}, custom={"content": "tracker"})
    elsewhere.click("Termin ansehen")
    assert "Sie haben einen Platz" in elsewhere.text, "also in a course that the date is not for"
    told.go(told.landing)
    assert "nachgerückt" not in told.text, "it was told"
    assert "Sie sind von der Warteliste nachgerückt." in elsewhere.text
    assert "nachgerückt" not in come("ole", custom={"module": "datenrecht"}).text
    ole.go(f"dates/{date}")
    assert "Warteliste, Platz 1" in ole.text


def test_the_link_is_seen_by_seats_only_and_only_from_15_minutes_before(tool, come):
    lea, tom = come("lea"), come("tom")
    date = offer(tool, seats=1)
    for person in (lea, tom):
        person.go("dates/")
        person.press("Auf die Warteliste" if person is tom else "Anmelden")
    begins = plan(tool.clock()).starts_at
    tool.clock.now = begins
    tool.clock.turn(minutes=-16)
    lea = come("lea")
    lea.go(f"dates/{date}")
    assert LINK not in lea.page.text
    assert "Der Link zum Online-Raum erscheint hier ab" in lea.text
    tool.clock.turn(minutes=1)
    lea.go(f"dates/{date}")
    assert f'href="{LINK}" target="_blank" rel="noopener noreferrer"' in lea.page.text
    tom = come("tom")
    tom.go(f"dates/{date}")
    assert LINK not in tom.page.text


def test_twice_too_late_and_not_at_all_are_a_sentence_each_and_change_nothing(tool, come):
    lea, tom = come("lea"), come("tom")
    date = offer(tool)
    lea.go("dates/")
    form = {"csrf": lea.csrf}
    lea.post(f"dates/{date}/sign-up", **form)
    assert lea.post(f"dates/{date}/sign-up", **form).status_code == 409
    assert "Sie sind zu diesem Termin schon angemeldet." in lea.text
    tom.go("dates/")
    assert tom.post(f"dates/{date}/leave", csrf=tom.csrf).status_code == 409
    assert "Sie sind zu diesem Termin nicht angemeldet." in tom.text
    tool.clock.now = plan(tool.clock()).sign_up_until
    tom = come("tom")
    assert tom.post(f"dates/{date}/sign-up", csrf=tom.csrf).status_code == 409
    assert "Der Anmeldeschluss ist vorbei." in tom.text
    tool.clock.turn(days=1)
    lea = come("lea")
    assert lea.post(f"dates/{date}/leave", csrf=lea.csrf).status_code == 409
    assert "Dieser Termin hat schon begonnen." in lea.text
    assert places(tool, date) == [("lea", "seat")]


def test_instructors_and_people_without_a_name_sign_up_for_nothing(tool, come):
    ines = come("ines", role="Instructor")
    date = offer(tool)
    assert ines.post(f"dates/{date}/sign-up", csrf=ines.csrf).status_code == 403
    nobody = come(LEAVE_OUT)
    nobody.go(f"dates/{date}")
    assert "Deshalb ist hier keine Anmeldung möglich." in nobody.text
    assert nobody.post(f"dates/{date}/sign-up", csrf=nobody.csrf).status_code == 403
    assert places(tool, date) == []


def test_another_course_and_another_town_see_what_is_meant_for_them(tool, come, request):
    come("lea")
    own, town = offer(tool, title="Kurstermin"), offer(tool, title="Stadttermin", whole_town=True)
    everybody = offer(tool, title="Landestermin", all_towns=True)
    neighbour = come("nele", context={"id": "another course", "title": "Anderer Kurs"})
    assert [name in neighbour.text for name in ("Kurstermin", "Stadttermin", "Landestermin")] == [False, True, True]
    assert neighbour.go(f"dates/{own}").status_code == 404
    request.getfixturevalue("other_town")
    stranger = come("lea")
    assert [name in stranger.text for name in ("Kurstermin", "Stadttermin", "Landestermin")] == [False, False, True]
    for hidden in (own, town):
        assert stranger.go(f"dates/{hidden}").status_code == 404
        stranger.go(stranger.landing)
        for act in ("sign-up", "leave"):
            assert stranger.post(f"dates/{hidden}/{act}", csrf=stranger.csrf).status_code == 404
            stranger.go(stranger.landing)
    stranger.go(f"dates/{everybody}")
    stranger.press("Anmelden")
    assert places(tool, everybody) == [("lea", "seat")]
    assert places(tool, own) == places(tool, town) == []


def test_a_town_takes_no_more_than_its_seats(tool, come):
    lea, tom = come("lea"), come("tom")
    date = offer(tool, all_towns=True, seats=2, per_town=1)
    lea.go("dates/")
    assert "noch 1 Platz frei" in lea.text
    lea.press("Anmelden")
    tom.go("dates/")
    tom.press("Auf die Warteliste")
    assert "2 (höchstens 1 je Kommune)" in tom.text
    assert places(tool, date) == [("lea", "seat"), ("tom", "waiting")]


def test_english_signs_up_for_a_session_and_cancels_that_where_operators_sign_in_and_out(tool, come):
    ole = come("ole", launch_presentation={"locale": "en"})
    offer(tool)
    ole.go(ole.landing)
    ole.press("Sign up")
    ole.press("Cancel sign-up")
    assert "2 seats left" in ole.text
    enter = tool.browser().get("/operator/enter/x", headers={"Accept-Language": "en"}, base_url=BASE_URL)
    assert ("Sign in" in enter.text, "Sign up" in enter.text) == (True, False)


def test_a_month_shows_its_dates_in_four_queries_at_most(tool, come, counted_queries):
    lea = come("lea")
    for number in range(8):
        offer(tool, title=f"Termin {number}", days=7)
    month = f"{plan(tool.clock()).starts_at:%Y-%m}"
    lea.go("dates/")
    lea.press("Anmelden")
    with counted_queries() as statements:
        lea.go(f"dates/?month={month}")
    assert all(lea.text.count(f"Termin {number}") >= 2 for number in range(8)), "in the table and in the list below"
    assert "Sie haben einen Platz" in lea.text
    assert len(statements) <= 4, statements
    for strange in ("", "2026-13", "0001-01", "x"):
        assert lea.go(f"dates/?month={strange}").status_code == 200


def test_the_seat_of_an_erased_person_goes_to_who_waits(tool, come):
    lea, tom = come("lea"), come("tom")
    date = offer(tool, seats=1)
    lea.go("dates/")
    lea.press("Anmelden")
    tom.go("dates/")
    tom.press("Auf die Warteliste")
    with tool.app.extensions["smartcity"].sessions.begin() as session:
        user = session.scalars(select(LtiUser.id).where(LtiUser.subject == "lea")).one()
        Erasure(session, tool.clock).erase(People(tool.platform.registration_id, (user,), ("lea",)))
    assert places(tool, date) == [("tom", "seat")]


def test_500_people_at_once_get_30_seats_and_a_waiting_list_in_the_order_of_arrival(tool, come):
    come("lea")
    engine = make_engine(tool.settings.database_url)
    sessions, here = make_sessions(engine), tool.platform.registration_id
    with sessions.begin() as session:
        context = session.scalars(select(Context.id)).one()
        catalogue = tool.app.extensions["smartcity"].catalogue
        people = Classroom(session, catalogue, registration_id=here, context_id=context, now=tool.clock()).people(500)
        offered = [plan(tool.clock(), seats=30)]
        (date,) = DatePlanning(session, tool.clock, Planner(here, context)).make(offered)
    order, lock, queue = [], threading.Lock(), list(people)

    def sign_up_some():
        while True:
            with lock:
                if not queue:
                    return
                person = queue.pop()
            try:
                with sessions.begin() as session:
                    place = SignUps(session, tool.clock).sign_up(_learner(here, context, person), date)
            except OperationalError:  # SQLite was busy too long: a browser is told to come again in a moment
                with lock:
                    queue.insert(0, person)
                continue
            with lock:
                order.append(place)

    threads = [threading.Thread(target=sign_up_some) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    found = [state for _, state in places(tool, date)]
    assert found == ["seat"] * 30 + ["waiting"] * 470
    assert sorted(map(str, order)) == found


def _learner(registration_id, context_id, user_id):
    return Actor(
        registration_id=registration_id, launch_id=new_id(), parts=frozenset({Role.LEARNER}), user_id=user_id,
        context_id=context_id, context_title="", resource_link_id=None, module_id=None, kind="dates",
        line_item_id=None, locale="de", return_url=None, person_name=None,
    )  # fmt: skip
