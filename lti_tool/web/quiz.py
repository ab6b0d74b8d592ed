"""Taking a quiz or an assignment: begin, answer one question per screen, hand in, read why."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lti_tool.curriculum.model import Module, Part, Quiz
from lti_tool.domain.actor import Actor
from lti_tool.domain.answers import is_answered
from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.attempt_views import AttemptView
from lti_tool.services.attempts import Attempts
from lti_tool.services.corrections import Corrections
from lti_tool.services.extra_time import ExtraTimes
from lti_tool.services.marking_news import MarkingNews
from lti_tool.services.scores import Scores
from lti_tool.web.answer_forms import answer_in_form
from lti_tool.web.grade_line import grade_line
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.learner import module_or_refuse, way_through
from lti_tool.web.reviewed import reviewed
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db, db_for_writing
from lti_tool.web.wording import clock_time

bp = under_launch(Blueprint("quiz", __name__, url_prefix=PREFIX))

_NEXT, _BACK, _HAND_IN = "next", "back", "hand_in"


def graded_or_refuse(module: Module, part: Part) -> Quiz:
    """Return the module's quiz or assignment of today."""
    quiz = module.graded(part)
    if quiz is None:
        raise Refusal(Code.CONTENT_UNKNOWN, f"module has no {part}")
    return quiz


def show_start(module: Module) -> ResponseReturnValue:
    """Before the first question of the quiz."""
    return _show_start(module, Part.QUIZ)


def show_assignment(module: Module) -> ResponseReturnValue:
    """Before the first question of the assignment."""
    return _show_start(module, Part.ASSIGNMENT)


def _show_start(module: Module, part: Part) -> ResponseReturnValue:
    """How many questions, what passes, how often; and the attempts so far."""
    actor = current_actor()
    return render_template(
        "quiz_start.html",
        extra_minutes=_extra_minutes(actor, graded_or_refuse(module, part)),
        module=module,
        part_of_module=part,
        quiz=graded_or_refuse(module, part),
        overview=_attempts().overview(actor, module, part),
        way=way_through(actor, module),
        grade=grade_line(actor, module.id, Scores(db(), current_tool().clock).state(actor), part),
    )


@bp.get("/quiz/<module_id>")
def start_page(module_id: str) -> ResponseReturnValue:
    """The quiz of any module; its result counts for the activity only where the activity is about this module."""
    return show_start(module_or_refuse(module_id))


@bp.get("/assignment/<module_id>")
def assignment_page(module_id: str) -> ResponseReturnValue:
    """The assignment of any module."""
    return show_assignment(module_or_refuse(module_id))


@bp.post("/quiz/<module_id>")
def start(module_id: str) -> ResponseReturnValue:
    """Begin, or go on with the attempt that is open."""
    return _start(module_id, Part.QUIZ)


@bp.post("/assignment/<module_id>")
def start_assignment(module_id: str) -> ResponseReturnValue:
    """Begin, or go on with the attempt that is open."""
    return _start(module_id, Part.ASSIGNMENT)


def _start(module_id: str, part: Part) -> ResponseReturnValue:
    attempts = _attempts()
    attempt_id = attempts.start(current_actor(), module_or_refuse(module_id), part)
    commit()
    attempt = attempts.view(current_actor(), attempt_id)
    unanswered = open_numbers(attempt)
    return redirect(_question_url(attempt_id, unanswered[0] if unanswered else 1), 303)


@bp.get("/attempts/<uuid:attempt_id>/questions/<int:number>")
def question(attempt_id: UUID, number: int) -> ResponseReturnValue:
    """One question of an open attempt; once the time is up, only handing in is left."""
    attempts = _attempts()
    attempt = attempts.view(current_actor(), attempt_id)
    if attempt.sheet:
        return redirect(url_for("quiz.result", attempt_id=attempt_id), 303)
    if attempts.is_late(attempt.deadline_at):
        return redirect(url_for("quiz.confirm", attempt_id=attempt_id), 303)
    return show_question(attempt, number)


