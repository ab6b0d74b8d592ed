"""Taking a quiz: begin, answer one question per screen, hand in, read why."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lti_tool.curriculum.model import Module, Quiz
from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.attempt_views import AttemptView
from lti_tool.services.attempts import Attempts
from lti_tool.services.scores import Scores
from lti_tool.web.grade_line import grade_line
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.learner import module_or_refuse, way_through
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db
from lti_tool.web.wording import clock_time

bp = under_launch(Blueprint("quiz", __name__, url_prefix=PREFIX))

_NEXT, _BACK, _HAND_IN = "next", "back", "hand_in"


def quiz_or_refuse(module: Module) -> Quiz:
    """Return the module's quiz of today."""
    if module.quiz is None:
        raise Refusal(Code.CONTENT_UNKNOWN, "module has no quiz")
    return module.quiz


def show_start(module: Module) -> ResponseReturnValue:
    """Before the first question: how many, what passes, how often; and the attempts so far."""
    actor = current_actor()
    return render_template(
        "quiz_start.html",
        module=module,
        quiz=quiz_or_refuse(module),
        overview=_attempts().overview(actor, module),
        way=way_through(actor, module),
        grade=grade_line(actor, module.id, Scores(db(), current_tool().clock).state(actor)),
    )


@bp.get("/quiz/<module_id>")
def start_page(module_id: str) -> ResponseReturnValue:
    """The quiz of any module; its result counts for the activity only where the activity is about this module."""
    return show_start(module_or_refuse(module_id))


@bp.post("/quiz/<module_id>")
def start(module_id: str) -> ResponseReturnValue:
    """Begin, or go on with the attempt that is open."""
    attempts = _attempts()
    attempt_id = attempts.start(current_actor(), module_or_refuse(module_id))
    commit()
    attempt = attempts.view(current_actor(), attempt_id)
    unanswered = [number for number, open_question in _numbered_open(attempt) if open_question]
    return redirect(_question_url(attempt_id, unanswered[0] if unanswered else 1), 303)


@bp.get("/attempts/<uuid:attempt_id>/questions/<int:number>")
def question(attempt_id: UUID, number: int) -> ResponseReturnValue:
    """One question of an open attempt."""
    attempt = _attempts().view(current_actor(), attempt_id)
    if attempt.sheet:
        return redirect(url_for("quiz.result", attempt_id=attempt_id), 303)
    if not 1 <= number <= len(attempt.quiz.questions):
        raise Refusal(Code.NOT_FOUND, "no such question")
    return render_template(
        "question.html",
        module=module_or_refuse(attempt.module_id),
        attempt=attempt,
        question=attempt.quiz.questions[number - 1],
        number=number,
    )


@bp.post("/attempts/<uuid:attempt_id>/questions/<int:number>")
def answer(attempt_id: UUID, number: int) -> ResponseReturnValue:
    """Save by a plain form and go where the button says: on, back, to a number, or to the handing in."""
    attempts = _attempts()
    actor = current_actor()
    questions = attempts.view(actor, attempt_id).quiz.questions
    if not 1 <= number <= len(questions):
        raise Refusal(Code.NOT_FOUND, "no such question")
    attempts.save(actor, attempt_id, questions[number - 1].id, request.form.getlist("answer"))
    commit()
    return redirect(_destination(attempt_id, number, len(questions)), 303)


@bp.put("/attempts/<uuid:attempt_id>/answers/<question_id>")
def save(attempt_id: UUID, question_id: str) -> ResponseReturnValue:
    """Save by a script: `{"answer": ["a"]}`; whatever else the body claims is not looked at."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or "answer" not in body:
        raise Refusal(Code.ATTEMPT_BAD_ANSWER, "a JSON object with `answer` is expected")
    saved_at = _attempts().save(current_actor(), attempt_id, question_id, body["answer"])
    commit()
    text = gettext("Gespeichert %(time)s", time=clock_time(saved_at))
    return jsonify(saved_at=saved_at.isoformat(), text=text)


@bp.get("/attempts/<uuid:attempt_id>/submit")
def confirm(attempt_id: UUID) -> ResponseReturnValue:
    """Last look: which questions are still open."""
    attempt = _attempts().view(current_actor(), attempt_id)
    if attempt.sheet:
        return redirect(url_for("quiz.result", attempt_id=attempt_id), 303)
    return render_template(
        "submit.html",
        module=module_or_refuse(attempt.module_id),
        attempt=attempt,
        open_numbers=[number for number, open_question in _numbered_open(attempt) if open_question],
    )


@bp.post("/attempts/<uuid:attempt_id>/submit")
def submit(attempt_id: UUID) -> ResponseReturnValue:
    """Hand in; a second click finds the same result."""
    _attempts().submit(current_actor(), attempt_id)
    commit()
    return redirect(url_for("quiz.result", attempt_id=attempt_id), 303)


@bp.get("/attempts/<uuid:attempt_id>")
def result(attempt_id: UUID) -> ResponseReturnValue:
    """Points, why each answer is right or wrong, and where the grade is on its way."""
    actor = current_actor()
    attempts = _attempts()
    attempt = attempts.view(actor, attempt_id)
    if attempt.sheet is None:
        return redirect(_question_url(attempt_id, 1), 303)
    module = module_or_refuse(attempt.module_id)
    return render_template(
        "result.html",
        module=module,
        quiz=attempt.quiz,
        sheet=attempt.sheet,
        answers=attempt.answers,
        attempt=attempt,
        overview=attempts.overview(actor, module),
        grade=grade_line(actor, module.id, Scores(db(), current_tool().clock).state(actor)),
    )


@bp.get("/grade")
def grade() -> ResponseReturnValue:
    """Where the grade of this activity is, for the script that keeps the line up to date."""
    actor = current_actor()
    line = grade_line(actor, actor.module_id or "", Scores(db(), current_tool().clock).state(actor))
    return jsonify(state=line.state, text=str(line.text), advice=str(line.advice or ""))


def _attempts() -> Attempts:
    tool = current_tool()
    return Attempts(db(), tool.clock, tool.catalogue)


def _numbered_open(attempt: AttemptView) -> list[tuple[int, bool]]:
    return [
        (number, not attempt.answers.get(question.id))
        for number, question in enumerate(attempt.quiz.questions, start=1)
    ]


def _destination(attempt_id: UUID, number: int, count: int) -> str:
    go = request.form.get("go", _NEXT)
    if go == _HAND_IN or (go == _NEXT and number == count):
        return url_for("quiz.confirm", attempt_id=attempt_id)
    if go == _BACK:
        return _question_url(attempt_id, max(1, number - 1))
    if go.isascii() and go.isdigit() and 1 <= int(go[:4]) <= count:
        return _question_url(attempt_id, int(go[:4]))
    return _question_url(attempt_id, min(count, number + 1))


def _question_url(attempt_id: UUID, number: int) -> str:
    return url_for("quiz.question", attempt_id=attempt_id, number=number)
