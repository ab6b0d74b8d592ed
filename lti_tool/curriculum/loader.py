"""The door of this room: a content folder becomes a catalogue, or all that is wrong with it is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lti_tool.curriculum.assembly import assemble, assemble_module
from lti_tool.curriculum.checks import examine
from lti_tool.curriculum.errors import ContentErrors, Severity
from lti_tool.curriculum.files import ModuleFiles
from lti_tool.curriculum.model import Catalogue, Module


def load_catalogue(
    content_dir: Path, media_prefix: str = "/content", *, page_href: str = "{slug}", today: date | None = None
) -> Catalogue:
    """Read, check and compile a content folder.

    Args:
        content_dir: holds catalogue.yaml, modules/ and certifications/.
        media_prefix: a module's media are addressed as `{media_prefix}/{module id}/{module version}/{file name}`.
        page_href: how pages of a module address each other, with `{slug}`; by default they are siblings.
        today: the day overdue reviews are judged by; by default the present one.

    Raises:
        ContentErrors: with all problems, if at least one is an error.
    """
    modules: dict[str, Module] = {}

    def take(module: ModuleFiles) -> None:
        modules[module.folder] = assemble_module(module, media_prefix, page_href)

    content, problems = examine(content_dir, today, take=take)
    if content.body is None or any(problem.severity is Severity.ERROR for problem in problems):
        raise ContentErrors(problems)
    return assemble(content, content.body, modules)
