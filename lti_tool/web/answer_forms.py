"""What a form without scripts says of an answer."""

from __future__ import annotations

from flask import request

from lti_tool.curriculum.model import Question, QuestionKind


def answer_in_form(question: Question, name: str = "answer") -> list[str]:
    """Return the raw values of one question's fields."""
    values = request.form.getlist(name)
    if question.kind is QuestionKind.ORDER:
        return in_places(values, request.form.getlist(f"{name}-place"))
    return values


def in_places(values: list[str], places: list[str]) -> list[str]:
    """Put things where their selects say; who was moved goes before (upwards) or after (downwards) who was there."""
    if len(places) != len(values) or not all(place.isascii() and place.isdigit() for place in places):
        return values
    wanted = [int(place[:4]) for place in places]
    moved = [(wanted[at], _sign(wanted[at] - at - 1), at) for at in range(len(values))]
    return [values[at] for _, _, at in sorted(moved)]


def _sign(step: int) -> int:
    return (step > 0) - (step < 0)
