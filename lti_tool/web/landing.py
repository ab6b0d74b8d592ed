"""The first page of a launch, at once and without another redirect: what the activity was made to show.

Instructors come to see how their course stands; what learners see is one click away.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import render_template
from flask.typing import ResponseReturnValue

from lti_tool.curriculum.model import Module
from lti_tool.domain.deep_linking import ContentKind
from lti_tool.services.live_dates import LiveDates
from lti_tool.services.marking_news import MarkingNews
from lti_tool.services.news import untold
from lti_tool.web import (
    certificates,
    course_dates,
    dates,
    ideas,
    instructor,
    learner,
    picker,
    quiz,
    self_assessment,
    submission_review,
)
from lti_tool.web.date_words import when
from lti_tool.web.launch_session import current_actor
from lti_tool.web.placement import PICKER, REVIEW
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import db

_BY_PAGE: dict[str, Callable[[], ResponseReturnValue]] = {
    PICKER: picker.show,
    REVIEW: submission_review.show,
    ContentKind.SELF_ASSESSMENT: self_assessment.show,
    ContentKind.DATES: dates.show,
    ContentKind.IDEAS: ideas.show,
}
_BY_KIND: dict[str, Callable[[Module], ResponseReturnValue]] = {
    "module": learner.show_module,
    "quiz": quiz.show_start,
    "assignment": quiz.show_assignment,
}


_PLACE_OF_NEWS = "<!-- news -->"


@learner.bp.get("/")
def landing() -> ResponseReturnValue:
    """Show the module, its quiz or assignment, the way to the certificate, or what an instructor came for."""
    actor = current_actor()
    if actor.is_instructor and actor.context_id and actor.kind not in _BY_PAGE.keys() - {ContentKind.DATES}:
        return course_dates.show() if actor.kind == ContentKind.DATES else instructor.show()
    shown = _BY_PAGE.get(actor.kind, as_learner)()
    if not isinstance(shown, str):
        return shown
    return shown.replace(_PLACE_OF_NEWS, _news(), 1)  # afterwards, as the page may be one that is kept for everybody


def _news() -> str:
    """What the person has not been told yet: marks in this activity, and dates wherever they are."""
    actor = current_actor()
    now = current_tool().clock()
    new = untold(db(), actor, now)
    news = MarkingNews(db()).latest(actor) if new.marks else None
    told = LiveDates(db()).news(actor, now) if new.dates else []
    marks = render_template("_news.html", news=news) if news else ""
    return marks + (render_template("_date_news.html", told=told, when=when) if told else "")


@learner.bp.get("/as-learner")
def as_learner() -> ResponseReturnValue:
    """Show the module, its quiz, the dates, or the way to the certificate."""
    actor = current_actor()
    if actor.kind == ContentKind.DATES:
        return dates.show()
    show = _BY_KIND.get(actor.kind)
    if show is None:
        return certificates.tracker()
    return show(learner.module_or_refuse(actor.module_id))
