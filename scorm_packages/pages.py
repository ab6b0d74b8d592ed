"""One module as one HTML document, from the same templates as the tool's pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from lti_tool import curriculum
from lti_tool.curriculum.model import Module
from scorm_packages.language import Language, language
from scorm_packages.plan import MEDIA_PREFIX, Unit, Wishes
from scorm_packages.quizzes import packed_quiz
from scorm_packages.suspension import typed_limit
from scorm_packages.words import words

_TEMPLATES = (Path(__file__).parent / "templates", Path(curriculum.__file__).parent / "templates")
_VERSION = 6


@dataclass(frozen=True, slots=True)
class _Task:
    """Something to hand in at the course."""

    title: str
    html: str


def document(unit: Unit, wishes: Wishes) -> str:
    """Render a module.

    Raises:
        PackageError: the quiz does not fit into what an LMS keeps.
    """
    spoken = language(wishes.language)
    module = unit.module
    if unit.place:
        return _signpost(unit, spoken)
    template = _environment(spoken.code).get_template("scorm/index.html")
    html = template.render(
        module=module,
        quiz=unit.quiz,
        left_out=unit.left_out,
        in_course=_in_course(unit),
        language=spoken,
        course=course(unit, wishes),
        shared="../" if unit.folder else "",
    )
    return html.replace(f"{MEDIA_PREFIX}/{module.id}/{module.version}/", f"{MEDIA_PREFIX}/")


def _signpost(unit: Unit, spoken: Language) -> str:
    return (
        _environment(spoken.code)
        .get_template("scorm/signpost.html")
        .render(
            module=unit.module,
            language=spoken,
            place=unit.place,
            host=urlsplit(unit.place).netloc,
            shared="../" if unit.folder else "",
        )
    )


def course(unit: Unit, wishes: Wishes) -> dict[str, Any]:
    """Return what the player knows of a module, as `runtime/player.js` reads it."""
    module = unit.module
    spoken = language(wishes.language)
    quiz = packed_quiz(unit.quiz, module, spoken) if unit.quiz else None
    return {
        "version": (unit.quiz.version if unit.quiz else module.version)[:_VERSION],
        "reporting": wishes.reporting.value,
        "language": spoken.code,
        "typedLimit": typed_limit(quiz, len(module.pages)),
        "pages": [{"slug": page.slug, "required": page.required} for page in module.pages],
        "quiz": quiz,
        "words": words(spoken, module),
    }


def _in_course(unit: Unit) -> list[_Task]:
    tasks = [_Task("", question.prompt_html) for question in unit.left_out]
    assignment = unit.module.assignment
    if assignment:
        prompts = "".join(f"<p>{question.prompt_html}</p>" for question in assignment.questions)
        tasks.append(_Task(assignment.title, assignment.intro_html + prompts))
    return tasks


@lru_cache
def _environment(code: str) -> Environment:
    spoken = language(code)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        spoken.gettext, spoken.ngettext, newstyle=True
    )
    for write in (spoken.day, spoken.duration, spoken.number, spoken.percent):
        environment.filters[write.__name__] = write
    environment.globals["tongue_of"] = lambda module: _tongue(module, spoken)
    return environment


def _tongue(module: Module, spoken: Language) -> Markup:
    """Return the lang attribute of content in another language than the player around it."""
    return Markup("") if module.language == spoken.code else Markup(' lang="{}"').format(module.language)
