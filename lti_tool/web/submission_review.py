"""The page a platform opens from its gradebook: the attempt behind somebody's grade."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.submission_reviews import SubmissionReviews
from lti_tool.web.launch_session import current_actor
from lti_tool.web.learner import module_or_refuse
from lti_tool.web.reviewed import reviewed
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import db


def show() -> ResponseReturnValue:
    """Learners get their own result page; instructors read, and can change nothing (A76: perhaps nothing is there)."""
    actor = current_actor()
    submission = SubmissionReviews(db(), current_tool().catalogue).submission(actor)
    attempt = submission.attempt
    if attempt is not None and actor.keeps_progress:
        return redirect(url_for("quiz.result", attempt_id=attempt.id), 303)
    if attempt is None:
        return render_template("no_submission.html", submission=submission)
    return render_template(
        "submission_review.html",
        module=module_or_refuse(attempt.module_id),
        submission=submission,
        attempt=attempt,
        lines=reviewed(attempt),
    )
