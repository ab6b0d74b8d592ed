"""Writes calendar files (RFC 5545). They name nobody: neither who comes nor who teaches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from flask import Response, request, url_for

from lti_tool.domain.calendar import Event, Standing
from lti_tool.domain.town_time import shown
from lti_tool.web.headers import let_nothing_run
from lti_tool.web.languages import gettext
from lti_tool.web.tool import current_tool

if TYPE_CHECKING:
    import icalendar

_PRODUCT = "-//Smart City Lernen//Termine//DE"
_ZONE = "Europe/Berlin"
_WINTER, _SUMMER = timedelta(hours=1), timedelta(hours=2)
_REFRESH = timedelta(hours=1)
_KEPT_SECONDS = 900


def calendar_response(events: Iterable[Event], name: str) -> Response:
    """Return a file that programs may keep for a quarter of an hour, and need not fetch again while it is the same."""
    let_nothing_run()
    response = Response(calendar_file(events), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    response.headers["Cache-Control"] = f"private, max-age={_KEPT_SECONDS}"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.add_etag()
    response.make_conditional(request)
    return response


def calendar_file(events: Iterable[Event]) -> bytes:
    """Write events with their times as clocks in Germany show them; the same events give the same bytes."""
    import icalendar  # noqa: PLC0415 -- few ask for a calendar, everybody would pay its memory

    calendar = icalendar.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", gettext("Smart City Lernen: Termine"))
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add_component(_zone())
    for event in events:
        calendar.add_component(_entry(event))
    written: bytes = calendar.to_ical()
    return written


def _entry(event: Event) -> icalendar.Event:
    import icalendar  # noqa: PLC0415 -- as above

    entry = icalendar.Event()
    entry.add("uid", str(event.uid))
    entry.add("dtstamp", event.changed_at.astimezone(UTC))
    entry.add("last-modified", event.changed_at.astimezone(UTC))
    entry.add("sequence", event.sequence)
    entry.add("dtstart", shown(event.starts_at))
    entry.add("dtend", shown(event.ends_at))
    entry.add("summary", event.title)
    entry.add("status", event.standing.value)
    entry.add("transp", "OPAQUE" if event.standing is Standing.CONFIRMED else "TRANSPARENT")
    entry.add("description", _words(event))
    entry.add("url", event.join_url or _own_page())
    if event.join_url:
        entry.add("location", event.join_url)
    return entry


def _words(event: Event) -> str:
    if event.standing is Standing.CANCELLED:
        return gettext("Abgesagt: %(reason)s", reason=event.cancelled_because)
    if event.join_url:
        return gettext("Link zum Online-Raum: %(link)s", link=event.join_url)
    where = gettext(
        "Den Link zum Online-Raum finden Sie ab 15 Minuten vor Beginn in Ihrer Lernplattform bei diesem Termin."
    )
    if event.standing is Standing.TENTATIVE:
        return gettext("Sie stehen auf der Warteliste.") + " " + where
    return where


def _own_page() -> str:
    return current_tool().settings.base_url + url_for("calendars.about")


def _zone() -> icalendar.Timezone:
    """Both changes of the clocks, as they have been since 1996 and until further notice."""
    import icalendar  # noqa: PLC0415 -- as above

    zone = icalendar.Timezone()
    zone.add("tzid", _ZONE)
    for part, name, before, after, start, month in (
        (icalendar.TimezoneDaylight(), "CEST", _WINTER, _SUMMER, (1996, 3, 31, 2), 3),
        (icalendar.TimezoneStandard(), "CET", _SUMMER, _WINTER, (1996, 10, 27, 3), 10),
    ):
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("dtstart", datetime(*start))  # noqa: DTZ001 -- the standard wants the clock's own time here
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(part)
    return zone
