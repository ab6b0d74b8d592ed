"""What a bank's file becomes, and what is said about the rest."""

from __future__ import annotations

from typing import Any

import pytest

from lti_tool.curriculum.exchange.carry import Carried, Format, carry_in, guess_format
from lti_tool.curriculum.exchange.unreadable import Unreadable
from tests.unit.curriculum.exchange.banks import GIFT, MOODLE


def by_name(carried: Carried) -> dict[str, dict[str, Any]]:
    return {question["id"]: question for question in carried.questions}


def told(carried: Carried) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for loss in carried.losses:
        reasons.setdefault(loss.name, []).append(loss.reason)
    return reasons


@pytest.fixture(scope="module")
def moodle() -> Carried:
    return carry_in(MOODLE.encode(), "quelle")


@pytest.fixture(scope="module")
def gift() -> Carried:
    return carry_in(GIFT.encode(), "quelle")


def test_a_choice_keeps_text_feedback_points_hint_and_its_own_id(moodle: Carried) -> None:
    assert by_name(moodle)["pegel-1"] == {
        "id": "pegel-1",
        "kind": "single",
        "prompt": "Was misst ein *Pegel*?",
        "points": 2,
        "source": "quelle",
        "hint": "Denken Sie an den Fluss.",
        "options": [
            {"id": "a", "text": "Wasser & Eis", "correct": True, "feedback": "Ja."},
            {"id": "b", "text": "Wind", "feedback": "Das ist nicht richtig."},
        ],
        "explain": "Ein Pegel misst den Wasserstand.",
    }
    assert told(moodle)["Was misst ein Pegel?"] == [
        "Schlagwörter gehen nicht mit",
        "Die Rückmeldung zu teilweise richtigen Antworten geht verloren",
        "Allgemeine Rückmeldungen zu richtig und falsch gehen verloren",
        "Rückmeldungen fehlten und sind allgemein ergänzt",
    ]


def test_several_right_answers_are_a_question_of_their_own_kind(moodle: Carried) -> None:
    question = by_name(moodle)["vorsorge"]
    assert (question["kind"], question["shuffle"], question["points"]) == ("multiple", False, 2)
    assert [option.get("correct", False) for option in question["options"]] == [True, True, False]
    assert told(moodle)["Vorsorge"] == ["Aus 1.5 Punkten werden 2"]


def test_numbers_keep_tolerance_and_the_plain_unit(moodle: Carried) -> None:
    question = by_name(moodle)["siedepunkt"]
    assert (question["answer"], question["tolerance"], question["unit"]) == (100, 0.5, "Grad")
    assert (question["feedback_right"], question["feedback_wrong"]) == ("Ja.", "Nein.")
    assert told(moodle)["Siedepunkt"] == [
        "Teilpunkte einzelner Antworten gehen verloren",
        "Weitere Einheiten gehen verloren",
    ]


def test_short_answers_name_what_they_cannot_express(moodle: Carried) -> None:
    assert by_name(moodle)["messgeraet"]["accept"] == ["Pegel"]
    assert told(moodle)["Messgerät"] == [
        "Groß- und Kleinschreibung zählt nicht mehr",
        "Muster mit * kennt unsere Frage nicht: „*pegel*“",
        "Rückmeldungen fehlten und sind allgemein ergänzt",
    ]


def test_a_cloze_becomes_a_text_with_gaps(moodle: Carried) -> None:
    question = by_name(moodle)["luecken"]
    assert question["prompt"] == "Ergänzen Sie:"
    assert question["text"] == "Der [[l1]] misst bis [[l2]] Meter, [[l3]] nachts \\\\{so\\\\}."
    assert question["gaps"] == [
        {"id": "l1", "kind": "text", "accept": ["Pegel", "Wasserpegel"]},
        {"id": "l2", "kind": "number", "answer": 3.5, "tolerance": 0.1},
        {"id": "l3", "kind": "choice", "options": [{"text": "nie"}, {"text": "immer", "correct": True}]},
    ]
    assert "Die Lücken zählen alle gleich viel" in told(moodle)["Lücken"]
    assert "Rückmeldungen zu einzelnen Lücken gehen verloren" in told(moodle)["Lücken"]


