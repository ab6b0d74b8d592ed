"""Live dates for those who learn: the next ones, a month, one date; signing up and leaving."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.domain.live_dates import LINK_SHOWN_BEFORE, NotPossible, Occasion
from lti_tool.domain.seats import Place
from lti_tool.domain.town_time import TOWN_TIME, shown
from lti_tool.services.live_dates import LiveDates, SeenDate
from lti_tool.services.sign_ups import SignUps
from lti_tool.web.date_words import CLOSED, WEEKDAYS, WHOLE_WEEKDAYS, hours, month_name, subject_of, subject_title, when
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db, db_for_writing

bp = under_launch(Blueprint("dates", __name__, url_prefix=f"{PREFIX}/dates"))

MOST_IN_LIST = 60
_FIRST_YEAR, _LAST_YEAR = 2020, 2100


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday on; days of its neighbours are None."""

    first: date
    weeks: Sequence[Sequence[date | None]]
    dates: dict[date, list[SeenDate]]

    @property
    def before(self) -> date:
        return (self.first - timedelta(1)).replace(day=1)

    @property
    def after(self) -> date:
        return (self.first + timedelta(31)).replace(day=1)


@bp.get("/")
def overview() -> ResponseReturnValue:
    """The next dates, or those of a month."""
    return show()


def show() -> ResponseReturnValue:
    """Show what was asked for; without that, the list."""
    asked = request.args.get("month")
    now = current_tool().clock()
    if asked is not None:
        month = month_of(asked, now)
        listed = _dates().between(current_actor(), *_span(month))
        shown_month = _calendar(month, listed)
        return render_template("dates_month.html", month=shown_month, listed=listed, clock=_clock, **words(now))
    coming = _dates().coming(current_actor(), now, MOST_IN_LIST)
    return render_template("dates.html", listed=coming, **words(now))


@bp.get("/<uuid:date_id>")
def one(date_id: UUID) -> ResponseReturnValue:
    """One date; whoever opens it has been told its news."""
    seen = _dates().one(current_actor(), date_id)
    if seen.news:
        SignUps(db_for_writing(), current_tool().clock).read(current_actor(), date_id)
        commit()
    return _page(seen)


@bp.post("/<uuid:date_id>/sign-up")
def sign_up(date_id: UUID) -> ResponseReturnValue:
    """Take a seat, or the last place in the waiting list."""
    try:
        SignUps(db(), current_tool().clock).sign_up(current_actor(), date_id)
    except NotPossible as refused:
        return _explained(date_id, refused)
    commit()
    return redirect(url_for("dates.one", date_id=date_id), 303)


@bp.post("/<uuid:date_id>/leave")
def leave(date_id: UUID) -> ResponseReturnValue:
    """Give the seat or the place in the waiting list back."""
    try:
        SignUps(db(), current_tool().clock).leave(current_actor(), date_id)
    except NotPossible as refused:
        return _explained(date_id, refused)
    commit()
    return redirect(url_for("dates.one", date_id=date_id), 303)


def month_of(asked: str, now: datetime) -> date:
    """Read 2026-11; anything else is this month."""
    today = shown(now).date()
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        return today.replace(day=1)
    return first if _FIRST_YEAR <= first.year <= _LAST_YEAR else today.replace(day=1)


def words(now: datetime) -> dict[str, object]:
    """Return what all pages about dates say in the same words."""
    catalogue = current_tool().catalogue
    return {
        "now": now,
        "today": shown(now).date(),
        "when": when,
        "hours": hours,
        "month_name": month_name,
        "weekdays": WEEKDAYS,
        "whole_weekdays": WHOLE_WEEKDAYS,
        "about": lambda subject: subject_title(catalogue, subject),
        "about_module": lambda subject: subject_of(catalogue, subject),
        "Place": Place,
    }


def _page(seen: SeenDate, fault: str = "") -> str:
    now, occasion = current_tool().clock(), seen.occasion
    return render_template(
        "date.html",
        seen=seen,
        fault=fault,
        join_url=occasion.join_url_for(seen.place, now),
        link_from=_link_from(occasion),
        **words(now),
    )


def _explained(date_id: UUID, refused: NotPossible) -> ResponseReturnValue:
    """Say why it cannot be, on the page as it is now."""
    db().rollback()
    return _page(_dates().one(current_actor(), date_id), str(CLOSED[refused.why])), 409


def _clock(moment: datetime) -> str:
    return f"{shown(moment):%H:%M}"


def _link_from(occasion: Occasion) -> datetime:
    return occasion.plan.starts_at - LINK_SHOWN_BEFORE


def _span(first: date) -> tuple[datetime, datetime]:
    after = (first + timedelta(31)).replace(day=1)
    return datetime.combine(first, time(), TOWN_TIME), datetime.combine(after, time(), TOWN_TIME)


def _calendar(first: date, listed: Sequence[SeenDate]) -> Month:
    by_day: dict[date, list[SeenDate]] = defaultdict(list)
    for seen in listed:
        by_day[shown(seen.occasion.plan.starts_at).date()].append(seen)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    return Month(first, [[day if day.month == first.month else None for day in week] for week in weeks], by_day)


def _dates() -> LiveDates:
    return LiveDates(db())
