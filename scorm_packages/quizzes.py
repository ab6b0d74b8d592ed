"""A quiz as the player needs it: what is asked stands in the page, what is right only as hashes and sealed texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from lti_tool.curriculum.model import Module
from lti_tool.curriculum.questions import CHOICES, Question, QuestionKind, Quiz, ReviewMode
from lti_tool.curriculum.spelling import spelt
from lti_tool.curriculum.tasks import Gap, GapKind, GapText, Matching, Numeric, Ordering, ShortText
from scorm_packages.language import Language
from scorm_packages.sealing import hashed, sealed

Json = dict[str, Any]


def packed_quiz(quiz: Quiz, module: Module, language: Language) -> Json:
    """Return the quiz for `runtime/quiz.js`."""
    salt = hashed(module.id, module.version, quiz.version)
    return {
        "salt": salt,
        "passShare": str(quiz.pass_share),
        "attemptsLimit": quiz.attempts_limit,
        "counts": quiz.counts.value,
        "shuffle": quiz.shuffle,
        "review": quiz.review.value,
        "timeLimit": quiz.time_limit,
        "pools": dict(quiz.pools),
        "questions": [
            _question(question, f"q{number}", salt, quiz.review, partial(_told, module=module, language=language))
            for number, question in enumerate(quiz.questions, 1)
        ],
    }


def _question(question: Question, name: str, salt: str, review: ReviewMode, tell: Callable[[Question], Json]) -> Json:
    body: Json = {
        "id": name,
        "kind": question.kind.value,
        "points": question.points,
        "pool": question.pool or None,
        "shuffle": question.shuffle and question.kind is not QuestionKind.TRUE_FALSE,
    }
    if question.kind in CHOICES:
        body["options"] = [option.id for option in question.options]
        body["right"] = sorted(hashed(salt, name, option.id) for option in question.options if option.correct)
    else:
        body["task"] = _TASKS[question.kind](question.task, _Key(salt, name))
    if review is ReviewMode.FULL:
        told = json.dumps(tell(question), ensure_ascii=False, separators=(",", ":"))
        body["sealed"] = sealed(salt, name, told)
    return body


class _Key:
    """Hashes and seals of one question; `at` names a part of it."""

    def __init__(self, salt: str, name: str) -> None:
        self._salt, self._name = salt, name

    def hashed(self, *words: str) -> str:
        return hashed(self._salt, self._name, *words)

    def sealed(self, at: str, text: str) -> str:
        return sealed(self._salt, f"{self._name} {at}", text)


def _numeric(task: Numeric, key: _Key, at: str = "") -> Json:
    """An exact number is compared by its hash; one with a tolerance has to be known."""
    body: Json = {"unit": task.unit}
    if task.tolerance:
        return body | {"range": key.sealed(at, f"{task.answer} {task.tolerance}")}
    return body | {"right": key.hashed(at, str(task.answer))}


def _text(task: ShortText, key: _Key) -> Json:
    return {"right": sorted({key.hashed("", spelt(accepted)) for accepted in task.accept})}


def _gaps(task: GapText, key: _Key) -> Json:
    return {"gaps": [_gap(gap, key) for gap in task.gaps]}


def _gap(gap: Gap, key: _Key) -> Json:
    if gap.number is not None:
        return {"kind": "number", "id": gap.id, **_numeric(gap.number, key, gap.id)}
    if gap.kind is GapKind.CHOICE:
        right = sorted(key.hashed(gap.id, option) for option in gap.accept)
        return {"kind": "choice", "id": gap.id, "options": list(gap.options), "right": right}
    return {"kind": "text", "id": gap.id, "right": sorted({key.hashed(gap.id, spelt(a)) for a in gap.accept})}


def _order(task: Ordering, key: _Key) -> Json:
    shown = [item.id for item in task.start]
    return {"items": shown, "right": [key.hashed(str(at), item.id) for at, item in enumerate(task.items)]}


def _match(task: Matching, key: _Key) -> Json:
    pairs = [{"id": pair.id, "right": key.hashed(pair.id, pair.right)} for pair in task.pairs]
    return {"pairs": pairs, "choices": list(task.choices)}


_TASKS: Mapping[QuestionKind, Callable[[Any, _Key], Json]] = {
    QuestionKind.NUMERIC: _numeric,
    QuestionKind.TEXT: _text,
    QuestionKind.GAPS: _gaps,
    QuestionKind.ORDER: _order,
    QuestionKind.MATCH: _match,
}


def _told(question: Question, module: Module, language: Language) -> Json:
    """What is told about a question after handing in, and only where the whole review is shown."""
    page = module.page(question.page) if question.page else None
    return {
        "explain": question.explain_html,
        "options": {option.id: option.feedback_html for option in question.options},
        "rightWords": question.right_html,
        "wrongWords": question.wrong_html,
        "solution": _solution(question.task, language),
        "page": {"slug": page.slug, "title": page.title} if page else None,
    }


def _solution(task: object, language: Language) -> list[str]:
    """The right answer in words, where it cannot be found by comparing hashes."""
    if isinstance(task, Numeric):
        return [_number(task, language)]
    if isinstance(task, ShortText):
        return [task.accept[0]]
    if isinstance(task, GapText):
        return [_number(gap.number, language) if gap.number else gap.accept[0] for gap in task.gaps]
    return []


def _number(task: Numeric, language: Language) -> str:
    words = f"{language.number(task.answer)} {task.unit or ''}".strip()
    if not task.tolerance:
        return words
    least, most = (language.number(Fraction(task.answer + sign * task.tolerance)) for sign in (-1, 1))
    return f"{words} ({language.gettext('erlaubt: %(least)s bis %(most)s') % {'least': least, 'most': most}})"
