"""The door of this room: a content folder becomes a catalogue, or all that is wrong with it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from lti_tool.curriculum.assembly import assemble, assemble_module
from lti_tool.curriculum.checks import check_module, examine
from lti_tool.curriculum.errors import ContentErrors, Problem, Severity, in_reading_order
from lti_tool.curriculum.files import ModuleFiles, read_catalogue, read_module
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

    day = today or datetime.now(tz=UTC).date()
    content, problems = examine(content_dir, day, take=take)
    if content.body is None or any(problem.severity is Severity.ERROR for problem in problems):
        raise ContentErrors(problems)
    catalogue = assemble(content, content.body, modules)
    warnings = sum(problem.severity is Severity.WARNING for problem in in_reading_order(problems))
    return replace(catalogue, warnings=warnings - catalogue.overdue(day))


def written_modules(content_dir: Path) -> tuple[str, ...]:
    """Return the ids of all modules that a catalogue offers, in its order.

    Raises:
        ContentErrors: catalogue.yaml is unusable.
    """
    problems: list[Problem] = []
    body = read_catalogue(content_dir, problems.append)
    if body is None:
        raise ContentErrors(problems)
    return tuple(name for name in body.modules if name not in body.planned)


def load_modules(
    content_dir: Path, names: Sequence[str], media_prefix: str, *, page_href: str, today: date | None = None
) -> tuple[Module, ...]:
    """Read, check and compile single modules by all rules that need no other; the rest of the folder is not looked at.

    Raises:
        ContentErrors: with all problems, if at least one is an error.
    """
    problems: list[Problem] = []
    day = today or datetime.now(tz=UTC).date()
    modules = []
    for name in names:
        files = read_module(content_dir / "modules" / name, problems.append)
        if files:
            problems.extend(check_module(files, day))
        if files and not any(problem.severity is Severity.ERROR for problem in problems):
            modules.append(assemble_module(files, media_prefix, page_href))
    if len(modules) < len(names):
        raise ContentErrors(problems)
    return tuple(modules)
