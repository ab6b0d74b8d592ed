"""The list of ideas: searched, filtered, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from flask import render_template, request

from lti_tool.domain.idea_cards import Cost, Effort, Theme
from lti_tool.domain.idea_states import Reach
from lti_tool.domain.search_words import LONGEST_QUERY
from lti_tool.services.idea_search import LARGEST_NUMBER, MOST_COUNTED, Found, IdeaSearch, Wanted
from lti_tool.web import idea_words
from lti_tool.web.languages import language
from lti_tool.web.launch_session import current_actor
from lti_tool.web.reports import db_for_reports, may_be_older
from lti_tool.web.tool import current_tool

BEST = "best"
Choice = TypeVar("Choice", bound=StrEnum)
_KEY = re.compile("[0-9]{1,19}")


def show_list(*, waiting: int, writes: bool) -> str:
    """Show a page of what was searched, or of the newest."""
    wanted, catalogue = wanted_in_address(), current_tool().catalogue
    return render_template(
        "ideas.html",
        found=_found(wanted),
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


@may_be_older
def _found(wanted: Wanted) -> Found:
    return IdeaSearch(db_for_reports(), current_actor()).find(wanted)


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


def _one_of(choices: type[Choice], name: str) -> Choice | None:
    asked = request.args.get(name, "")
    return choices(asked) if asked in set(choices) else None
