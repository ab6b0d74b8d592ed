"""Content that stays what it was: an attempt is graded against the very quiz it was taken with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, replace
from datetime import date
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from lti_tool.curriculum.questions import Counts, Option, Question, QuestionKind, Quiz, ReviewMode
from lti_tool.curriculum.sources import Source, SourceKind
from lti_tool.curriculum.tasks import Essay, GapText, Matching, Numeric, Ordering, ShortText, Upload

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_FORMAT = 2
_FIRST_FORMAT = 1
"""Choices of options, in the order of their file; still written for quizzes that need no more."""
_LENGTH = 12  # 48 bits: two versions of one module never meet by chance

_TASKS: Mapping[QuestionKind, type] = {
    QuestionKind.NUMERIC: Numeric,
    QuestionKind.TEXT: ShortText,
    QuestionKind.GAPS: GapText,
    QuestionKind.ORDER: Ordering,
    QuestionKind.MATCH: Matching,
    QuestionKind.ESSAY: Essay,
    QuestionKind.FILE: Upload,
}


def module_version(files: Mapping[str, bytes]) -> str:
    """Hash a module's files (relative path -> bytes); independent of the order they were read in."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\0{len(files[path])}\0".encode())
        digest.update(files[path])
    return digest.hexdigest()[:_LENGTH]


def quiz_version(quiz: Quiz) -> str:
    """Hash everything a quiz says except its version: the same questions always have the same version."""
    return hashlib.sha256(quiz_to_json(replace(quiz, version="")).encode()).hexdigest()[:_LENGTH]


def quiz_to_json(quiz: Quiz) -> str:
    """Write a quiz canonically: equal quizzes give equal text."""
    questions = [_question_out(question) for question in quiz.questions]
    more = _said(quiz, _QUIZ_MORE)
    if "pools" in more:
        more["pools"] = dict(quiz.pools)
    newer = more or any(not body.keys() <= _FIRST_KEYS or body["kind"] not in _FIRST_KINDS for body in questions)
    body = {
        "format": _FORMAT if newer else _FIRST_FORMAT,
        "version": quiz.version,
        "pass_share": str(quiz.pass_share),
        "attempts_limit": quiz.attempts_limit,
        "questions": questions,
        **more,
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def quiz_from_json(text: str) -> Quiz:
    """Read what `quiz_to_json` wrote; the round trip is exact.

    Raises:
        ValueError: written by a newer program.
    """
    body = json.loads(text)
    if body["format"] not in {_FIRST_FORMAT, _FORMAT}:
        raise ValueError(f"quiz format {body['format']} is unknown")
    return Quiz(
        version=body["version"],
        pass_share=Fraction(body["pass_share"]),
        attempts_limit=body["attempts_limit"],
        counts=Counts(body.get("counts", Counts.BEST)),
        shuffle=body.get("shuffle", False),
        time_limit=body.get("time_limit"),
        review=ReviewMode(body.get("review", ReviewMode.FULL)),
        pools=MappingProxyType(body.get("pools", {})),
        title=body.get("title", ""),
        minutes=body.get("minutes"),
        intro_html=body.get("intro_html", ""),
        questions=tuple(_question_in(question) for question in body["questions"]),
    )


_QUIZ_MORE = ("counts", "shuffle", "time_limit", "review", "pools", "title", "minutes", "intro_html")
_QUESTION_MORE = ("right_html", "wrong_html", "pool", "hint_html", "shuffle")
_FIRST_KEYS = {"id", "kind", "prompt_html", "points", "explain_html", "page", "source", "options"}
_FIRST_KINDS = {QuestionKind.SINGLE, QuestionKind.MULTIPLE}


def _said(thing: Quiz | Question | Option, names: tuple[str, ...]) -> dict[str, Any]:
    """Those values that are not the default, so that what older programs wrote is written the same today."""
    defaults = {field.name: field for field in fields(thing)}
    values = {name: getattr(thing, name) for name in names}
    return {name: value for name, value in values.items() if value != _default(defaults[name])}


def _default(field: Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


@cache
def _form(kind: QuestionKind) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # noqa: PLC0415 -- most quizzes hold no task, and most processes read no old quiz

    return TypeAdapter(_TASKS[kind])


def _question_out(question: Question) -> dict[str, Any]:
    task = _form(question.kind).dump_python(question.task, mode="json") if question.task else None
    return {
        "id": question.id,
        "kind": question.kind.value,
        "prompt_html": question.prompt_html,
        "points": question.points,
        "explain_html": question.explain_html,
        "page": question.page,
        "source": _source_out(question.source),
        "options": [_option_out(option) for option in question.options],
        **({"task": task} if task else {}),
        **_said(question, _QUESTION_MORE),
    }


def _option_out(option: Option) -> dict[str, Any]:
    return {
        "id": option.id,
        "html": option.html,
        "correct": option.correct,
        "feedback_html": option.feedback_html,
        **_said(option, ("image", "alt")),
    }


def _question_in(body: dict[str, Any]) -> Question:
    kind = QuestionKind(body["kind"])
    return Question(
        id=body["id"],
        kind=kind,
        prompt_html=body["prompt_html"],
        points=body["points"],
        explain_html=body["explain_html"],
        page=body["page"],
        source=_source_in(body["source"]),
        options=tuple(Option(**option) for option in body["options"]),
        task=_form(kind).validate_python(body["task"]) if "task" in body else None,
        **{name: body[name] for name in _QUESTION_MORE if name in body},
    )


def _source_out(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        "kind": source.kind.value,
        "stand": source.stand.isoformat(),
        "url": source.url,
    }


def _source_in(body: dict[str, Any]) -> Source:
    return Source(
        id=body["id"],
        title=body["title"],
        kind=SourceKind(body["kind"]),
        stand=date.fromisoformat(body["stand"]),
        url=body["url"],
    )
