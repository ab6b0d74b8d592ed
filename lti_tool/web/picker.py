"""Choosing content for a course in the LMS's own dialogue (Deep Linking 2.0).

One form holds the search, the choices and the grade; everything in it is looked up again when it comes back, so that a
form changed on its way can name nothing but ids of the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lti_tool.curriculum.model import Catalogue, Certification, Module
from lti_tool.domain.certification import FULL_WAY
from lti_tool.domain.deep_linking import (
    DEFAULT_MAXIMUM,
    LARGEST_MAXIMUM,
    Choice,
    ContentItem,
    ContentKind,
    chosen,
    has_grade,
    whole_course,
)
from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.deep_linking import DeepLinking, OpenRequest
from lti_tool.web import headers
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

bp = under_launch(Blueprint("picker", __name__, url_prefix=PREFIX))

LIMITS = (60, 120)
"""Minutes that the chips offer: up to an hour, up to two."""

_LONGEST_QUERY = 100


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form holds; `minutes` None for any length, `maximum` None for something that is no maximum.

    Attributes:
        way: certification whose percentage the tracker sends as its grade; "" for none.
        live: certification whose time in live dates is the grade of the activity with dates; "" for none.
    """

    values: frozenset[str] = frozenset()
    graded: bool = True
    maximum: int | None = DEFAULT_MAXIMUM
    query: str = ""
    tags: frozenset[str] = frozenset()
    minutes: int | None = None
    way: str = ""
    live: str = ""

    def shows(self, module: Module) -> bool:
        """Tell whether search and chips leave this module in sight."""
        return (
            all(word in words_of(module) for word in self.query.lower().split())
            and (not self.tags or not self.tags.isdisjoint(module.competences))
            and (self.minutes is None or module.minutes <= self.minutes)
        )


@dataclass(frozen=True, slots=True)
class WholeCourse:
    """A certificate's modules as one choice."""

    certification: Certification
    choices: tuple[Choice, ...]
    planned: int


@bp.route("/choose", methods=["GET", "POST"])
def show() -> ResponseReturnValue:
    """Show what there is; without scripts, also what is left after „Suchen“."""
    return _page(_linking().request(current_actor()), _filled())


@bp.post("/choose/answer")
def answer() -> ResponseReturnValue:
    """Hand the choice back, signed, once (D5 to D9)."""
    asked, filled = _linking().request(current_actor()), _filled()
    choices = tuple(
        _with_way(choice, filled) for choice in chosen(request.form.getlist("item"), current_tool().catalogue)
    )
    if choices and not asked.settings.accepts_links:
        raise Refusal(Code.BAD_REQUEST, "the platform takes no activities here")
    if len(choices) > 1 and not asked.settings.accept_multiple:
        raise Refusal(Code.DEEP_LINKING_TOO_MANY_ITEMS)
    if not choices:
        return _page(asked, filled, fault=gettext("Bitte wählen Sie zuerst einen Inhalt aus.")), 400
    if filled.graded and filled.maximum is None:
        fault = gettext("Bitte geben Sie als Höchstpunktzahl eine Zahl von 1 bis %(most)s ein.", most=LARGEST_MAXIMUM)
        return _page(asked, filled, fault=fault), 400
    maximum = filled.maximum if filled.graded and asked.settings.accept_lineitem else None
    if not asked.settings.accept_lineitem:
        choices = tuple(replace(choice, way=None) for choice in choices)
    return _hand_back(asked, [_item(choice, maximum) for choice in choices])


@bp.post("/choose/cancel")
def cancel() -> ResponseReturnValue:
    """Hand back that nothing was chosen (D11)."""
    asked = _linking().request(current_actor())
    return _hand_back(asked, [], gettext("Es wurde nichts ausgewählt."))


def words_of(module: Module) -> str:
    """Return what the search looks through, in lower case."""
    parts = (module.title, module.summary, module.provider, *module.objectives, *(page.title for page in module.pages))
    return " ".join(parts).lower()


def _hand_back(asked: OpenRequest, items: list[ContentItem], message: str | None = None) -> ResponseReturnValue:
    tool, actor = current_tool(), current_actor()
    registration = tool.registrations.by_id(actor.registration_id)
    if registration is None:
        raise Refusal(Code.SESSION_EXPIRED, "the registration is gone")
    token = tool.deep_linking.answer(registration, asked.deployment_id, asked.settings, items, message)
    _linking().close(actor, asked)
    commit()
    headers.let_form_go_to(asked.settings.return_url)
    return render_template("picker_answer.html", token=token, return_url=asked.settings.return_url, count=len(items))


