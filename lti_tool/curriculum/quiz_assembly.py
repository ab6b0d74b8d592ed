"""From checked questions to the model: texts are rendered here, once, at the start."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from lti_tool.curriculum import question_schema as written
from lti_tool.curriculum.files import AssignmentFile, QuizFile
from lti_tool.curriculum.markup import parse, parse_inline
from lti_tool.curriculum.questions import Option, Question, QuestionKind, Quiz
from lti_tool.curriculum.render import MEDIA_FOLDER, Surroundings, to_html
from lti_tool.curriculum.sources import Source
from lti_tool.curriculum.tasks import (
    Criterion,
    Essay,
    Gap,
    GapKind,
    GapText,
    Item,
    Matching,
    Numeric,
    Ordering,
    Pair,
    ShortText,
    Task,
    Upload,
)
from lti_tool.curriculum.versions import quiz_version

GAP = re.compile(r"\[\[([A-Za-z0-9][A-Za-z0-9._-]*)\]\]")


@dataclass(frozen=True, slots=True)
class QuizAssembly:
    """Builds the quiz and the assignment of one module."""

    sources: Mapping[str, Source]
    at: Surroundings

    def quiz(self, file: QuizFile) -> Quiz:
        body = file.body
        return _versioned(
            Quiz(
                questions=tuple(self._question(question) for question in body.questions),
                pass_share=Fraction(body.pass_share),
                attempts_limit=body.attempts_limit,
                counts=body.counts,
                shuffle=body.shuffle,
                time_limit=body.time_limit,
                review=body.review,
                pools=MappingProxyType(dict(body.pools)),
            )
        )

    def assignment(self, file: AssignmentFile) -> Quiz:
        body = file.body
        return _versioned(
            Quiz(
                questions=tuple(self._question(question) for question in body.questions),
                pass_share=Fraction(body.pass_share),
                attempts_limit=body.attempts_limit,
                title=body.title,
                minutes=body.minutes,
                intro_html=self._block(body.intro),
            )
        )

    def _question(self, question: written.AnyQuestion) -> Question:
        return Question(
            id=question.id,
            kind=QuestionKind(question.kind),
            prompt_html=self._line(question.prompt),
            options=tuple(self._options(question)),
            task=self._task(question),
            right_html=self._line(getattr(question, "feedback_right", "")),
            wrong_html=self._line(getattr(question, "feedback_wrong", "")),
            points=question.points,
            explain_html=self._block(question.explain),
            source=self.sources[question.source],
            page=question.page,
            pool=question.pool,
            hint_html=self._line(question.hint or ""),
            shuffle=question.shuffle,
        )

    def _options(self, question: written.AnyQuestion) -> list[Option]:
        if isinstance(question, written.TrueFalseSchema):
            return [
                Option(
                    id=name,
                    html=self.at.word(name),
                    correct=question.correct is value,
                    feedback_html=self._line(feedback),
                )
                for name, value, feedback in (
                    ("true", True, question.feedback_true),
                    ("false", False, question.feedback_false),
                )
            ]
        if isinstance(question, written.ImageSchema):
            return [self._picture(option) for option in question.options]
        if isinstance(question, written.ChoiceSchema):
            return [
                Option(
                    id=option.id,
                    html=self._line(option.text),
                    correct=option.correct,
                    feedback_html=self._line(option.feedback),
                )
                for option in question.options
            ]
        return []

    def _picture(self, option: written.PictureSchema) -> Option:
        return Option(
            id=option.id,
            html=self._line(option.text or ""),
            correct=option.correct,
            feedback_html=self._line(option.feedback),
            image=f"{self.at.media_base}/{option.image.removeprefix(MEDIA_FOLDER)}",
            alt=option.alt,
        )

    def _task(self, question: written.AnyQuestion) -> Task | None:
        build = _TASKS.get(type(question))
        return build(self, question) if build else None

    def gap_text(self, question: written.GapsSchema) -> GapText:
        """Cut the rendered text at its gaps; the gaps come in the order of the text."""
        pieces = GAP.split(self._block(question.text))
        gaps = {gap.id: gap for gap in question.gaps}
        return GapText(pieces=tuple(pieces[::2]), gaps=tuple(_gap(gaps[name]) for name in pieces[1::2]))

    def ordering(self, question: written.OrderSchema) -> Ordering:
        return Ordering(items=tuple(Item(id=item.id, html=self._line(item.text)) for item in question.items))

    def matching(self, question: written.MatchSchema) -> Matching:
        pairs = (Pair(id=pair.id, left_html=self._line(pair.left), right=pair.right) for pair in question.pairs)
        return Matching(pairs=tuple(pairs), distractors=tuple(question.distractors))

    def _line(self, text: str) -> str:
        return to_html(parse_inline(text), self.at)

    def _block(self, text: str) -> str:
        return to_html(parse(text), self.at)


def _versioned(quiz: Quiz) -> Quiz:
    return replace(quiz, version=quiz_version(quiz))


def _number(written_number: written.NumericSchema | written.NumberGapSchema) -> Numeric:
    return Numeric(
        answer=Fraction(written_number.answer),
        tolerance=Fraction(written_number.tolerance),
        unit=getattr(written_number, "unit", None),
    )


def _gap(gap: written.ChoiceGapSchema | written.TextGapSchema | written.NumberGapSchema) -> Gap:
    if isinstance(gap, written.ChoiceGapSchema):
        return Gap(
            id=gap.id,
            kind=GapKind.CHOICE,
            options=tuple(option.text for option in gap.options),
            accept=tuple(option.text for option in gap.options if option.correct),
        )
    if isinstance(gap, written.TextGapSchema):
        return Gap(id=gap.id, kind=GapKind.TEXT, accept=tuple(gap.accept))
    return Gap(id=gap.id, kind=GapKind.NUMBER, number=_number(gap))


def _rubric(question: written.EssaySchema | written.FileSchema) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(id=criterion.id, text=criterion.text, points=criterion.points, hint=criterion.hint)
        for criterion in question.rubric
    )


def _essay(_assembly: QuizAssembly, question: written.EssaySchema) -> Essay:
    words = (question.words[0], question.words[1]) if question.words else None
    return Essay(rubric=_rubric(question), words=words, snippets=tuple(question.snippets))


def _upload(_assembly: QuizAssembly, question: written.FileSchema) -> Upload:
    return Upload(
        rubric=_rubric(question),
        snippets=tuple(question.snippets),
        types=tuple(question.types),
        max_mib=question.max_mib,
    )


_TASKS: Mapping[type[Any], Callable[[QuizAssembly, Any], Task]] = {
    written.NumericSchema: lambda _assembly, question: _number(question),
    written.TextSchema: lambda _assembly, question: ShortText(accept=tuple(question.accept)),
    written.GapsSchema: QuizAssembly.gap_text,
    written.OrderSchema: QuizAssembly.ordering,
    written.MatchSchema: QuizAssembly.matching,
    written.EssaySchema: _essay,
    written.FileSchema: _upload,
}
