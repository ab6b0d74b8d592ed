"""The code of a session, and what calendars are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from lti_tool.domain.attendance import code_at, is_code, minutes_of, until_next_code
from lti_tool.domain.calendar import Standing, event_of
from lti_tool.domain.live_dates import Occasion, Plan, Subject
from lti_tool.domain.seats import Limits, Place

START = datetime(2026, 3, 30, 8, 0, tzinfo=UTC)
END = START + timedelta(minutes=90)
MADE = START - timedelta(days=9)
SECRET = "s" * 32
OCCASION = Occasion(
    id=UUID(int=7),
    registration_id=1,
    context_id=UUID(int=1),
    whole_town=False,
    series_id=None,
    plan=Plan(
        subject=Subject(module_id="m"),
        title="T",
        trainer="Ute Beispiel",
        starts_at=START,
        ends_at=END,
        sign_up_until=START,
        join_url="https://meet.example/raum",
        limits=Limits(30),
    ),
    sequence=4,
    cancelled_at=None,
    cancelled_because="",
    made_at=MADE,
    changed_at=MADE,
)


def test_a_code_counts_in_its_window_and_the_next_however_it_is_typed():
    code = code_at(SECRET, OCCASION, START)
    assert is_code(SECRET, OCCASION, f" {code[:3].lower()}-{code[3:]} ", START)
    assert is_code(SECRET, OCCASION, code, START + timedelta(minutes=9, seconds=59))
    assert not is_code(SECRET, OCCASION, code, START + timedelta(minutes=10))
    assert code_at(SECRET, OCCASION, START + until_next_code(START)) != code


def test_a_code_is_of_one_date_and_one_tool():
    code = code_at(SECRET, OCCASION, START)
    assert not is_code(SECRET, replace(OCCASION, id=UUID(int=8)), code, START)
    assert not is_code("t" * 32, OCCASION, code, START)
    assert not is_code(SECRET, OCCASION, "ÄÖÜ", START)


@pytest.mark.parametrize(
    ("moment", "taken"),
    [
        (START - timedelta(minutes=15, seconds=1), False),
        (START - timedelta(minutes=15), True),
        (END + timedelta(minutes=14), True),
        (END + timedelta(minutes=15), False),
    ],
)
def test_codes_count_from_a_little_before_until_a_little_after_the_date(moment, taken):
    assert is_code(SECRET, OCCASION, code_at(SECRET, OCCASION, moment), moment) is taken
    cancelled = replace(OCCASION, cancelled_at=MADE)
    assert not is_code(SECRET, cancelled, code_at(SECRET, cancelled, moment), moment)


def test_the_time_of_a_date_is_its_real_length_also_in_the_night_of_the_change():
    over_night = replace(
        OCCASION.plan,
        starts_at=datetime(2026, 10, 24, 22, 0, tzinfo=UTC),
        ends_at=datetime(2026, 10, 25, 3, 0, tzinfo=UTC),
    )
    assert minutes_of(replace(OCCASION, plan=over_night)) == 300
    assert minutes_of(OCCASION) == 90


def test_who_moves_up_gets_a_later_sequence_and_every_change_a_later_one_again():
    waiting = event_of(OCCASION, Place.WAITING, MADE, MADE)
    moved_up = event_of(OCCASION, Place.SEAT, MADE + timedelta(hours=1), MADE)
    changed = event_of(replace(OCCASION, sequence=5), Place.WAITING, MADE, MADE)
    assert waiting.sequence < moved_up.sequence < changed.sequence
    assert (waiting.standing, moved_up.standing) == (Standing.TENTATIVE, Standing.CONFIRMED)
    assert moved_up.changed_at == MADE + timedelta(hours=1)
    assert event_of(replace(OCCASION, cancelled_at=MADE), Place.SEAT, MADE, MADE).standing is Standing.CANCELLED


@pytest.mark.parametrize(
    ("place", "minutes_before", "link"),
    [(Place.SEAT, 16, False), (Place.SEAT, 15, True), (Place.WAITING, 15, False), (None, 15, False)],
)
def test_the_join_link_is_told_to_seats_only_and_not_before_it_opens(place, minutes_before, link):
    event = event_of(OCCASION, place, MADE, START - timedelta(minutes=minutes_before))
    assert bool(event.join_url) is link
