"""The list of ideas: searched, filtered, a page at a time, and taken along as CSV or JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.idea_cards import LICENCE, Cost, Effort, Theme
from lti_tool.domain.idea_states import Reach
from lti_tool.domain.search_words import LONGEST_QUERY
from lti_tool.domain.town_time import shown
from lti_tool.services.course_export import CourseExport
from lti_tool.services.idea_search import LARGEST_NUMBER, MOST_COUNTED, IdeaSearch, Wanted
from lti_tool.services.idea_shelf import ReadableIdea
from lti_tool.web import idea_words
from lti_tool.web.course_export import download
from lti_tool.web.idea_words import COSTS, EFFORTS, FIELDS, REACHES, THEMES, author
from lti_tool.web.languages import gettext, language
from lti_tool.web.launch_session import current_actor
from lti_tool.web.rate import limit_rate
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import db

BEST = "best"
Choice = TypeVar("Choice", bound=StrEnum)
_KEY = re.compile("[0-9]{1,19}")


def show_list(*, waiting: int, writes: bool) -> str:
    """Show a page of what was searched, or of the newest."""
    wanted, catalogue = wanted_in_address(), current_tool().catalogue
    return render_template(
        "ideas.html",
        found=IdeaSearch(db(), current_actor()).find(wanted),
        wanted=wanted,
        most_counted=MOST_COUNTED,
        kept=_kept(wanted),
        words=idea_words,  # the activity's landing page is not of the ideas' blueprint
        names=catalogue.competence_names(language()),
        competences=catalogue.competences,
        waiting=waiting,
        writes=writes,
    )


def wanted_in_address() -> Wanted:
    """Read what is looked for; what is no choice of ours is no filter."""
    asked, after = request.args, request.args.get("after", "")
    competence = asked.get("competence", "")
    return Wanted(
        words="".join(sign for sign in asked.get("q", "")[:LONGEST_QUERY] if sign.isprintable()).strip(),
        theme=_one_of(Theme, "theme"),
        competence=competence if competence in current_tool().catalogue.competences else "",
        effort=_one_of(Effort, "effort"),
        cost=_one_of(Cost, "cost"),
        reach=_one_of(Reach, "reach"),
        by_relevance=asked.get("order", "") == BEST,
        after=min(int(after), LARGEST_NUMBER) if _KEY.fullmatch(after) else None,
    )


def export() -> ResponseReturnValue:
    """Answer with every idea that fits and may be read here, as CSV or JSON."""
    form = request.args.get("form", "")
    if form not in {"csv", "json"}:
        raise Refusal(Code.BAD_REQUEST, "neither CSV nor JSON")
    limit_rate("ideas")
    ideas = IdeaSearch(db(), current_actor()).every(replace(wanted_in_address(), after=None, by_relevance=False))
    title = gettext("gute-ideen")
    if form == "csv":
        rows = [[", ".join(value) if isinstance(value, list) else str(value) for value in _row(one)] for one in ideas]
        return download(CourseExport([str(words) for words in _head()], rows), title, form)
    body = json.dumps({"licence": LICENCE, "ideas": [_document(one) for one in ideas]}, ensure_ascii=False, indent=2)
    name = f"{title}-{shown(current_tool().clock()):%Y-%m-%d}.json"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, content_type="application/json", headers=disposition)


def _kept(wanted: Wanted) -> Mapping[str, str]:
    """Return what stands in the addresses of further pages and of the files."""
    chosen = {
        "q": wanted.words,
        "theme": wanted.theme,
        "competence": wanted.competence,
        "effort": wanted.effort,
        "cost": wanted.cost,
        "reach": wanted.reach,
        "order": BEST if wanted.by_relevance else "",
    }
    return {name: str(value) for name, value in chosen.items() if value}


def _head() -> list[object]:
    texts = [FIELDS[name] for name in ("title", "problem", "solution", "effect", "effort", "cost", "needs", "law")]
    rest = [FIELDS["themes"], FIELDS["competences"], FIELDS["links"], gettext("Von"), gettext("Lesbar")]
    return [*texts, *rest, gettext("Fassung"), gettext("Freigegeben am"), gettext("Lizenz")]


def _row(idea: ReadableIdea) -> list[object]:
    card = idea.card
    effort, cost = EFFORTS[card.effort] if card.effort else "", COSTS[card.cost] if card.cost else ""
    competence = current_tool().catalogue.competence_names(language()).of
    return [
        *(card.title, card.problem, card.solution, card.effect, effort, cost, card.needs, card.law),
        [str(THEMES[theme]) for theme in card.themes],
        [competence.get(tag, tag) for tag in card.competences],
        [link.address for link in card.links],
        *(author(card, idea.town), REACHES[idea.reach], idea.number, f"{shown(idea.released_at):%Y-%m-%d}", LICENCE),
    ]


def _document(idea: ReadableIdea) -> Mapping[str, object]:
    card = idea.card
    return {
        "id": str(idea.id),
        "version": idea.number,
        "released_at": idea.released_at.isoformat(),
        "reach": idea.reach,
        "town": idea.town,
        "author": author(card, idea.town),
        **{name: getattr(card, name) for name in ("title", "problem", "solution", "effect", "needs", "law")},
        "effort": card.effort,
        "cost": card.cost,
        "themes": list(card.themes),
        "competences": list(card.competences),
        "links": [{"address": link.address, "words": link.words} for link in card.links],
    }


def _one_of(choices: type[Choice], name: str) -> Choice | None:
    asked = request.args.get(name, "")
    return choices(asked) if asked in set(choices) else None
