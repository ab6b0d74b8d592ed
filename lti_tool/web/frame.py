"""What every page shows around its content, and knows of the frame it stands in."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask, current_app, g, request, url_for
from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup

from lti_tool import curriculum
from lti_tool.domain.actor import Actor
from lti_tool.web.launch_session import acting, csrf_token
from lti_tool.web.tool import Tool

ANY_LAUNCH = "00000000-0000-0000-0000-000000000000"


def install(app: Flask, tool: Tool) -> None:
    """Give templates `actor`, `frame_origin`, `news` and the CSRF field; keep links inside their launch."""
    own_templates = app.jinja_loader
    shared_templates = FileSystemLoader(Path(curriculum.__file__).with_name("templates"))
    app.jinja_loader = ChoiceLoader([loader for loader in (own_templates, shared_templates) if loader])
    app.url_defaults(_stay_in_launch)
    app.jinja_env.globals.update(csrf_token=csrf_token, csrf_field=_csrf_field, url_for=_address)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    def surroundings() -> dict[str, Any]:
        actor = acting()
        return {"actor": actor, "frame_origin": frame_origin(tool, actor), "news": g.get("news")}

    app.context_processor(surroundings)


def _stay_in_launch(endpoint: str, values: dict[str, Any]) -> None:
    launch_id = g.get("launch_id")
    if launch_id and "launch_id" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "launch_id"):
        values["launch_id"] = launch_id


def _address(endpoint: str, **values: Any) -> str:
    """Do what `url_for` does, remembering the form of each address: a page has a dozen, the same for everybody.

    Only addresses with a row's own id are built each time.
    """
    if any(isinstance(value, UUID) for value in values.values()):
        return url_for(endpoint, **values)
    form = form_of_address(endpoint, **values)
    launch_id = g.get("launch_id")
    return form.replace(ANY_LAUNCH, str(launch_id)) if launch_id else form


def form_of_address(endpoint: str, **values: Any) -> str:
    """Return an address with `ANY_LAUNCH` in the place of the launch, which every launch fills in for itself."""
    return _form_of_address(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=4096)
def _form_of_address(_script_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    given = dict(values)
    if g.get("launch_id") and current_app.url_map.is_endpoint_expecting(endpoint, "launch_id"):
        given["launch_id"] = UUID(ANY_LAUNCH)
    return url_for(endpoint, **given)


def _csrf_field() -> Markup:
    return csrf_field_with(csrf_token())


def csrf_field_with(token: str) -> Markup:
    """Return the hidden field that forms of a launch carry."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(token)


def frame_origin(tool: Tool, actor: Actor | None) -> str:
    """Where messages to the surrounding page may go: the platform, and nowhere else."""
    registration = tool.registrations.by_id(actor.registration_id) if actor else None
    return registration.frame_origins[-1] if registration else ""
