"""The first page of a launch, at once and without another redirect: what the activity was made to show.

Instructors come to see how their course stands; what learners see is one click away.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import render_template
from flask.typing import ResponseReturnValue

from lti_tool.curriculum.model import Module
from lti_tool.domain.deep_linking import ContentKind
from lti_tool.services.marking_news import MarkingNews
from lti_tool.web import certificates, ideas, instructor, learner, picker, quiz, self_assessment, submission_review
from lti_tool.web.launch_session import current_actor
from lti_tool.web.placement import PICKER, REVIEW
from lti_tool.web.unit_of_work import db

_BY_PAGE: dict[str, Callable[[], ResponseReturnValue]] = {
    PICKER: picker.show,
    REVIEW: submission_review.show,
    ContentKind.SELF_ASSESSMENT: self_assessment.show,
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
    if actor.kind in _BY_PAGE:
        return _BY_PAGE[actor.kind]()
    if actor.is_instructor and actor.context_id:
        return instructor.show()
    shown = as_learner()
    news = MarkingNews(db()).latest(actor)
    if news and isinstance(shown, str):  # put in afterwards, as the page may be one that is kept for everybody
        return shown.replace(_PLACE_OF_NEWS, render_template("_news.html", news=news), 1)
    return shown


@learner.bp.get("/as-learner")
def as_learner() -> ResponseReturnValue:
    """Show the module, its quiz, or the way to the certificate."""
    actor = current_actor()
    show = _BY_KIND.get(actor.kind)
    if show is None:
        return certificates.tracker()
    return show(learner.module_or_refuse(actor.module_id))
