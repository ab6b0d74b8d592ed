"""A module as a SCORM package, for instructors whose course is to run without this tool."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from lti_tool.curriculum.model import Catalogue
from lti_tool.domain.errors import Code, Refusal
from lti_tool.web.languages import language
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.learner import module_or_refuse
from lti_tool.web.tool import current_tool

bp = under_launch(Blueprint("packages", __name__, url_prefix=PREFIX))


@bp.get("/modules/<module_id>/package/<edition>")
def download(module_id: str, edition: str) -> ResponseReturnValue:
    """Build the package and send it; it is the same file every time, so nothing is kept."""
    from scorm_packages.build import build  # noqa: PLC0415 -- the few who ask for a package pay for the builder
    from scorm_packages.plan import Edition, Wishes, plan_module  # noqa: PLC0415 -- as above

    if not current_actor().is_instructor:
        raise Refusal(Code.ROLE_FORBIDDEN, "packages are for instructors")
    if edition not in {known.value for known in Edition}:
        raise Refusal(Code.NOT_FOUND, "no such edition")
    folder = current_tool().settings.content_dir
    module = _catalogue(folder).module(module_or_refuse(module_id).id)
    if module is None:
        raise Refusal(Code.CONTENT_UNKNOWN, "module not in the catalogue")
    package = build(plan_module(module, folder, Wishes(edition=Edition(edition), language=language())))
    response = Response(package.data, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{package.name}"'
    return response


@lru_cache(maxsize=1)
def _catalogue(folder: Path) -> Catalogue:
    """The content once more, with the addresses that it has inside a package; compiled when first asked for."""
    from lti_tool.curriculum.loader import load_catalogue  # noqa: PLC0415 -- as above
    from scorm_packages.plan import MEDIA_PREFIX, PAGE_HREF  # noqa: PLC0415 -- as above

    return load_catalogue(folder, MEDIA_PREFIX, page_href=PAGE_HREF)