def _item(choice: Choice, maximum: int | None) -> ContentItem:
    catalogue = current_tool().catalogue
    module = catalogue.module(choice.module_id or "")
    if choice.kind is ContentKind.DATES:
        return ContentItem(
            choice=choice,
            title=gettext("Live-Termine"),
            text=gettext("Termine mit Plätzen und Warteliste: anmelden, abmelden, teilnehmen."),
            score_maximum=int(FULL_WAY) if choice.way else None,
        )
    if choice.kind is ContentKind.SELF_ASSESSMENT:
        text = gettext("Freiwillig und nur für mich: Welche Module bringen mir am meisten?")
        return ContentItem(choice=choice, title=gettext("Selbsteinschätzung"), text=text)
    if choice.kind is ContentKind.IDEAS:
        text = gettext("Was in anderen Kommunen geklappt hat, und eigene Karten dazu.")
        return ContentItem(choice=choice, title=gettext("Gute Ideen zum Nachmachen"), text=text)
    if module is None:
        text = gettext("Welche Module des Lehrgangs geschafft sind und welche noch fehlen.")
        full = int(FULL_WAY) if choice.way else None
        return ContentItem(choice=choice, title=gettext("Mein Weg zum Zertifikat"), text=text, score_maximum=full)
    return ContentItem(
        choice=choice,
        title=_title(choice.kind, module),
        text=module.summary,
        score_maximum=maximum if has_grade(choice, catalogue) else None,
    )


def _title(kind: ContentKind, module: Module) -> str:
    """What the activity is called: no two of a module's activities alike."""
    if kind is ContentKind.QUIZ:
        return gettext("Quiz: %(title)s", title=module.title)
    if kind is ContentKind.ASSIGNMENT and module.assignment and module.assignment.title:
        return f"{module.title}: {module.assignment.title}"
    return module.title


def _page(asked: OpenRequest, filled: Filled, fault: str | None = None) -> str:
    catalogue = current_tool().catalogue
    modules = tuple(catalogue.modules.values())
    return render_template(
        "picker.html" if asked.settings.accepts_links else "picker_nothing.html",
        settings=asked.settings,
        filled=filled,
        fault=fault,
        modules=modules,
        shown={module.id for module in modules if filled.shows(module)},
        words_of=words_of,
        courses=_courses(catalogue) if asked.settings.accept_multiple else (),
        in_course={str(choice) for choice in _linking().in_course(current_actor())},
        tags=sorted({tag for module in modules for tag in module.competences}),
        limits=LIMITS,
        self_assessment=catalogue.self_assessment is not None,
        largest=LARGEST_MAXIMUM,
        ways=tuple(catalogue.certifications.values()),
        lives=tuple(one for one in catalogue.certifications.values() if one.live_minutes),
    )


def _with_way(choice: Choice, filled: Filled) -> Choice:
    ways = {ContentKind.TRACKER: filled.way, ContentKind.DATES: filled.live}
    return replace(choice, way=ways.get(choice.kind) or None)


def _courses(catalogue: Catalogue) -> tuple[WholeCourse, ...]:
    """Every course of which at least one module is written."""
    courses = (
        WholeCourse(certification, choices, len(certification.module_ids) - len(choices) + 1)
        for certification in catalogue.certifications.values()
        if len(choices := whole_course(certification.id, catalogue)) > 1
    )
    return tuple(courses)


def _filled() -> Filled:
    form = request.form
    if not form:
        return Filled()
    limit, way, live = (form.get(name, "") for name in ("minutes", "way", "live"))
    certification = current_tool().catalogue.certification(live)
    return Filled(
        values=frozenset(form.getlist("item")),
        graded=form.get("graded", "yes") == "yes",
        maximum=_maximum(form.get("maximum", str(DEFAULT_MAXIMUM))),
        query=form.get("q", "")[:_LONGEST_QUERY],
        tags=frozenset(form.getlist("tag")),
        minutes=int(limit) if limit in {str(minutes) for minutes in LIMITS} else None,
        way=way if way in current_tool().catalogue.certifications else "",
        live=live if certification and certification.live_minutes else "",
    )


def _maximum(text: str) -> int | None:
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > len(str(LARGEST_MAXIMUM)):
        return None
    return int(digits) if 1 <= int(digits) <= LARGEST_MAXIMUM else None


def _linking() -> DeepLinking:
    return DeepLinking(db(), current_tool().clock)
