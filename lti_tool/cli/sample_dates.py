"""Live dates to try: some for all towns, in the next weeks from whatever day it is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from lti_tool.domain.date_series import Rhythm, series_of
from lti_tool.domain.live_dates import Plan, Subject
from lti_tool.domain.seats import Limits
from lti_tool.domain.town_time import moment_of, shown
from lti_tool.services.date_planning import DatePlanning, Planner
from lti_tool.services.ports import Clock

_SATURDAY = 5
_ROOM = "https://raum.example/smart-city"


def add_sample_dates(session: Session, clock: Clock) -> None:
    """Offer them, unless dates for all towns are still to come."""
    planning, today = DatePlanning(session, clock, Planner()), shown(clock()).date()
    if planning.all_own(clock()):
        return
    start = "Smart City verstehen: Fragen und Antworten"
    law = "Sprechstunde Datenrecht"
    way = "Auf dem Weg zum Zertifikat: Austausch"
    planning.make([_plan(start, Subject("smart-city-verstehen"), _workday(today, 2), time(10), Limits(30))])
    weekly = _plan(law, Subject("datenrecht"), _workday(today, 5), time(14), Limits(12, 6))
    planning.make(series_of(weekly, Rhythm.WEEKLY, 4))
    planning.make([_plan(way, Subject(None, "manager"), _workday(today, 9), time(9, 30), Limits(1))])


def _plan(title: str, subject: Subject, day: date, clock: time, limits: Limits) -> Plan:
    begins = moment_of(day, clock)
    return Plan(
        subject=subject,
        title=title,
        trainer="Smart City Akademie (Beispiel)",
        starts_at=begins,
        ends_at=begins + timedelta(minutes=90),
        sign_up_until=_evening_before(begins),
        join_url=_ROOM,
        limits=limits,
    )


def _workday(today: date, days: int) -> date:
    day = today + timedelta(days)
    return day + timedelta(7 - day.weekday()) if day.weekday() >= _SATURDAY else day


def _evening_before(begins: datetime) -> datetime:
    return moment_of(shown(begins).date() - timedelta(1), time(18))
