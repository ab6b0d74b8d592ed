"""Ideas to be taken along: every one that fits a search and may be read here, as CSV or JSON, its pictures named."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from flask import Response, request
from flask.typing import ResponseReturnValue

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.idea_cards import LICENCE
from lti_tool.domain.town_time import shown
from lti_tool.services.course_export import CourseExport
from lti_tool.services.idea_pictures import CardPicture, IdeaPictures
from lti_tool.services.idea_search import IdeaSearch
from lti_tool.services.idea_shelf import ReadableIdea
from lti_tool.services.picture_files import MEDIA_TYPE
from lti_tool.web.course_export import download
from lti_tool.web.idea_search import wanted_in_address
from lti_tool.web.idea_words import COSTS, EFFORTS, FIELDS, REACHES, THEMES, author
from lti_tool.web.languages import gettext, language
from lti_tool.web.launch_session import current_actor
from lti_tool.web.rate import limit_rate
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import db

_AT_ONCE = 100
Pictures = Sequence[CardPicture]


def export() -> ResponseReturnValue:
    """Answer with a file."""
    form = request.args.get("form", "")
    if form not in {"csv", "json"}:
        raise Refusal(Code.BAD_REQUEST, "neither CSV nor JSON")
    limit_rate("ideas")
    title = gettext("gute-ideen")
    if form == "csv":
        rows = [
            [", ".join(value) if isinstance(value, list) else str(value) for value in _row(*one)] for one in _found()
        ]
        return download(CourseExport([str(words) for words in _head()], rows), title, form)
    body = {"licence": LICENCE, "ideas": [_document(*one) for one in _found()]}
    name = f"{title}-{shown(current_tool().clock()):%Y-%m-%d}.json"
    return Response(
        json.dumps(body, ensure_ascii=False, indent=2),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _found() -> Iterator[tuple[ReadableIdea, Pictures]]:
    ideas = IdeaSearch(db(), current_actor()).every(replace(wanted_in_address(), after=None, by_relevance=False))
    pictures = IdeaPictures(db(), current_tool().clock)
    while some := list(islice(ideas, _AT_ONCE)):
        found = pictures.of_each(some)
        yield from ((idea, found[idea.id]) for idea in some)


def _head() -> list[object]:
    texts = [FIELDS[name] for name in ("title", "problem", "solution", "effect", "effort", "cost", "needs", "law")]
    rest = [FIELDS["themes"], FIELDS["competences"], FIELDS["links"], gettext("Von"), gettext("Lesbar")]
    about = [gettext("Fassung"), gettext("Freigegeben am"), gettext("Lizenz")]
    pictures = [gettext("Beschreibungen der Bilder"), gettext("SHA-256 der Bilder")]
    return [*texts, *rest, *about, *pictures]


def _row(idea: ReadableIdea, pictures: Pictures) -> list[object]:
    card = idea.card
    effort, cost = EFFORTS[card.effort] if card.effort else "", COSTS[card.cost] if card.cost else ""
    competence = current_tool().catalogue.competence_names(language()).of
    return [
        *(card.title, card.problem, card.solution, card.effect, effort, cost, card.needs, card.law),
        [str(THEMES[theme]) for theme in card.themes],
        [competence.get(tag, tag) for tag in card.competences],
        [link.address for link in card.links],
        *(author(card, idea.town), REACHES[idea.reach], idea.number, f"{shown(idea.released_at):%Y-%m-%d}", LICENCE),
        "\n".join(picture.alt for picture in pictures),
        [picture.digest for picture in pictures],
    ]


def _document(idea: ReadableIdea, pictures: Pictures) -> Mapping[str, object]:
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
        "pictures": [{"alt": picture.alt, "media_type": MEDIA_TYPE, "sha256": picture.digest} for picture in pictures],
    }