def show_question(attempt: AttemptView, number: int, typed: tuple[str, ...] | None = None) -> str:
    """Show one question; `typed` is what was sent in place of a number, to be mended."""
    if not 1 <= number <= len(attempt.quiz.questions):
        raise Refusal(Code.NOT_FOUND, "no such question")
    asked = attempt.quiz.questions[number - 1]
    return render_template(
        "question.html",
        module=module_or_refuse(attempt.module_id),
        attempt=attempt,
        question=asked,
        number=number,
        answered={one.id for one in attempt.quiz.questions if is_answered(one, attempt.answers.get(one.id, ()))},
        given=attempt.answers.get(asked.id, ()) if typed is None else typed,
        not_a_number=typed is not None,
        seconds_left=_seconds_left(attempt),
    )


@bp.post("/attempts/<uuid:attempt_id>/questions/<int:number>")
def answer(attempt_id: UUID, number: int) -> ResponseReturnValue:
    """Save by a plain form and go where the button says: on, back, to a number, or to the handing in."""
    attempts = _attempts()
    actor = current_actor()
    attempt = attempts.view(actor, attempt_id)
    questions = attempt.quiz.questions
    if not 1 <= number <= len(questions):
        raise Refusal(Code.NOT_FOUND, "no such question")
    asked = questions[number - 1]
    raw = answer_in_form(asked)
    try:
        if asked.kind != "file":
            attempts.save(actor, attempt_id, asked.id, raw)
    except Refusal as refusal:
        if refusal.code is not Code.ATTEMPT_NOT_A_NUMBER:
            raise
        return show_question(attempt, number, tuple(raw)), 400
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
    attempts = _attempts()
    attempt = attempts.view(current_actor(), attempt_id)
    if attempt.sheet:
        return redirect(url_for("quiz.result", attempt_id=attempt_id), 303)
    return render_template(
        "submit.html",
        module=module_or_refuse(attempt.module_id),
        attempt=attempt,
        open_numbers=open_numbers(attempt),
        late=attempts.is_late(attempt.deadline_at),
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
    note_seen(actor, attempt)
    module = module_or_refuse(attempt.module_id)
    return render_template(
        "result.html",
        module=module,
        part_of_module=attempt.part,
        quiz=attempt.quiz,
        sheet=attempt.sheet,
        lines=reviewed(attempt),
        changes=Corrections(db()).of_course(actor, module.id, attempt.part),
        attempt=attempt,
        overview=attempts.overview(actor, module, attempt.part),
        grade=grade_line(actor, module.id, Scores(db(), current_tool().clock).state(actor), attempt.part),
    )


def note_seen(actor: Actor, attempt: AttemptView) -> None:
    """Remember that its learner has looked at an attempt that was marked; then it is no news any more."""
    if attempt.reviews and MarkingNews(db_for_writing()).read(actor, attempt.id):
        commit()


@bp.get("/grade")
def grade() -> ResponseReturnValue:
    """Where the grade of this activity is, for the script that keeps the line up to date."""
    actor = current_actor()
    line = grade_line(actor, actor.module_id or "", Scores(db(), current_tool().clock).state(actor), actor.part)
    return jsonify(state=line.state, text=str(line.text), advice=str(line.advice or ""))


def _attempts() -> Attempts:
    tool = current_tool()
    return Attempts(db(), tool.clock, tool.catalogue)


def open_numbers(attempt: AttemptView) -> list[int]:
    """Return the numbers of the questions that are not wholly answered."""
    return [
        number
        for number, asked in enumerate(attempt.quiz.questions, start=1)
        if not is_answered(asked, attempt.answers.get(asked.id, ()))
    ]


def _extra_minutes(actor: Actor, quiz: Quiz) -> int:
    if quiz.time_limit is None or actor.resource_link_id is None or actor.user_id is None:
        return 0
    extra = ExtraTimes(db(), current_tool().clock)
    return extra.minutes(actor.registration_id, actor.resource_link_id, actor.user_id)


def _seconds_left(attempt: AttemptView) -> int | None:
    if attempt.deadline_at is None:
        return None
    return max(0, int((attempt.deadline_at - current_tool().clock()).total_seconds()))


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
