"""Answers to questions of every kind that the tool grades."""

from __future__ import annotations

from lti_tool.curriculum.model import Question, QuestionKind


def right_answer(question: Question) -> list[str]:
    """Everything right, in the form a browser sends it."""
    if question.options:
        return [option.id for option in question.options if option.correct]
    return _RIGHT[question.kind](question.task)


def wrong_answer(question: Question) -> list[str]:
    """Nothing right at all."""
    if question.options:
        return [option.id for option in question.options if not option.correct][:1]
    return _WRONG[question.kind](question.task)


def some_answer(question: Question) -> list[str]:
    """What stands first."""
    return [question.options[0].id] if question.options else wrong_answer(question)


def _gap(gap) -> str:
    return _typed(gap.number.answer) if gap.number else gap.accept[0]


def _wrong_gap(gap) -> str:
    if gap.number:
        return _typed(gap.number.answer + gap.number.tolerance + 1)
    return next((option for option in gap.options if option not in gap.accept), "falsch")


def _typed(value) -> str:
    return str(float(value)).replace(".", ",")


_RIGHT = {
    QuestionKind.NUMERIC: lambda task: [_typed(task.answer)],
    QuestionKind.TEXT: lambda task: [task.accept[0]],
    QuestionKind.GAPS: lambda task: [_gap(gap) for gap in task.gaps],
    QuestionKind.ORDER: lambda task: [item.id for item in task.items],
    QuestionKind.MATCH: lambda task: [pair.right for pair in task.pairs],
}
_WRONG = {
    QuestionKind.NUMERIC: lambda task: [_typed(task.answer + task.tolerance + 1)],
    QuestionKind.TEXT: lambda _task: ["ganz falsch"],
    QuestionKind.GAPS: lambda task: [_wrong_gap(gap) for gap in task.gaps],
    QuestionKind.ORDER: lambda task: [item.id for item in (*task.items[1:], task.items[0])],
    QuestionKind.MATCH: lambda task: [
        next(choice for choice in task.choices if choice != pair.right) for pair in task.pairs
    ],
}
