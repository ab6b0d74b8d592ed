"""The edge: parse, authorise, call one use case, render."""

from __future__ import annotations

from flask import Flask

from lti_tool.web import (
    admin,
    assets,
    attendance,
    calendars,
    certificates,
    content,
    course_dates,
    course_export,
    course_settings,
    course_ways,
    crediting,
    dates,
    errors,
    forms,
    frame,
    grade_states,
    headers,
    health,
    idea_adoptions,
    idea_picture_files,
    idea_pictures,
    idea_releases,
    idea_reports,
    ideas,
    instructor,
    kept_pages,
    landing,
    languages,
    learner,
    legal,
    lti,
    manual_registration,
    marking,
    measuring,
    my_data,
    notices,
    operator,
    operator_dates,
    operator_ideas,
    operator_invitations,
    own_writes,
    packages,
    picker,
    proofs,
    question_figures,
    quiz,
    quiz_preview,
    rate,
    registration,
    regrading,
    renewing,
    seen,
    self_assessment,
    town_figures,
    tracing,
    transcripts,
    uploads,
    verification,
    well_known,
    wording,
)
from lti_tool.web import tool as tool_registry
from lti_tool.web.tool import Tool
from lti_tool.web.unit_of_work import close_session

__all__ = [  # importing these pages adds them to the blueprints of `learner`, `instructor`, `proofs` and `admin`
    "attendance",
    "course_dates",
    "course_export",
    "course_settings",
    "course_ways",
    "crediting",
    "grade_states",
    "idea_adoptions",
    "idea_picture_files",
    "idea_releases",
    "idea_reports",
    "landing",
    "marking",
    "question_figures",
    "register",
    "regrading",
    "renewing",
    "town_figures",
]


def register(app: Flask, tool: Tool) -> None:
    """Add every page to an app."""
    tool_registry.install(app, tool)
    close_session(app)
    tracing.install(app, tool)
    measuring.install(app, tool)
    own_writes.install(app, tool)
    headers.install(app, tool)
    errors.install(app)
    languages.install(app)
    wording.install(app)
    assets.install(app)
    frame.install(app, tool)
    kept_pages.install(app)
    certificates.install(app)
    rate.install(app, tool.rates, tool.settings)
    forms.install(app)
    lti.register(app)
    for page in (
        *(learner.bp, quiz.bp, uploads.bp, quiz_preview.bp, certificates.bp, picker.bp, instructor.bp),
        *(legal.bp, legal.in_launch),
        *(
            notices.bp,
            content.bp,
            packages.bp,
            health.bp,
            measuring.bp,
            seen.bp,
            registration.bp,
            manual_registration.bp,
        ),
        *(
            admin.bp,
            operator.entrance,
            operator.bp,
            operator_invitations.bp,
            operator_dates.bp,
            operator_ideas.bp,
            proofs.bp,
            verification.bp,
        ),
        *(self_assessment.bp, dates.bp, ideas.bp, idea_pictures.bp, transcripts.bp, my_data.bp, well_known.bp),
        *(calendars.bp, calendars.in_launch),
    ):
        app.register_blueprint(page)
