"""„Gute Ideen zum Nachmachen“: what may be read, and the author's own cards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.idea_cards import Card, CardFault, faults_of_card, faults_of_draft
from lti_tool.domain.idea_states import Reach
from lti_tool.services.idea_drafts import IdeaDrafts
from lti_tool.services.idea_releases import IdeaReleases, deciding
from lti_tool.services.ideas import Ideas, OwnIdea
from lti_tool.web import idea_export, idea_search, idea_words
from lti_tool.web.doomed_files import delete_doomed_files
from lti_tool.web.idea_forms import card_in_form
from lti_tool.web.idea_picture_addresses import pictures_of
from lti_tool.web.languages import language
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

bp = under_launch(Blueprint("ideas", __name__, url_prefix=f"{PREFIX}/ideas"))


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"words": idea_words, "names": current_tool().catalogue.competence_names(language())}


def show() -> ResponseReturnValue:
    """What may be read here, with a search, and the ways to one's own cards."""
    actor = current_actor()
    waiting = 0
    if actor.is_instructor and actor.in_course:
        waiting = IdeaReleases(db(), current_tool().clock, deciding(actor)).count_waiting()
    return idea_search.show_list(waiting=waiting, writes=_writes())


@bp.get("/")
def overview() -> ResponseReturnValue:
    return show()


@bp.get("/export")
def export() -> ResponseReturnValue:
    return idea_export.export()


@bp.get("/own")
def mine() -> ResponseReturnValue:
    """The author's list."""
    _writer_only()
    return render_template("ideas_own.html", lines=_ideas().mine(current_actor()))


@bp.get("/new")
def new() -> ResponseReturnValue:
    _writer_only()
    _ideas().must_have_room(current_actor())  # before anything is typed
    return _form(Card())


@bp.post("/new")
def start() -> ResponseReturnValue:
    """Keep a first draft; nothing that was typed is lost."""
    _writer_only()
    card = card_in_form()
    if faults := faults_of_draft(card):
        return _form(card, faults=faults), 400
    idea_id = _ideas().start(current_actor(), card)
    commit()
    return _after_saving(idea_id, card)


@bp.post("/from/<uuid:attempt_id>")
def from_attempt(attempt_id: UUID) -> ResponseReturnValue:
    """Make a draft from a Transferaufgabe that was handed in; a second click finds the first draft."""
    tool = current_tool()
    idea_id = IdeaDrafts(db(), tool.clock, tool.catalogue).from_attempt(current_actor(), attempt_id)
    commit()
    return redirect(url_for("ideas.edit", idea_id=idea_id), 303)


@bp.get("/own/<uuid:idea_id>")
def own(idea_id: UUID) -> ResponseReturnValue:
    """The author's view: where the card stands, and what can be done."""
    idea = _ideas().own(current_actor(), idea_id)
    return render_template(
        "idea_own.html",
        idea=idea,
        faults=_faults(faults_of_card(idea.card)),
        **pictures_of(current_actor().registration_id, idea, "idea_pictures.own_picture", idea_id=idea_id),
    )


@bp.get("/own/<uuid:idea_id>/edit")
def edit(idea_id: UUID) -> ResponseReturnValue:
    idea = _ideas().own(current_actor(), idea_id)
    return _form(idea.card, idea)


@bp.post("/own/<uuid:idea_id>/edit")
def save(idea_id: UUID) -> ResponseReturnValue:
    """Keep what was written; where another window was faster, show it once more instead of losing one of both."""
    actor, card = current_actor(), card_in_form()
    if faults := faults_of_draft(card):
        idea = _ideas().own(actor, idea_id)
        return _form(card, idea, faults=faults, seen=request.form.get("seen", "")), 400
    try:
        _ideas().save(actor, idea_id, card, request.form.get("seen", ""))
    except Refusal as refusal:
        if refusal.code is not Code.IDEA_CHANGED:
            raise
        return _form(card, _ideas().own(actor, idea_id), overtaken=True), 409
    commit()
    return _after_saving(idea_id, card)


@bp.post("/own/<uuid:idea_id>/step")
def step(idea_id: UUID) -> ResponseReturnValue:
    """Ask for a release, take that back, withdraw, delete."""
    actor, ideas, asked = current_actor(), _ideas(), request.form.get("step", "")
    idea = ideas.own(actor, idea_id)  # whose it is comes first
    if asked.startswith("ask-") and asked.removeprefix("ask-") in set(Reach):
        if faults_of_card(idea.card):
            return _form(idea.card, idea, faults=faults_of_card(idea.card)), 400
        ideas.ask(actor, idea_id, Reach(asked.removeprefix("ask-")), request.form.get("seen", ""))
    elif asked == "not-ask":
        ideas.take_request_back(actor, idea_id)
    elif asked == "withdraw":
        ideas.withdraw(actor, idea_id)
    elif asked == "delete":
        ideas.delete(actor, idea_id)
    else:
        raise Refusal(Code.BAD_REQUEST, "no such step")
    commit()
    if asked == "delete":
        delete_doomed_files()
    there = url_for("ideas.mine") if asked == "delete" else url_for("ideas.own", idea_id=idea_id)
    return redirect(there, 303)


def _after_saving(idea_id: UUID, card: Card) -> ResponseReturnValue:
    """Go on; who wants to ask for a release with a card that is not whole is told what is missing, and has a draft."""
    if request.form.get("go") == "pictures":
        return redirect(url_for("idea_pictures.show", idea_id=idea_id), 303)
    if request.form.get("go") != "ask":
        return redirect(url_for("ideas.own", idea_id=idea_id), 303)
    idea = _ideas().own(current_actor(), idea_id)
    if faults := faults_of_card(card):
        return _form(card, idea, faults=faults, kept=True), 400
    if idea.stand.next_reach:
        _ideas().ask(current_actor(), idea_id, idea.stand.next_reach, idea.seen)
        commit()
    return redirect(url_for("ideas.own", idea_id=idea_id), 303)


def _form(
    card: Card,
    idea: OwnIdea | None = None,
    *,
    faults: Mapping[str, CardFault] | None = None,
    kept: bool = False,
    overtaken: bool = False,
    seen: str | None = None,
) -> str:
    tool = current_tool()
    handed_in = IdeaDrafts(db(), tool.clock, tool.catalogue).pictures(current_actor(), idea.id) if idea else {}
    return render_template(
        "idea_form.html",
        card=card,
        idea=idea,
        seen=seen if seen is not None else idea.seen if idea else "",
        faults=_faults(faults or {}),
        kept=kept,
        overtaken=overtaken,
        handed_in=handed_in,
        after_saving=idea.stand.saved().next_reach if idea else Reach.COURSE,
        competences=tool.catalogue.competences,
    )


def _faults(faults: Mapping[str, CardFault]) -> Mapping[str, str]:
    return {field: idea_words.fault_words(field, faults[field]) for field in idea_words.FIELDS if field in faults}


def _writes() -> bool:
    actor = current_actor()
    return actor.user_id is not None and actor.in_course


def _writer_only() -> None:
    if not _writes():
        raise Refusal(Code.ROLE_FORBIDDEN, "anonymous, or not from a course")


def _ideas() -> Ideas:
    return Ideas(db(), current_tool().clock)
