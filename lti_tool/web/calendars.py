"""A person's dates in their own calendar: one as a file, or all of them under a secret address.

Whoever knows the address can read it, as calendars cannot sign in. So it holds no names, is made only when somebody
asks for it, is shown once, and ends as soon as its person says so.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.domain.calendar import event_of
from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.calendar_feeds import CalendarFeeds
from lti_tool.services.live_dates import LiveDates
from lti_tool.web.calendar_file import calendar_response
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.rate import limit_rate
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

bp = Blueprint("calendars", __name__)
in_launch = under_launch(Blueprint("calendar", __name__, url_prefix=PREFIX))

_TOKEN_LENGTH = 43


@bp.get("/calendar/")
def about() -> ResponseReturnValue:
    """Where the address in each calendar entry leads: how to get to the date."""
    return render_template("calendar_about.html")


@bp.get("/calendar/<token>.ics")
def feed(token: str) -> ResponseReturnValue:
    """All dates of whoever made this address; without cookies, as calendars ask without them."""
    limit_rate("calendar")
    if len(token) != _TOKEN_LENGTH:
        raise Refusal(Code.NOT_FOUND, "no such calendar")
    feeds = _feeds()
    return calendar_response(feeds.events(feeds.holder(token)), "termine")


@in_launch.get("/calendar")
def subscribe() -> ResponseReturnValue:
    """Whether there is an address, and what one is for."""
    return _page()


@in_launch.post("/calendar")
def renew() -> ResponseReturnValue:
    """Make an address, or a new one in place of the old, and show it this once."""
    token = _feeds().renew(current_actor())
    commit()
    return _page(current_tool().settings.base_url + url_for("calendars.feed", token=token))


@in_launch.post("/calendar/revoke")
def revoke() -> ResponseReturnValue:
    _feeds().revoke(current_actor())
    commit()
    return redirect(url_for("calendar.subscribe"), 303)


@in_launch.get("/dates/<uuid:date_id>/calendar.ics")
def one(date_id: UUID) -> ResponseReturnValue:
    """One date as a file."""
    actor, now = current_actor(), current_tool().clock()
    seen = LiveDates(db()).one(actor, date_id)
    since = _feeds().place_changed_at(actor, date_id)
    return calendar_response([event_of(seen.occasion, seen.place, since, now)], "termin")


def _page(address: str = "") -> str:
    return render_template("calendar.html", made_at=_feeds().made_at(current_actor()), address=address)


def _feeds() -> CalendarFeeds:
    return CalendarFeeds(db(), current_tool().clock)
