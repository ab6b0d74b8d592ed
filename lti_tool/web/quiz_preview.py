"""Questions to look at: instructors and anonymous people answer them, see the result, and nothing is kept."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.curriculum.model import Module, Part, Quiz
from lti_tool.domain.answers import Answer, BadAnswer, parse_answer
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.grading import grade
from lti_tool.web.answer_forms import answer_in_form
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.learner import module_or_refuse
from lti_tool.web.quiz import graded_or_refuse
from lti_tool.web.reviewed import previewed

bp = under_launch(Blueprint("quiz_preview", __name__, url_prefix=PREFIX))

_START = {Part.QUIZ: "quiz.start_page", Part.ASSIGNMENT: "quiz.assignment_page"}


@bp.get("/preview/<module_id>")
def questions(module_id: str) -> ResponseReturnValue:
    """All questions of the quiz on one screen, also those of which an attempt draws only some."""
    return _questions(module_id, Part.QUIZ)


@bp.get("/preview/<module_id>/assignment")
def assignment_questions(module_id: str) -> ResponseReturnValue:
    """All questions of the assignment."""
    return _questions(module_id, Part.ASSIGNMENT)


@bp.post("/preview/<module_id>")
def result(module_id: str) -> ResponseReturnValue:
    """What the answers to the quiz would have come to."""
    return _result(module_id, Part.QUIZ)


@bp.post("/preview/<module_id>/assignment")
def assignment_result(module_id: str) -> ResponseReturnValue:
    """What the tool can say of the assignment, which is little."""
    return _result(module_id, Part.ASSIGNMENT)


def _questions(module_id: str, part: Part) -> ResponseReturnValue:
    if current_actor().keeps_progress:
        return redirect(url_for(_START[part], module_id=module_id), 303)
    return _show_questions(module_or_refuse(module_id), part, {})


def _result(module_id: str, part: Part) -> ResponseReturnValue:
    """Grade what was answered by the same rules as for learners; store nothing."""
    if current_actor().keeps_progress:
        raise Refusal(Code.ROLE_FORBIDDEN, "learners take the real quiz")
    module = module_or_refuse(module_id)
    quiz = graded_or_refuse(module, part)
    typed = {asked.id: tuple(answer_in_form(asked, f"answer-{asked.id}")) for asked in quiz.questions}
    answers, no_numbers = _answers(quiz, typed)
    if no_numbers:
        return _show_questions(module, part, typed, no_numbers), 400
    sheet = grade(quiz, answers)
    return render_template(
        "result.html",
        module=module,
        part_of_module=part,
        quiz=quiz,
        sheet=sheet,
        lines=previewed(quiz, sheet, answers),
        attempt=None,
        overview=None,
        grade=None,
    )


def _show_questions(
    module: Module, part: Part, typed: dict[str, tuple[str, ...]], no_numbers: frozenset[str] = frozenset()
) -> str:
    return render_template(
        "quiz_preview.html",
        module=module,
        part_of_module=part,
        quiz=graded_or_refuse(module, part),
        given=typed,
        no_numbers=no_numbers,
    )


def _answers(quiz: Quiz, typed: dict[str, tuple[str, ...]]) -> tuple[dict[str, Answer], frozenset[str]]:
    """Read all answers; name the questions where something was typed in place of a number."""
    answers: dict[str, Answer] = {}
    no_numbers = set()
    for asked in quiz.questions:
        try:
            answers[asked.id] = parse_answer(asked, typed[asked.id])
        except BadAnswer as error:
            if not error.number:
                raise Refusal(Code.ATTEMPT_BAD_ANSWER, str(error)) from error
            no_numbers.add(asked.id)
    return answers, frozenset(no_numbers)
