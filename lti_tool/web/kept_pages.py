"""Pages that are the same for everybody who is equally far: rendered once, then filled in for each launch.

Rendering is most of a page's work. What is kept can hold nothing of a person, as the templates are given nothing: no
actor but a `Reader`, no request, no session, and placeholders for the launch, its token and its platform. A name that
they do not have is an error, not an empty place.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, render_template, request
from jinja2 import Environment, StrictUndefined
from markupsafe import escape

from lti_tool.domain.actor import Actor
from lti_tool.web.frame import ANY_LAUNCH, csrf_field_with, form_of_address, frame_origin
from lti_tool.web.languages import language
from lti_tool.web.launch_session import csrf_token, current_actor
from lti_tool.web.tool import current_tool

MOST = 256
"""Pages kept by a process: about 3 MiB."""

_EXTENSION = "kept-pages"
_ANY_TOKEN = "0" * 64
_ANY_PLATFORM = "https://any-platform.invalid"
_OF_ONE_REQUEST = ("g", "request", "session")


@dataclass(frozen=True, slots=True)
class Reader:
    """All that a kept page may know of who reads it; named as in `Actor`."""

    is_administrator: bool
    is_instructor: bool
    is_anonymous: bool
    keeps_progress: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    environment: Environment
    pages: dict[Hashable, str]


def install(app: Flask) -> None:
    """Prepare an environment without a request; call this when filters and globals are complete."""
    environment = app.jinja_env.overlay(undefined=StrictUndefined)
    environment.globals = {name: value for name, value in app.jinja_env.globals.items() if name not in _OF_ONE_REQUEST}
    environment.globals.update(
        url_for=form_of_address,
        csrf_token=lambda: _ANY_TOKEN,
        csrf_field=lambda: csrf_field_with(_ANY_TOKEN),
    )
    app.extensions[_EXTENSION] = _Kept(environment, {})


def render_kept(template: str, key: Hashable, context: Callable[[], Mapping[str, Any]]) -> str:
    """Return a page of this launch.

    Args:
        template: the page.
        key: everything that the context is made of; equal keys, equal pages.
        context: what the template is given, called only if the page is not kept yet.

    A page with news for one person is made for that person alone.
    """
    if g.get("news"):
        return render_template(template, **context())
    kept: _Kept = current_app.extensions[_EXTENSION]
    reader = _reader(current_actor())
    whole_key = (template, key, reader, language(), request.script_root)
    page = kept.pages.get(whole_key)
    if page is None:
        page = kept.environment.get_template(template).render(
            actor=reader, frame_origin=_ANY_PLATFORM, news=None, **context()
        )
        if len(kept.pages) >= MOST:
            kept.pages.clear()
        kept.pages[whole_key] = page
    return _filled_in(page)


def _filled_in(page: str) -> str:
    origin = str(escape(frame_origin(current_tool(), current_actor())))
    page = page.replace(_ANY_PLATFORM, origin, 1)
    return page.replace(ANY_LAUNCH, str(g.launch_id)).replace(_ANY_TOKEN, csrf_token())


def _reader(actor: Actor) -> Reader:
    return Reader(actor.is_administrator, actor.is_instructor, actor.is_anonymous, actor.keeps_progress)
