"""What people read where no grades are sent (rows G1, G2, G4), and whose grade nobody else may ask for (row G26)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.id_token import AGS, LEAVE_OUT
from tests.factories.visit import BASE_URL, Visit

AS_QUIZ = {"module": "datenrecht", "content": "quiz"}
LINEITEMS = "https://lms.example/mod/lti/services.php/2/lineitems?type_id=1"
EVIL = {"scope": [AGS + "scope/score"], "lineitem": "https://evil.example/lineitem"}
TO_LEARNERS = "In diesem Kurs werden für diese Aktivität keine Bewertungen übertragen."

MISSING = [
    pytest.param(LEAVE_OUT, "bietet für diese Aktivität keinen Bewertungsdienst an", id="G1"),
    pytest.param({"scope": [AGS + "scope/lineitem"], "lineitems": LINEITEMS}, "„lti-ags/scope/score“", id="G2"),
    pytest.param({"scope": [AGS + "scope/score"], "lineitems": LINEITEMS}, "darf keine anlegen", id="G4"),
    pytest.param(EVIL, "gehört nicht zu Ihrer Lernplattform", id="A61"),
]


@pytest.mark.parametrize(("endpoint", "words"), MISSING)
def test_who_teaches_reads_what_is_missing(tool: Any, endpoint: Any, words: str) -> None:
    ines = Visit(tool.client, tool.launch_as(role="Instructor", sub="77", custom=AS_QUIZ, endpoint=endpoint))
    ines.click("Vorschau als Lernende")
    assert "Bewertung in der Lernplattform: keine" in ines.text
    assert words in ines.text


@pytest.mark.parametrize(("endpoint", "words"), MISSING)
def test_who_learns_reads_only_that_no_grades_are_sent(tool: Any, endpoint: Any, words: str) -> None:
    lea = Visit(tool.client, tool.launch_as(custom=AS_QUIZ, endpoint=endpoint))
    lea.press("Quiz beginnen")
    lea.press("Abgabe")
    lea.press("Jetzt abgeben")
    assert TO_LEARNERS in lea.text
    assert words not in lea.text


def test_who_teaches_reads_nothing_where_grades_are_sent(tool: Any) -> None:
    ines = Visit(tool.client, tool.launch_as(role="Instructor", sub="77", custom=AS_QUIZ))
    ines.click("Vorschau als Lernende")
    assert "Bewertung in der Lernplattform" not in ines.text


def test_a_column_the_worker_will_make_counts_as_one(tool: Any) -> None:
    may_make = {"scope": [AGS + "scope/score", AGS + "scope/lineitem"], "lineitems": LINEITEMS}
    lea = Visit(tool.client, tool.launch_as(custom=AS_QUIZ, endpoint=may_make))
    lea.press("Quiz beginnen")
    lea.press("Abgabe")
    lea.press("Jetzt abgeben")
    assert "Bewertung in der Lernplattform: wird übertragen" in lea.text


def test_g26_nobody_asks_for_another_persons_grade_or_sends_one(tool: Any) -> None:
    lea = Visit(tool.client, tool.launch_as(custom=AS_QUIZ))
    other = tool.browser()
    Visit(other, tool.launch_as(other, sub="6", custom=AS_QUIZ))
    assert other.get(f"{lea.landing}grade", base_url=BASE_URL).status_code == 403
    scores = other.post(f"{lea.landing}grade", data={"userId": "5", "score": "100"}, base_url=BASE_URL)
    assert scores.status_code in {403, 405}
