"""The grammar of questions, one model for each kind."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from lti_tool.curriculum.schema_types import Count, Flag, Id, MediaFile, Number, Strict, Text
from lti_tool.curriculum.tasks import FileType


class OptionSchema(Strict):
    """One option of a question."""

    id: Id
    text: Text
    correct: Flag = False
    feedback: Text


class PictureSchema(Strict):
    """One picture to choose."""

    id: Id
    image: MediaFile
    alt: Text
    text: Text | None = None
    correct: Flag = False
    feedback: Text


class _Question(Strict):
    """What every question has."""

    id: Id
    prompt: Text
    pool: Id | None = None
    page: Id | None = None
    source: Id
    hint: Text | None = None
    explain: Text
    shuffle: Flag = True


class _Graded(_Question):
    """A question that the tool grades."""

    points: Count = 1


class _Answered(_Graded):
    """A question with one feedback to right answers and one to all others."""

    feedback_right: Text
    feedback_wrong: Text


class ChoiceSchema(_Graded):
    kind: Literal["single", "multiple"]
    options: Annotated[list[OptionSchema], Field(min_length=2)]


class ImageSchema(_Graded):
    kind: Literal["image"]
    options: Annotated[list[PictureSchema], Field(min_length=2)]


class TrueFalseSchema(_Graded):
    kind: Literal["true_false"]
    correct: Flag
    feedback_true: Text
    feedback_false: Text


class NumericSchema(_Answered):
    kind: Literal["numeric"]
    answer: Number
    tolerance: Annotated[Number, Field(ge=0)] = Decimal(0)
    unit: Text | None = None


class TextSchema(_Answered):
    kind: Literal["text"]
    accept: Annotated[list[Text], Field(min_length=1)]


class GapOptionSchema(Strict):
    """One option of a gap."""

    text: Text
    correct: Flag = False


class ChoiceGapSchema(Strict):
    id: Id
    kind: Literal["choice"]
    options: Annotated[list[GapOptionSchema], Field(min_length=2)]


class TextGapSchema(Strict):
    id: Id
    kind: Literal["text"]
    accept: Annotated[list[Text], Field(min_length=1)]


class NumberGapSchema(Strict):
    id: Id
    kind: Literal["number"]
    answer: Number
    tolerance: Annotated[Number, Field(ge=0)] = Decimal(0)


GapSchema = Annotated[ChoiceGapSchema | TextGapSchema | NumberGapSchema, Field(discriminator="kind")]


class GapsSchema(_Answered):
    kind: Literal["gaps"]
    text: Text
    gaps: Annotated[list[GapSchema], Field(min_length=1)]


class ItemSchema(Strict):
    """One thing to be put in order."""

    id: Id
    text: Text


class OrderSchema(_Answered):
    kind: Literal["order"]
    items: Annotated[list[ItemSchema], Field(min_length=3, max_length=8)]


class PairSchema(Strict):
    """What belongs together."""

    id: Id
    left: Text
    right: Text


class MatchSchema(_Answered):
    kind: Literal["match"]
    pairs: Annotated[list[PairSchema], Field(min_length=2, max_length=8)]
    distractors: list[Text] = Field(default_factory=list)


class CriterionSchema(Strict):
    """One line of a rubric."""

    id: Id
    text: Text
    points: Count
    hint: Text | None = None


class _Marked(_Question):
    """A question that a person marks; its points are those of its rubric."""

    rubric: Annotated[list[CriterionSchema], Field(min_length=1)]
    snippets: list[Text] = Field(default_factory=list)

    @property
    def points(self) -> int:
        """The sum of the rubric."""
        return sum(criterion.points for criterion in self.rubric)


class EssaySchema(_Marked):
    kind: Literal["essay"]
    words: Annotated[list[Count], Field(min_length=2, max_length=2)] | None = None


class FileSchema(_Marked):
    kind: Literal["file"]
    types: Annotated[list[FileType], Field(min_length=1)] = Field(default_factory=lambda: list(FileType))
    max_mib: Annotated[int, Field(strict=True, ge=1, le=20)] = 10


MarkedSchema = Annotated[EssaySchema | FileSchema, Field(discriminator="kind")]
AnyQuestion = (
    ChoiceSchema
    | ImageSchema
    | TrueFalseSchema
    | NumericSchema
    | TextSchema
    | GapsSchema
    | OrderSchema
    | MatchSchema
    | EssaySchema
    | FileSchema
)
QuestionSchema = Annotated[AnyQuestion, Field(discriminator="kind")]
