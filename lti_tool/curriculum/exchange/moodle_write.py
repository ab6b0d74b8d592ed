"""Moodle XML, written as Moodle's own export writes it."""

from __future__ import annotations

import xml.etree.ElementTree as ET  # only writes here
from collections.abc import Callable, Iterable, Mapping

from lti_tool.curriculum.exchange.bank import BankAnswer, BankQuestion
from lti_tool.curriculum.exchange.numbers import decimal_text, percent

_PENALTY = "0.3333333"


def moodle_xml(category: str, questions: Iterable[BankQuestion]) -> str:
    """Return a question bank with one category."""
    quiz = ET.Element("quiz")
    head = ET.SubElement(quiz, "question", type="category")
    _text(ET.SubElement(head, "category"), f"$course$/top/{category.replace('/', '//')}")
    for question in questions:
        _question(quiz, question)
    ET.indent(quiz)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(quiz, encoding="unicode") + "\n"


def _question(quiz: ET.Element, question: BankQuestion) -> None:
    node = ET.SubElement(quiz, "question", type=question.kind)
    _text(ET.SubElement(node, "name"), question.name)
    _html(node, "questiontext", question.html)
    _html(node, "generalfeedback", question.general)
    _plain(node, "defaultgrade", decimal_text(str(float(question.points))))
    _plain(node, "penalty", _PENALTY)
    _plain(node, "hidden", "0")
    _plain(node, "idnumber", question.id)
    _KINDS[question.kind](node, question)
    for hint in question.hints:
        _html(node, "hint", hint)


def _choice(node: ET.Element, question: BankQuestion) -> None:
    _plain(node, "single", "true" if question.single else "false")
    _plain(node, "shuffleanswers", "true" if question.shuffle else "false")
    _plain(node, "answernumbering", "none")
    for answer in question.answers:
        _answer(node, answer, "html")


def _true_false(node: ET.Element, question: BankQuestion) -> None:
    for answer in question.answers:
        _answer(node, answer, "moodle_auto_format")


def _short_answer(node: ET.Element, question: BankQuestion) -> None:
    _plain(node, "usecase", "1" if question.match_case else "0")
    for answer in question.answers:
        _answer(node, answer, "moodle_auto_format")


def _numerical(node: ET.Element, question: BankQuestion) -> None:
    for answer in question.answers:
        _plain(_answer(node, answer, "moodle_auto_format"), "tolerance", answer.tolerance)
    if question.units:
        units = ET.SubElement(node, "units")
        for name in question.units:
            unit = ET.SubElement(units, "unit")
            _plain(unit, "multiplier", "1")
            _plain(unit, "unit_name", name)
    _plain(node, "unitgradingtype", "0")
    _plain(node, "unitpenalty", "0.1")
    _plain(node, "showunits", "0" if question.units else "3")
    _plain(node, "unitsleft", "0")


def _matching(node: ET.Element, question: BankQuestion) -> None:
    _plain(node, "shuffleanswers", "true" if question.shuffle else "false")
    _combined_feedback(node, question)
    for left, right in question.pairs:
        pair = ET.SubElement(node, "subquestion", format="html")
        _text(pair, left)
        _text(ET.SubElement(pair, "answer"), right)


def _ordering(node: ET.Element, question: BankQuestion) -> None:
    for name, value in (
        ("layouttype", "VERTICAL"),
        ("selecttype", "ALL"),
        ("selectcount", "0"),
        ("gradingtype", "ABSOLUTE_POSITION"),
        ("showgrading", "SHOW"),
        ("numberingstyle", "none"),
    ):
        _plain(node, name, value)
    _combined_feedback(node, question)
    for position, answer in enumerate(question.answers, 1):
        item = ET.SubElement(node, "answer", fraction=f"{position}.0000000", format="html")
        _text(item, answer.html)


def _essay(node: ET.Element, question: BankQuestion) -> None:
    fewest, most = question.words or (0, 0)
    _plain(node, "responseformat", "editor")
    _plain(node, "responserequired", "1")
    _plain(node, "minwordlimit", str(fewest) if fewest else "")
    _plain(node, "maxwordlimit", str(most) if most else "")
    _plain(node, "attachments", "0")
    _html(node, "graderinfo", question.grader)
    _html(node, "responsetemplate", "")


def _cloze(_node: ET.Element, _question: BankQuestion) -> None:
    """A cloze says everything in its text."""


_KINDS: Mapping[str, Callable[[ET.Element, BankQuestion], None]] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "shortanswer": _short_answer,
    "numerical": _numerical,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "cloze": _cloze,
}


def _combined_feedback(node: ET.Element, question: BankQuestion) -> None:
    _html(node, "correctfeedback", question.right)
    _html(node, "partiallycorrectfeedback", question.wrong)
    _html(node, "incorrectfeedback", question.wrong)


def _answer(node: ET.Element, answer: BankAnswer, form: str) -> ET.Element:
    item = ET.SubElement(node, "answer", fraction=percent(answer.share), format=form)
    _text(item, answer.html)
    _html(item, "feedback", answer.feedback)
    return item


def _html(node: ET.Element, name: str, html: str) -> None:
    _text(ET.SubElement(node, name, format="html"), html)


def _plain(node: ET.Element, name: str, value: str) -> None:
    ET.SubElement(node, name).text = value


def _text(node: ET.Element, value: str) -> None:
    ET.SubElement(node, "text").text = value
