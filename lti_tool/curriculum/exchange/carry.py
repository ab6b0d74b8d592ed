"""The door of this room: a bank's file becomes questions of ours, a quiz becomes a bank's file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter, ValidationError

from lti_tool.curriculum.exchange.bank import BankQuestion, Loss, NotCarried
from lti_tool.curriculum.exchange.from_bank import from_bank
from lti_tool.curriculum.exchange.gift_read import read_gift
from lti_tool.curriculum.exchange.gift_write import check_gift, gift
from lti_tool.curriculum.exchange.moodle_read import read_moodle_xml
from lti_tool.curriculum.exchange.moodle_write import moodle_xml
from lti_tool.curriculum.exchange.to_bank import to_bank
from lti_tool.curriculum.question_schema import AnyQuestion, QuestionSchema
from lti_tool.curriculum.schema_types import ID_PATTERN


class Format(StrEnum):
    """The forms question banks are kept in."""

    MOODLE_XML = "moodle-xml"
    GIFT = "gift"


_READERS: Mapping[Format, Callable[[bytes, Callable[[Loss], None]], Iterator[BankQuestion]]] = {
    Format.MOODLE_XML: read_moodle_xml,
    Format.GIFT: read_gift,
}
_WRITERS: Mapping[Format, Callable[[str, Sequence[BankQuestion]], str]] = {
    Format.MOODLE_XML: moodle_xml,
    Format.GIFT: gift,
}
_ADAPTER: TypeAdapter[AnyQuestion] = TypeAdapter(QuestionSchema)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LONGEST = 50


@dataclass(frozen=True, slots=True)
class Carried:
    """What came over.

    Attributes:
        questions: as our grammar writes them.
        losses: everything that did not, each told once.
    """

    questions: tuple[dict[str, Any], ...]
    losses: tuple[Loss, ...]


def guess_format(data: bytes) -> Format:
    """Tell XML from plain text."""
    return Format.MOODLE_XML if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") else Format.GIFT


def carry_in(data: bytes, source: str, taken: Collection[str] = ()) -> Carried:
    """Read a bank's file.

    Args:
        data: the file.
        source: id of the module's source that stands in, as banks know none.
        taken: ids that are in use already.

    Raises:
        Unreadable: the file is neither.
    """
    losses: list[Loss] = []
    names = set(taken)
    questions = []
    for bank in _READERS[guess_format(data)](data, losses.append):
        name = _free_name(bank, names)
        try:
            own = from_bank(bank, name, source, _named(losses, bank.name))
            _ADAPTER.validate_python(own)
        except NotCarried as reason:
            losses.append(Loss(bank.name, str(reason), whole=True))
        except ValidationError as error:
            losses.append(Loss(bank.name, _unfit(error), whole=True))
        else:
            names.add(name)
            questions.append(own)
    return Carried(tuple(questions), tuple(dict.fromkeys(losses)))


def carry_out(title: str, questions: Sequence[AnyQuestion], form: Format) -> tuple[str, tuple[Loss, ...]]:
    """Return a bank's file and everything that did not go with it."""
    losses: list[Loss] = []
    carried = []
    for question in questions:
        lose = _named(losses, question.id)
        try:
            bank = to_bank(question, lose)
            if form is Format.GIFT:
                check_gift(bank, lose)
            carried.append(bank)
        except NotCarried as reason:
            losses.append(Loss(question.id, str(reason), whole=True))
    return _WRITERS[form](title, carried), tuple(dict.fromkeys(losses))


def _named(losses: list[Loss], name: str) -> Callable[[str], None]:
    return lambda reason: losses.append(Loss(name, reason))


def _free_name(bank: BankQuestion, names: Collection[str]) -> str:
    """Return an id in our alphabet that nobody has: the bank's own if it fits, else its title in small letters."""
    plain = unicodedata.normalize("NFKD", bank.name.lower().translate(_UMLAUTS)).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-") or "frage"
    if re.fullmatch(ID_PATTERN, bank.id) and len(bank.id) <= _LONGEST:
        base = bank.id
    free, number = base, 2
    while free in names:
        free, number = f"{base}-{number}", number + 1
    return free


def _unfit(error: ValidationError) -> str:
    where = ", ".join(sorted({".".join(str(part) for part in e["loc"][1:]) for e in error.errors()}))
    return f"Sie passt nicht in unsere Grammatik ({where})"
