"""Taking the quiz through plain forms and through the endpoint that scripts save by."""

from __future__ import annotations

import re

import pytest

from tests.factories.answers import right_answer, some_answer, wrong_answer
from tests.factories.plain_content import plain_catalogue
from tests.factories.visit import BASE_URL, Visit

MODULE = plain_catalogue().modules["datenrecht"]
QUIZ = MODULE.quiz
CHOICE = next(question for question in QUIZ.questions if question.options)
AS_QUIZ = {"module": "datenrecht", "content": "quiz"}


@pytest.fixture
def lea(tool):
    return Visit(tool.client, tool.launch_as(custom=AS_QUIZ))


def _asked(visit):
    """The question on the screen; each attempt has an order of its own."""
    form = re.search(r"<form[^>]* data-answering.*?>", visit.page.text, re.DOTALL).group()
    return QUIZ.question(re.search(r'data-question="([^"]+)"', form).group(1))


def _take(visit, answers):
    """Begin and answer question by question through the forms."""
    visit.press("Quiz beginnen" if "Quiz beginnen" in visit.text else "Noch einmal versuchen")
    for number in range(1, QUIZ.length + 1):
        assert f"Frage {number} von {QUIZ.length}" in visit.text
        question = _asked(visit)
        visit.press("Weiter" if number < QUIZ.length else "Zur Abgabe", answer=answers(question))


def _show(visit, question):
    """Open a question wherever the attempt asks it."""
    for number in range(1, QUIZ.length + 1):
        visit.go(f"{_attempt_path(visit)}/questions/{number}")
        if _asked(visit) == question:
            return
    raise AssertionError(f"{question.id} is not asked")


def _attempt_path(visit):
    return re.search(r".*/attempts/[0-9a-f-]+", visit.path).group()


def test_the_start_says_how_many_what_passes_and_how_often(lea):
    assert f"{len(QUIZ.questions)} Fragen, zusammen {QUIZ.maximum} Punkte" in lea.text
    assert "Bestanden ab 60\N{NO-BREAK SPACE}% der Punkte" in lea.page.text
    assert "Beliebig viele Versuche – Ihr bester Versuch zählt." in lea.text
    assert "Sie können jederzeit unterbrechen" in lea.text


def test_all_right_passes_and_says_so_with_points_and_share(lea):
    _take(lea, right_answer)
    assert "Sie haben alle Fragen beantwortet." in lea.text
    lea.press("Jetzt abgeben")
    assert f"Bestanden – {QUIZ.maximum} von {QUIZ.maximum} Punkten (100 %)" in lea.text
    assert "Bewertung in der Lernplattform: wird übertragen" in lea.text
    lea.click("Zum Zertifikatsstand")
    assert "1 von 12 Modulen bestanden" in lea.text


def test_open_questions_are_named_before_handing_in_and_count_nothing(lea):
    lea.press("Quiz beginnen")
    lea.press("Abgabe")
    assert "Frage 1" in lea.text
    assert f"{len(QUIZ.questions)} Fragen sind noch offen" in lea.text
    lea.press("Jetzt abgeben")
    assert "Noch nicht bestanden – 0 von" in lea.text
    assert "nicht beantwortet" in lea.text


def test_the_result_says_why_and_where_to_read_again(lea):
    _take(lea, some_answer)
    lea.press("Jetzt abgeben")
    for question in QUIZ.questions:
        assert question.explain_html in lea.page.text
    assert "Ihre Antwort, nicht richtig:" in lea.text
    assert "Richtig wäre:" in lea.text
    lea.click("Nachlesen")
    assert lea.page.status_code == 200
    assert "Seite" in lea.text


def test_handing_in_twice_finds_the_same_result(lea):
    _take(lea, right_answer)
    path, csrf = _attempt_path(lea), lea.csrf
    first = lea.post(f"{path}/submit", csrf=csrf).text
    second = lea.post(f"{path}/submit", csrf=csrf).text
    assert re.sub(r'<a class="quiet".*?</a>', "", first) == re.sub(r'<a class="quiet".*?</a>', "", second)
    lea.go(lea.landing)
    assert lea.text.count("Versuch 1") == 1
    assert "Versuch 2" not in lea.text


def test_the_best_attempt_counts_and_the_list_says_which(lea):
    _take(lea, right_answer)
    lea.press("Jetzt abgeben")
    lea.go(lea.landing)
    _take(lea, wrong_answer)
    lea.press("Jetzt abgeben")
    assert "Es zählt Ihr bester Versuch: Versuch 1" in lea.text
    lea.go(lea.landing)
    assert re.search(r"Versuch 1 .{0,60}bestanden · zählt", lea.text)


def test_answers_survive_leaving_in_the_middle(lea):
    lea.press("Quiz beginnen")
    question = _asked(lea)
    lea.press("Weiter", answer=right_answer(question))
    lea.go(lea.landing)
    lea.press("Weiter mit dem Quiz")
    assert "Frage 2 von" in lea.text, "the first open question"
    lea.press("Zurück")
    assert _asked(lea) == question
    assert "Antwort gespeichert" in lea.text


