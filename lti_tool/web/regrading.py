"""Setting a question aside or correcting its key, for everybody in the course who took it."""

from __future__ import annotations

from uuid import UUID

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.curriculum.model import Module, Part, Question
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.regrading import Change, may_have_another_key, read_change
from lti_tool.services.gradebook import Gradebook
from lti_tool.services.regrades import Regrades
from lti_tool.web.instructor import bp
from lti_tool.web.launch_session import current_actor
from lti_tool.web.learner import module_or_refuse
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db


@bp.get("/questions/<module_id>/<question_id>")
def change_page(module_id: str, question_id: str) -> ResponseReturnValue:
    """Which change, and of which consequence."""
    module, question, _ = _question(module_id, question_id)
    history = _regrades().history(current_actor(), module_id)
    return render_template(
        "class_change.html",
        module=module,
        question=question,
        may_have_another_key=may_have_another_key(question),
        changed=any(one.question_id == question_id and one.applied_at for one in history),
    )


@bp.post("/questions/<module_id>/<question_id>")
def ask_change(module_id: str, question_id: str) -> ResponseReturnValue:
    """Have it counted; what comes of it is shown before anything is changed."""
    module, question, part = _question(module_id, question_id)
    change = Change(restores=request.form.get("change") == "restore")
    if request.form.get("change") == "key":
        try:
            change = read_change(question, request.form.to_dict(flat=False))
        except ValueError as error:
            raise Refusal(Code.REGRADE_BAD_KEY, str(error)) from error
    regrade_id = _regrades().ask(current_actor(), module.id, part, question.id, change)
    commit()
    return redirect(url_for("instructor.regrade", regrade_id=regrade_id), 303)


@bp.get("/regrades/<uuid:regrade_id>")
def regrade(regrade_id: UUID) -> ResponseReturnValue:
    """How far it is; once counted, what would change."""
    view = _regrades().one(current_actor(), regrade_id)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(stage=view.stage, done=view.done, total=view.total)
    module = module_or_refuse(view.module_id)
    quiz = module.graded(view.part)
    return render_template(
        "class_regrade.html",
        view=view,
        module=module,
        question=quiz.question(view.question_id) if quiz else None,
    )


@bp.post("/regrades/<uuid:regrade_id>")
def decide(regrade_id: UUID) -> ResponseReturnValue:
    """Apply a change that was counted, or drop it."""
    regrades, actor = _regrades(), current_actor()
    if request.form.get("decision") == "apply":
        regrades.apply(actor, regrade_id)
        commit()
        return redirect(url_for("instructor.regrade", regrade_id=regrade_id), 303)
    module_id = regrades.one(actor, regrade_id).module_id
    regrades.discard(actor, regrade_id)
    commit()
    return redirect(url_for("instructor.questions", module=module_id), 303)


def _question(module_id: str, question_id: str) -> tuple[Module, Question, Part]:
    """A question of a module that this course has an activity for."""
    module = module_or_refuse(module_id)
    if module_id not in {entry.module_id for entry in Gradebook(db()).course(current_actor()).modules}:
        raise Refusal(Code.NOT_FOUND, "the course has no such module")
    for part in Part:
        quiz = module.graded(part)
        question = quiz.question(question_id) if quiz else None
        if question:
            return module, question, part
    raise Refusal(Code.NOT_FOUND, "no such question")


def _regrades() -> Regrades:
    return Regrades(db(), current_tool().clock)