def test_pairs_keep_what_fits_nothing(moodle: Carried) -> None:
    question = by_name(moodle)["zuordnung"]
    assert question["pairs"] == [
        {"id": "a", "left": "Pegel", "right": "Wasser"},
        {"id": "b", "left": "Windrad", "right": "Wind"},
    ]
    assert question["distractors"] == ["Sonne"]
    assert (question["feedback_right"], question["feedback_wrong"]) == ("Gut.", "Schade.")


def test_an_order_says_when_it_is_marked_differently(moodle: Carried) -> None:
    assert [item["text"] for item in by_name(moodle)["reihenfolge"]["items"]] == ["melden", "warnen", "handeln"]
    assert told(moodle)["Reihenfolge"] == ["Die Reihenfolge wird jetzt Platz für Platz bewertet"]


def test_an_essay_finds_its_rubric_in_the_words_for_markers(moodle: Carried) -> None:
    question = by_name(moodle)["aufsatz"]
    assert question["words"] == [100, 200]
    assert question["rubric"] == [
        {"id": "k1", "text": "Klar & knapp", "points": 4},
        {"id": "k2", "text": "Richtig", "points": 2},
    ]
    assert told(moodle)["Aufsatz"] == [
        "Die Vorlage für die Antwort geht nicht mit",
        "Anhänge zur Antwort gehen nicht mit",
    ]


def test_what_stays_behind_is_named(moodle: Carried) -> None:
    assert len(moodle.questions) == 9
    assert [str(loss) for loss in moodle.losses if loss.whole] == [
        "Bild beschriften: Fragen der Art ddimageortext gibt es bei uns nicht"
    ]
    assert told(moodle)["$course$/top/Wasser"] == ["Kategorien gehen nicht mit"]


def test_gift_is_read_as_moodle_reads_it(gift: Carried) -> None:
    questions = by_name(gift)
    assert {name: question["kind"] for name, question in questions.items()} == {
        "pegel-1": "single",
        "vorsorge": "multiple",
        "eis": "true_false",
        "siedepunkt": "numeric",
        "spanne": "numeric",
        "womit-misst-man": "text",
        "zuordnung": "match",
        "luecke": "single",
        "aufsatz": "essay",
    }
    assert questions["pegel-1"]["prompt"] == "Was misst ein **Pegel**?"
    assert questions["pegel-1"]["options"][1]["feedback"] == "Nein: der weht."
    assert questions["pegel-1"]["explain"] == "Ein Pegel misst Wasser."
    assert questions["vorsorge"]["prompt"] == "Was hilft\\\\?=?"
    assert questions["vorsorge"]["options"][2]["text"] == "Asphalt \\<heiß\\>"
    assert (questions["eis"]["correct"], questions["eis"]["feedback_true"], questions["eis"]["feedback_false"]) == (
        False,
        "Es schwimmt.",
        "Genau.",
    )
    assert (questions["spanne"]["answer"], questions["spanne"]["tolerance"]) == (3, 2)
    assert questions["luecke"]["prompt"] == "Ein Pegel misst \\_\\_\\_\\_\\_ im Fluss."
    assert questions["womit-misst-man"]["accept"] == ["Pegel", "Wasserpegel"]
    assert questions["zuordnung"]["distractors"] == ["Sonne"]
    assert [str(loss) for loss in gift.losses if loss.whole] == [
        "Beschreibung: Zu einer Beschreibung ohne Antworten gibt es bei uns keine Frage"
    ]


def test_names_in_use_are_not_used_again() -> None:
    carried = carry_in(GIFT.encode(), "quelle", taken=["eis", "eis-2"])
    assert "eis-3" in by_name(carried)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<quiz><question>", "Das ist kein lesbares XML"),
        (b"<html></html>", "Das ist kein Moodle-XML: Das erste Element heißt html, nicht quiz"),
        (b'<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>', "Das ist kein lesbares XML"),
        ('<!DOCTYPE quiz [<!ENTITY x "y">]><quiz>&x;</quiz>'.encode("utf-16"), "Die Datei ist kein UTF-8-Text"),
        (b"\xff\xfe\x00", "Die Datei ist kein UTF-8-Text"),
    ],
)
def test_a_file_that_is_neither_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        carry_in(data, "quelle")


def test_the_format_is_seen_from_the_file() -> None:
    assert guess_format(b"\xef\xbb\xbf\n<quiz/>") is Format.MOODLE_XML
    assert guess_format(b"::a::b{}") is Format.GIFT