def test_a_number_in_the_overview_saves_and_goes_there(lea):
    lea.press("Quiz beginnen")
    lea.press("7 , offen", answer=right_answer(_asked(lea)))
    assert "Frage 7 von" in lea.text
    assert "1 , beantwortet 2 , offen" in lea.text


def test_a_script_saves_and_is_told_when(lea):
    lea.press("Quiz beginnen")
    question = CHOICE
    path = f"{_attempt_path(lea)}/answers/{question.id}"
    saved = lea.put_json(path, {"answer": [question.options[0].id], "points": 99, "correct": True})
    assert saved.status_code == 200
    assert re.fullmatch(r"Gespeichert \d\d:\d\d\sUhr", saved.json["text"])
    _show(lea, question)
    assert re.search(rf'value="{question.options[0].id}"[^>]* checked', lea.page.text)


@pytest.mark.parametrize(
    "body",
    [None, [], "a", {}, {"answer": "nope"}, {"answer": [1]}, {"answer": {"a": 1}}, {"answer": float("nan")}],
)
def test_a_bad_answer_is_refused_with_a_problem_and_nothing_is_lost(lea, body):
    lea.press("Quiz beginnen")
    question = CHOICE
    path = f"{_attempt_path(lea)}/answers/{question.id}"
    good = question.options[0].id
    lea.put_json(path, {"answer": [good]})
    refused = lea.put_json(path, body)
    assert refused.status_code == 400
    assert refused.mimetype == "application/problem+json"
    assert refused.json["code"] == "attempt.bad_answer"
    _show(lea, question)
    assert re.search(rf'value="{good}"[^>]* checked', lea.page.text)


def test_an_answer_after_handing_in_is_a_conflict(lea):
    lea.press("Quiz beginnen")
    path, csrf = _attempt_path(lea), lea.csrf
    lea.post(f"{path}/submit", csrf=csrf)
    late = lea.put_json(f"{path}/answers/{QUIZ.questions[0].id}", {"answer": []})
    assert (late.status_code, late.json["code"]) == (409, "attempt.closed")
    lea.post(f"{path}/questions/1", csrf=csrf)
    assert lea.page.status_code == 409
    assert "schon abgegeben" in lea.text


def test_what_was_handed_in_opens_as_its_result(lea):
    lea.press("Quiz beginnen")
    path = _attempt_path(lea)
    lea.post(f"{path}/submit", csrf=lea.csrf)
    for old in (f"{path}/questions/1", f"{path}/submit"):
        lea.go(old)
        assert lea.path == path


def test_nobody_reaches_the_attempt_of_somebody_else(tool, lea):
    lea.press("Quiz beginnen")
    attempt = _attempt_path(lea).rpartition("/")[2]
    client = tool.browser()
    tom = Visit(client, tool.launch_as(client, sub="6", name="Tom", custom=AS_QUIZ))
    question = QUIZ.questions[0].id
    for answer in (
        tom.put_json(f"attempts/{attempt}/answers/{question}", {"answer": []}),
        tom.go(f"attempts/{attempt}/questions/1"),
        tom.go(f"attempts/{attempt}"),
        tom.post(f"attempts/{attempt}/submit", csrf=Visit(client, tom.landing).csrf),
    ):
        assert answer.status_code == 404


def test_a_form_without_its_token_changes_nothing(lea):
    lea.post("quiz/datenrecht")
    assert lea.page.status_code == 403
    lea.go(lea.landing)
    assert "Quiz beginnen" in lea.text


def test_the_grade_line_answers_scripts_as_json(lea):
    assert lea.client.get(f"{lea.landing}grade", base_url=BASE_URL).json["state"] == "none"
    _take(lea, right_answer)
    lea.press("Jetzt abgeben")
    line = lea.client.get(f"{lea.landing}grade", base_url=BASE_URL).json
    assert (line["state"], line["text"]) == ("waiting", "wird übertragen")


def test_an_instructor_answers_all_at_once_and_nothing_is_kept(tool):
    ines = Visit(tool.client, tool.launch_as(role="Instructor", sub="77", custom=AS_QUIZ))
    ines.click("Vorschau als Lernende")
    ines.click("Fragen ansehen")
    answers = {f"answer-{question.id}": right_answer(question) for question in QUIZ.questions}
    ines.press("Auswerten", **answers)
    assert f"Bestanden – {QUIZ.maximum} von {QUIZ.maximum} Punkten" in ines.text
    assert "Vorschau – es wird nichts gespeichert" in ines.text
    ines.post("quiz/datenrecht", csrf=ines.csrf)
    assert ines.page.status_code == 403
    ines.go("as-learner")
    assert "Ihre Versuche" not in ines.text


def test_a_module_learned_by_the_way_says_that_it_sends_no_grade(lea):
    lea.go("quiz/smart-city-verstehen")
    lea.press("Quiz beginnen")
    lea.post(f"{_attempt_path(lea)}/submit", csrf=lea.csrf)
    assert "Diese Aktivität gehört zu einem anderen Inhalt." in lea.text
