"""A quiz to look at: instructors and anonymous people answer it, see the result, and nothing is kept."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.curriculum.model import Quiz
from lti_tool.domain.answers import Answer, parse_answer
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.grading import grade
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.learner import module_or_refuse
from lti_tool.web.quiz import quiz_or_refuse

bp = under_launch(Blueprint("quiz_preview", __name__, url_prefix=PREFIX))


@bp.get("/preview/<module_id>")
def questions(module_id: str) -> ResponseReturnValue:
    """All questions on one screen."""
    if current_actor().keeps_progress:
        return redirect(url_for("quiz.start_page", module_id=module_id), 303)
    module = module_or_refuse(module_id)
    return render_template("quiz_preview.html", module=module, quiz=quiz_or_refuse(module))


@bp.post("/preview/<module_id>")
def result(module_id: str) -> ResponseReturnValue:
    """Grade what was answered by the same rules as for learners; store nothing."""
    if current_actor().keeps_progress:
        raise Refusal(Code.ROLE_FORBIDDEN, "learners take the real quiz")
    module = module_or_refuse(module_id)
    quiz = quiz_or_refuse(module)
    answers = _answers(quiz)
    return render_template(
        "result.html",
        module=module,
        quiz=quiz,
        sheet=grade(quiz, answers),
        answers=answers,
        attempt=None,
        overview=None,
        grade=None,
    )


def _answers(quiz: Quiz) -> dict[str, Answer]:
    try:
        return {
            question.id: parse_answer(question, request.form.getlist(f"answer-{question.id}"))
            for question in quiz.questions
        }
    except ValueError as error:
        raise Refusal(Code.ATTEMPT_BAD_ANSWER, str(error)) from error
