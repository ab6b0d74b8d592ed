"""Reading a module: where it starts, where it goes on, and its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lti_tool.curriculum.model import Module, Page
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.progress import ModuleStanding, Progress
from lti_tool.web.frame import form_of_address
from lti_tool.web.kept_pages import render_kept
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db, db_for_writing
from lti_tool.web.wording import day

bp = under_launch(Blueprint("learner", __name__, url_prefix=PREFIX))


@dataclass(frozen=True)
class Way:
    """How far a person is in a module, in the numbers of the page list and the bar."""

    module: Module
    standing: ModuleStanding

    @cached_property
    def read(self) -> int:
        """Pages opened, of those the module has today."""
        return sum(page.slug in self.standing.visited for page in self.module.pages)

    @property
    def passed(self) -> bool:
        return self.standing.passed_at is not None

    @property
    def steps(self) -> int:
        """What the bar is full at: every page, and the quiz."""
        return len(self.module.pages) + (self.module.quiz is not None)

    @property
    def taken(self) -> int:
        return self.read + self.passed

    @property
    def finished(self) -> bool:
        return self.taken == self.steps

    @cached_property
    def next_page(self) -> Page:
        """Where to go on: where the person was, else the first page."""
        return self.module.page(self.standing.last_page or "") or self.module.pages[0]


def module_or_refuse(module_id: str | None) -> Module:
    """Return a module; a link may name one that the content no longer has."""
    module = current_tool().catalogue.module(module_id or "")
    if module is None:
        raise Refusal(Code.CONTENT_UNKNOWN, "module not in the catalogue")
    return module


def way_through(actor: Actor, module: Module) -> Way:
    """Return how far a person is."""
    return Way(module, Progress(db(), current_tool().clock).standing(actor, module))


def show_module(module: Module) -> ResponseReturnValue:
    """First visit: what to expect. Later: the page where the person was. Finished: what there is to look back on."""
    actor = current_actor()
    way = way_through(actor, module)
    if way.standing.last_page is None or way.passed:
        return _show_outline(way)
    return _show_page(way, way.next_page, returned=True)


@bp.get("/modules/<module_id>/")
def module(module_id: str) -> ResponseReturnValue:
    """What the module is about, and its parts."""
    chosen = module_or_refuse(module_id)
    return _show_outline(way_through(current_actor(), chosen))


@bp.get("/modules/<module_id>/<slug>")
def page(module_id: str, slug: str) -> ResponseReturnValue:
    """One page; opening it counts at once, not at leaving."""
    actor = current_actor()
    chosen = module_or_refuse(module_id)
    shown = chosen.page(slug)
    if shown is None:
        raise Refusal(Code.NOT_FOUND, "no such page")
    return _show_page(_remember(actor, way_through(actor, chosen), shown), shown)


def _remember(actor: Actor, way: Way, page: Page) -> Way:
    standing = way.standing
    if not actor.keeps_progress or (page.slug in standing.visited and page.slug == standing.last_page):
        return way
    if Progress(db_for_writing(), current_tool().clock).visit(actor, way.module, page, standing):
        commit()
    return Way(way.module, ModuleStanding(standing.visited | {page.slug}, page.slug, standing.passed_at))


def _show_outline(way: Way) -> str:
    if way.passed or way.finished:  # tells how far the person is on the way to a certificate, so nobody else gets it
        return render_template("module.html", way=way, module=way.module)
    return render_kept("module.html", (way.module.id, way.standing), lambda: {"way": way, "module": way.module})


def _show_page(way: Way, page: Page, *, returned: bool = False) -> str:
    def context() -> Mapping[str, Any]:
        before, after = way.module.neighbours(page.slug)
        return {
            "way": way,
            "module": way.module,
            "page": page,
            "position": way.module.pages.index(page) + 1,
            "body": _body(way.module, page),
            "day": day,
            "before": before,
            "after": after,
            "returned": returned,
        }

    return render_kept("page.html", (way.module.id, way.standing, page.slug, returned), context)


def _body(module: Module, page: Page) -> Markup:
    """The page's checked HTML. It names other pages as siblings, which holds below the module's address only."""
    html = page.html
    for other in module.pages:
        sibling = f'href="{other.slug}"'
        if sibling in html:
            address = form_of_address("learner.page", module_id=module.id, slug=other.slug)
            html = html.replace(sibling, f'href="{address}"')
    return Markup(html)  # noqa: S704 -- the catalogue holds sanitised HTML only
