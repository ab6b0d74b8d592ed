"""The self-assessment: role, three screens of situations, result. Answers travel in the form, not in the database.

Only the last button may store anything, and only if the person says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.curriculum.self_assessment import RoleProfile, SelfAssessment, Situation
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.self_assessment import Answers, is_complete, recommend, standings
from lti_tool.services.self_assessments import Kept, SelfAssessments
from lti_tool.web.certificates import passed_modules
from lti_tool.web.languages import language
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

bp = under_launch(Blueprint("self_assessment", __name__, url_prefix=PREFIX))

PER_SCREEN = 4


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form holds so far; `step` 0 asks for the role."""

    step: int = 0
    role: RoleProfile | None = None
    answers: Answers = field(default_factory=dict)


@bp.get("/self-assessment")
def show() -> ResponseReturnValue:
    """Show what was kept; else begin."""
    assessment = _assessment()
    kept = SelfAssessments(db(), current_tool().clock).kept(current_actor())
    if kept is None or "again" in request.args:
        return _ask(Filled())
    role = assessment.role(kept.role_id)
    if role is None or not is_complete(kept.answers, assessment):  # the questions have changed since
        return _ask(Filled(), outdated=True)
    return _result(role, kept.answers, kept)


@bp.post("/self-assessment")
def step() -> ResponseReturnValue:
    """Go on or back; what is missing on this screen is said first."""
    filled = _filled()
    if request.form.get("go") == "back":
        return _ask(Filled(max(0, filled.step - 1), filled.role, filled.answers))
    if filled.role is None:
        return _ask(Filled(0, None, filled.answers), missing=("role",)), 400
    screens = _screens()
    here = screens[filled.step - 1] if filled.step else ()
    missing = tuple(situation.id for situation in here if situation.id not in filled.answers)
    if missing:
        return _ask(filled, missing=missing), 400
    if filled.step < len(screens):
        return _ask(Filled(filled.step + 1, filled.role, filled.answers))
    return _result(filled.role, _complete(filled), None)


@bp.post("/self-assessment/finish")
def finish() -> ResponseReturnValue:
    """Keep the result if the person says so; otherwise nothing of it stays."""
    filled = _filled()
    answers = _complete(filled)
    if request.form.get("keep") == "yes" and filled.role:
        SelfAssessments(db(), current_tool().clock).keep(current_actor(), filled.role.id, answers)
        commit()
        return redirect(url_for("self_assessment.show"), 303)
    return redirect(url_for("certificates.tracker"), 303)


@bp.post("/self-assessment/forget")
def forget() -> ResponseReturnValue:
    """Delete what was kept."""
    SelfAssessments(db(), current_tool().clock).forget(current_actor())
    commit()
    return _ask(Filled(), forgotten=True)


def _assessment() -> SelfAssessment:
    assessment = current_tool().catalogue.self_assessment
    if assessment is None:
        raise Refusal(Code.CONTENT_UNKNOWN, "the content has no self-assessment")
    return assessment.told_in(language())


def _screens() -> tuple[tuple[Situation, ...], ...]:
    asked = _assessment().situations
    return tuple(asked[start : start + PER_SCREEN] for start in range(0, len(asked), PER_SCREEN))


def _filled() -> Filled:
    """Read the form; whatever is no answer to a question of ours is left out."""
    assessment, form = _assessment(), request.form
    levels = {str(number): number for number in range(len(assessment.levels))}
    answers = {
        situation.id: levels[said]
        for situation in assessment.situations
        if (said := form.get(f"s-{situation.id}", "")) in levels
    }
    steps = {str(number): number for number in range(len(_screens()) + 1)}
    return Filled(steps.get(form.get("step", ""), 0), assessment.role(form.get("role", "")), answers)


def _complete(filled: Filled) -> Answers:
    if filled.role is None or not is_complete(filled.answers, _assessment()):
        raise Refusal(Code.BAD_REQUEST, "answers are missing")
    return filled.answers


def _ask(filled: Filled, *, missing: tuple[str, ...] = (), outdated: bool = False, forgotten: bool = False) -> str:
    screens = _screens()
    here = screens[filled.step - 1] if filled.step else ()
    return render_template(
        "self_assessment.html",
        assessment=_assessment(),
        filled=filled,
        screens=len(screens),
        here=here,
        elsewhere={name: level for name, level in filled.answers.items() if name not in {s.id for s in here}},
        missing=missing,
        outdated=outdated,
        forgotten=forgotten,
    )


def _result(role: RoleProfile, answers: Answers, kept: Kept | None) -> str:
    tool = current_tool()
    picture = standings(answers, role, tool.catalogue, language())
    return render_template(
        "self_assessment_result.html",
        assessment=_assessment(),
        role=role,
        answers=answers,
        picture=picture,
        names=tool.catalogue.competence_names(language()),
        recommended=recommend(picture, tool.catalogue, passed_modules(current_actor())),
        kept=kept,
    )
