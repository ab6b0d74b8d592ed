"""Live dates as instructors and the operator make them, through the service."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lti_tool.db.models import Context, LtiUser, SignUp
from lti_tool.domain.live_dates import Plan, Subject
from lti_tool.domain.seats import Limits
from lti_tool.services.date_planning import DatePlanning, Planner

LINK = "https://raum.example/b/1"


def plan(now, *, seats=2, per_town=None, title="Sprechstunde Datenrecht", **days):
    """A date of 90 minutes in a week, with sign-ups until a day before."""
    start = (now + timedelta(**(days or {"days": 7}))).replace(minute=0, second=0, microsecond=0)
    return Plan(
        subject=Subject(module_id="datenrecht"),
        title=title,
        trainer="Dr. Ida Beck",
        starts_at=start,
        ends_at=start + timedelta(minutes=90),
        sign_up_until=start - timedelta(days=1),
        join_url=LINK,
        limits=Limits(seats, per_town),
    )


def offer(tool, *, whole_town=False, all_towns=False, **settled):
    """Make one date: of the platform's only course, for the whole town, or the operator's; return its id."""
    with tool.app.extensions["smartcity"].sessions.begin() as session:
        planner = Planner()
        if not all_towns:
            registration_id = tool.platform.registration_id
            here = select(Context.id).where(Context.registration_id == registration_id).order_by(Context.id)
            planner = Planner(registration_id, session.scalars(here).first())
        (made,) = DatePlanning(session, tool.clock, planner).make(
            [plan(tool.clock(), **settled)], whole_town=whole_town
        )
    return made


def places(tool, date_id):
    """Who has a seat and who waits, in the order of arrival: [("lea", "seat"), …]."""
    with tool.app.extensions["smartcity"].sessions() as session:
        rows = session.execute(
            select(LtiUser.subject, SignUp.state)
            .join(SignUp, (SignUp.registration_id == LtiUser.registration_id) & (SignUp.user_id == LtiUser.id))
            .where(SignUp.date_id == date_id)
            .order_by(SignUp.number)
        )
        return [tuple(row) for row in rows]
