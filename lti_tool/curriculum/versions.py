"""Content that stays what it was: an attempt is graded against the very quiz it was taken with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from lti_tool.curriculum.model import Option, Question, QuestionKind, Quiz, Source, SourceKind

_FORMAT = 1
_LENGTH = 12  # 48 bits: two versions of one module never meet by chance


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
    body = {
        "format": _FORMAT,
        "version": quiz.version,
        "pass_share": str(quiz.pass_share),
        "attempts_limit": quiz.attempts_limit,
        "questions": [_question_out(question) for question in quiz.questions],
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def quiz_from_json(text: str) -> Quiz:
    """Read what `quiz_to_json` wrote; the round trip is exact.

    Raises:
        ValueError: written by a newer program.
    """
    body = json.loads(text)
    if body["format"] != _FORMAT:
        raise ValueError(f"quiz format {body['format']} is unknown")
    return Quiz(
        version=body["version"],
        pass_share=Fraction(body["pass_share"]),
        attempts_limit=body["attempts_limit"],
        questions=tuple(_question_in(question) for question in body["questions"]),
    )


def _question_out(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": question.kind.value,
        "prompt_html": question.prompt_html,
        "points": question.points,
        "explain_html": question.explain_html,
        "page": question.page,
        "source": _source_out(question.source),
        "options": [
            {
                "id": option.id,
                "html": option.html,
                "correct": option.correct,
                "feedback_html": option.feedback_html,
            }
            for option in question.options
        ],
    }


def _question_in(body: dict[str, Any]) -> Question:
    return Question(
        id=body["id"],
        kind=QuestionKind(body["kind"]),
        prompt_html=body["prompt_html"],
        points=body["points"],
        explain_html=body["explain_html"],
        page=body["page"],
        source=_source_in(body["source"]),
        options=tuple(Option(**option) for option in body["options"]),
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
