"""Seats, the waiting list, series and hours of live dates."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.domain.date_series import MOST_DATES, Rhythm, moved_along, series_of
from lti_tool.domain.ids import new_id
from lti_tool.domain.live_dates import Closed, Fault, Occasion, Plan, Subject, faults_of, is_join_link
from lti_tool.domain.seats import Limits, Place, Waiting, allows, has_room, moving_up
from lti_tool.domain.town_time import HourTwice, NoSuchHour, moment_of, shown

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = datetime(2026, 3, 20, 9, tzinfo=UTC)  # 10:00 in Berlin
PLAN = Plan(
    subject=Subject(module_id="datenrecht"),
    title="Sprechstunde",
    trainer="",
    starts_at=START,
    ends_at=START + timedelta(minutes=90),
    sign_up_until=START - timedelta(days=1),
    join_url="https://raum.example/b/1?k=a%20b#x",
    limits=Limits(30),
)
OCCASION = Occasion(
    id=new_id(), registration_id=1, context_id=new_id(), whole_town=False, series_id=None, plan=PLAN, sequence=0,
    cancelled_at=None, cancelled_because="", made_at=NOW, changed_at=NOW,
)  # fmt: skip


def local(moments):
    return [f"{shown(moment):%d.%m. %H:%M}" for moment in moments]


def test_the_clock_decides_also_across_its_changes():
    assert moment_of(date(2026, 3, 28), time(10)).hour == 9
    assert moment_of(date(2026, 3, 29), time(10)).hour == 8
    assert moment_of(date(2026, 10, 25), time(1, 59)) == datetime(2026, 10, 24, 23, 59, tzinfo=UTC)
    assert moment_of(date(2026, 10, 25), time(3)) == datetime(2026, 10, 25, 2, tzinfo=UTC)
    for minute in (0, 30, 59):
        with pytest.raises(NoSuchHour):
            moment_of(date(2026, 3, 29), time(2, minute))
        with pytest.raises(HourTwice):
            moment_of(date(2026, 10, 25), time(2, minute))


def test_a_series_keeps_its_hour_and_its_deadline_when_the_clocks_change():
    weekly = series_of(PLAN, Rhythm.WEEKLY, 3)
    assert local(plan.starts_at for plan in weekly) == ["20.03. 10:00", "27.03. 10:00", "03.04. 10:00"]
    assert local(plan.sign_up_until for plan in weekly) == ["19.03. 10:00", "26.03. 10:00", "02.04. 10:00"]
    assert {plan.ends_at - plan.starts_at for plan in weekly} == {timedelta(minutes=90)}
    assert [plan.starts_at.hour for plan in weekly] == [9, 9, 8]
    assert local(plan.starts_at for plan in series_of(PLAN, Rhythm.WORKDAYS, 3)) == [
        *("20.03. 10:00", "23.03. 10:00", "24.03. 10:00")
    ]
    assert local(plan.starts_at for plan in series_of(PLAN, Rhythm.FOUR_WEEKS, 2))[1] == "17.04. 10:00"
    for number in (0, MOST_DATES + 1):
        with pytest.raises(ValueError, match="number"):
            series_of(PLAN, Rhythm.WEEKLY, number)
    night = replace(PLAN, starts_at=datetime(2026, 3, 22, 1, 30, tzinfo=UTC))
    with pytest.raises(NoSuchHour):
        series_of(night, Rhythm.WEEKLY, 2)


def test_later_dates_of_a_series_move_along_and_stay_apart():
    weekly = series_of(PLAN, Rhythm.WEEKLY, 3)
    an_hour_and_a_day = timedelta(days=1, hours=1)
    changed = replace(PLAN, starts_at=PLAN.starts_at + an_hour_and_a_day, ends_at=PLAN.ends_at + an_hour_and_a_day)
    moved = moved_along(PLAN, changed, weekly[1:])
    assert local(plan.starts_at for plan in moved) == ["28.03. 11:00", "04.04. 11:00"]
    assert local(plan.ends_at for plan in moved) == ["28.03. 12:30", "04.04. 12:30"]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"title": ""}, Fault.TITLE),
        ({"title": "x" * 201}, Fault.TITLE),
        ({"trainer": "x" * 201}, Fault.TRAINER),
        ({"ends_at": START}, Fault.ENDS_FIRST),
        ({"ends_at": START - timedelta(minutes=1)}, Fault.ENDS_FIRST),
        ({"ends_at": START + timedelta(hours=13)}, Fault.TOO_LONG),
        ({"sign_up_until": START + timedelta(minutes=1)}, Fault.DEADLINE),
        ({"join_url": "http://raum.example"}, Fault.LINK),
        ({"limits": Limits(0)}, Fault.SEATS),
        ({"limits": Limits(10_001)}, Fault.SEATS),
        ({"limits": Limits(5, 6)}, Fault.SEATS_PER_TOWN),
        ({"limits": Limits(5, 0)}, Fault.SEATS_PER_TOWN),
    ],
)
def test_what_is_wrong_with_a_plan_is_found(changed, fault):
    assert list(faults_of(PLAN, NOW)) == []
    assert list(faults_of(replace(PLAN, **changed), NOW)) == [fault]


def test_a_date_in_the_past_can_be_changed_but_not_moved_there():
    later = PLAN.starts_at + timedelta(minutes=1)
    assert list(faults_of(PLAN, later)) == [Fault.BEGUN]
    assert list(faults_of(replace(PLAN, trainer="Ida"), later, PLAN)) == []
    assert list(faults_of(replace(PLAN, starts_at=START - timedelta(hours=1)), later, PLAN)) == [Fault.BEGUN]


@pytest.mark.parametrize(
    "link",
    [
        *(
            "http://raum.example/",
            "HTTPS//raum.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "https:raum.example",
        ),
        *("https://", "https:///x", "https://raum", "https://ida:geheim@raum.example/", "https://raum.example/ x"),
        *('https://raum.example/"><script>', "https://raum.example/<x>", "https://raum.example/\n", "//raum.example"),
        *("https://raum.example:99999/", "https://bank.example\\@böse.example/", "https://räum.example/"),
        "https://raum.example/" + "x" * 2000,
    ],
)
def test_only_plain_https_addresses_are_join_links(link):
    assert not is_join_link(link)


def test_the_join_link_is_shown_to_seats_from_15_minutes_before_until_the_end():
    def link(place, **when):
        return OCCASION.join_url_for(place, START + timedelta(**when))

    assert link(Place.SEAT, minutes=-15) == link(Place.SEAT, minutes=89) == PLAN.join_url
    assert link(Place.SEAT, minutes=-16) == link(Place.SEAT, minutes=90) == ""
    assert link(Place.WAITING) == link(None) == ""
    assert replace(OCCASION, cancelled_at=NOW).join_url_for(Place.SEAT, START) == ""


def test_who_comes_too_late_is_told_why():
    deadline = PLAN.sign_up_until
    assert OCCASION.closed_to_newcomers(deadline - timedelta(seconds=1)) is None
    assert OCCASION.closed_to_newcomers(deadline) is Closed.DEADLINE
    assert OCCASION.closed_to_leavers(deadline) is None
    assert OCCASION.closed_to_newcomers(START) is OCCASION.closed_to_leavers(START) is Closed.BEGUN
    assert replace(OCCASION, cancelled_at=NOW).closed_to_newcomers(NOW) is Closed.CANCELLED


def test_whose_town_is_full_waits_and_lets_others_pass():
    limits = Limits(4, 2)
    assert has_room(limits, {1: 1}, 1)
    assert not has_room(limits, {1: 2}, 1)
    assert has_room(limits, {1: 2}, 2)
    assert not has_room(limits, {1: 2, 2: 2}, 3)
    people = [Waiting(town, new_id(), town) for town in (1, 1, 2, 3, 2)]
    assert [person.town for person in moving_up(limits, {1: 2}, people)] == [2, 3]
    assert allows(limits, {1: 2, 2: 2})
    assert not allows(limits, {1: 3})
    assert not allows(limits, {1: 2, 2: 2, 3: 1})


@given(st.integers(1, 8), st.none() | st.integers(1, 4), st.lists(st.integers(1, 3), max_size=20))
def test_moving_up_fills_every_seat_it_may_in_the_order_of_arrival(seats, per_town, towns):
    limits = Limits(seats, per_town)
    people = [Waiting(town, new_id(), town) for town in towns]
    up = list(moving_up(limits, {}, people))
    taken = Counter(person.town for person in up)
    assert allows(limits, taken)
    left = [person for person in people if person not in up]
    assert not any(has_room(limits, taken, person.town) for person in left)
    for town in set(towns):
        order = [person in up for person in people if person.town == town]
        assert order == sorted(order, reverse=True)
