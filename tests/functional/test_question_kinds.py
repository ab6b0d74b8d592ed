"""Every kind of question, from the form to the result: shown, saved, graded, explained, and what is refused."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from lti_tool.db.base import Base
from lti_tool.db.models import Attempt, LtiUser, Response, ScoreDelivery
from lti_tool.domain.reviews import read_review
from lti_tool.services.extra_time import ExtraTimes
from lti_tool.services.overdue_attempts import OverdueAttempts
from lti_tool.web.answer_forms import in_places
from lti_tool.worker.overdue import OverdueHandIn
from tests.factories.answers import right_answer, wrong_answer
from tests.factories.content import ALL_KINDS, content_with_all_kinds
from tests.factories.files import DOCX, JPEG, ODT, PDF, PNG, bomb
from tests.factories.visit import BASE_URL, Visit
from tests.functional.conftest import running_tool

AS_QUIZ = {"module": ALL_KINDS, "content": "quiz"}
AS_ASSIGNMENT = {"module": ALL_KINDS, "content": "assignment"}


@pytest.fixture
def run(database_url, tmp_path):
    """Run the tool with every kind of question; what stands above the quiz's questions may be replaced."""
    opened = []

    def running(quiz=None, pool=()):
        content = content_with_all_kinds(tmp_path / "content", quiz=quiz, pool=pool)
        context = running_tool(
            database_url, SMARTCITY_CONTENT_DIR=str(content), SMARTCITY_FILES_DIR=str(tmp_path / "files")
        )
        opened.append(context)
        tool = context.__enter__()
        tool.files = tmp_path / "files"
        tool.quiz = tool.app.extensions["smartcity"].catalogue.modules[ALL_KINDS].quiz
        return tool

    yield running
    for context in opened:
        context.__exit__(None, None, None)


@pytest.fixture
def tool(run):
    return run()


def begin(tool, custom=AS_QUIZ, **launch):
    client = tool.browser()
    visit = Visit(client, tool.launch_as(client, custom=custom, **launch))
    visit.press("Aufgabe beginnen" if custom is AS_ASSIGNMENT else "Quiz beginnen")
    return visit


def attempt_of(visit):
    return re.search(r".*/attempts/[0-9a-f-]+", visit.path).group()


def save(visit, question, answer):
    return visit.put_json(f"{attempt_of(visit)}/answers/{question}", {"answer": answer})


def hand_in(visit):
    visit.post(f"{attempt_of(visit)}/submit", csrf=visit.csrf)
    return visit.text


def fields_of(question, answer):
    """The fields of the question's form, as a browser without scripts sends them."""
    if question.kind == "order":
        return {"answer": answer, "answer-place": [str(place) for place in range(1, len(answer) + 1)]}
    return {"answer": answer}


def take(visit, quiz, answers):
    for number, question in enumerate(quiz.questions, start=1):
        visit.press("Weiter" if number < quiz.length else "Zur Abgabe", **fields_of(question, answers(question)))
    return visit


def test_every_kind_is_answered_by_plain_forms_and_all_right_is_all_points(tool):
    visit = take(begin(tool), tool.quiz, right_answer)
    assert "Sie haben alle Fragen beantwortet." in visit.text
    visit.press("Jetzt abgeben")
    assert f"Bestanden – {tool.quiz.maximum} von {tool.quiz.maximum} Punkten (100 %)" in visit.text
    assert visit.text.count("Ihre Antwort, nicht richtig:") == 0


def test_every_kind_says_what_would_have_been_right(tool):
    visit = take(begin(tool), tool.quiz, wrong_answer)
    visit.press("Jetzt abgeben")
    assert f"Noch nicht bestanden – 0 von {tool.quiz.maximum} Punkten" in visit.text
    for words in (
        "Richtig wäre: 72 Stunden (erlaubt: 71 bis 73)",
        "Richtig wäre: Gemeinwohl",
        "Richtig wäre: 2017",
        "Richtig wäre: Schutz von Personen",
        "Die richtige Reihenfolge: Analyse Zielbild Beschluss Umsetzung",
        "Drei Tage haben mehr Stunden.",
        "Doch, jede Behörde.",
        "Das ist ein Quadrat.",
    ):
        assert words in visit.text, words
    for question in tool.quiz.questions:
        assert question.explain_html in visit.page.text


def test_saved_answers_come_back_in_their_fields(tool):
    visit = begin(tool)
    for question, answer in {
        "zahl": ["1.234,5"], "wort": ["Gemein <wohl>"], "luecken": ["2007", "Wort", ""], "folge": ["m4", "m3", "m2", "m1"],
        "paare": ["Steuern", ""], "bild": ["eckig"],
    }.items():  # fmt: skip
        assert save(visit, question, answer).status_code == 200
    shown = []
    for number in range(1, tool.quiz.length + 1):
        visit.go(f"{attempt_of(visit)}/questions/{number}")
        shown.append(visit.page.text)
    page = "".join(shown)
    assert 'value="1.234,5"' in page
    assert 'value="Gemein &lt;wohl&gt;"' in page
    assert "<option selected>2007</option>" in page
    assert re.search(r'value="m4".*value="m3".*value="m2".*value="m1"', shown[7], re.DOTALL)
    assert "<option selected>Steuern</option>" in page
    assert re.search(r'value="eckig"[^>]* checked', page)
    assert re.search(r'data-question="luecken"[^<]*7<span class="kern-sr-only">, <span data-state>offen', page)


def test_a_word_in_place_of_a_number_is_asked_for_again_and_nothing_else_is_lost(tool):
    visit = begin(tool)
    save(visit, "zahl", ["70"])
    visit.go(f"{attempt_of(visit)}/questions/5")
    visit.press("Weiter", answer=["drei Tage"])
    assert visit.page.status_code == 400
    assert "Das ist keine Zahl." in visit.text
    assert 'value="drei Tage"' in visit.page.text
    assert 'aria-invalid="true"' in visit.page.text
    visit.go(f"{attempt_of(visit)}/questions/5")
    assert 'value="70"' in visit.page.text


@pytest.mark.parametrize(
    ("question", "answer", "code"),
    [
        ("zahl", ["NaN"], "attempt.not_a_number"), ("zahl", [float("nan")], "attempt.bad_answer"),
        ("luecken", ["2017", "", "vier"], "attempt.not_a_number"), ("luecken", ["1999", "", ""], "attempt.bad_answer"),
        ("folge", ["m1"], "attempt.bad_answer"), ("folge", ["m1", "m1", "m2", "m3"], "attempt.bad_answer"),
        ("paare", ["Unsinn", ""], "attempt.bad_answer"), ("wahr", ["vielleicht"], "attempt.bad_answer"),
        ("bild", ["rund", "eckig"], "attempt.bad_answer"), ("wort", ["x" * 201], "attempt.bad_answer"),
        ("idee", ["aus der Aufgabe"], "attempt.bad_answer"), ("gibtesnicht", ["a"], "attempt.bad_answer"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused_with_a_code_and_a_sentence(tool, question, answer, code):
    visit = begin(tool)
    refused = save(visit, question, answer)
    assert (refused.status_code, refused.json["code"]) == (400, code)
    assert refused.json["title"].endswith("gespeichert.")


def test_ten_megabytes_of_text_are_refused_before_they_are_read(tool):
    visit = begin(tool, AS_ASSIGNMENT)
    refused = save(visit, "idee", ["x" * 10_000_000])
    assert refused.status_code == 413
    assert save(visit, "idee", ["x" * 50_001]).status_code == 400


def test_selects_alone_move_things(tool):
    assert in_places(list("abcd"), ["1", "2", "1", "4"]) == list("cabd")
    assert in_places(list("abcd"), ["3", "2", "3", "4"]) == list("bcad")
    assert in_places(list("abcd"), ["4", "3", "2", "1"]) == list("dcba")
    assert in_places(list("abcd"), ["1", "2"]) == list("abcd")
    assert in_places(list("ab"), ["x", "1"]) == list("ab")
    visit = begin(tool)
    save(visit, "folge", ["m4", "m1", "m2", "m3"])
    visit.go(f"{attempt_of(visit)}/questions/8")
    visit.press("Weiter", **{"answer": ["m4", "m1", "m2", "m3"], "answer-place": ["4", "2", "3", "4"]})
    assert "volle" not in visit.text
    visit.go(f"{attempt_of(visit)}/questions/8")
    assert re.findall(r'name="answer" value="(m\d)"', visit.page.text) == ["m1", "m2", "m3", "m4"]


def test_an_attempt_keeps_the_order_it_began_with_and_another_has_its_own(run):
    tool = run("shuffle: true")
    orders = []
    for subject in "abcdef":
        visit = begin(tool, sub=subject)
        first = _order_of(visit, tool.quiz.length)
        assert _order_of(visit, tool.quiz.length) == first
        orders.append(first)
    assert len(set(orders)) > 1
    assert all(sorted(order) == sorted(orders[0]) for order in orders)


def _order_of(visit, count):
    visit.go(f"{attempt_of(visit)}/questions/{count}")
    return tuple(re.findall(r'overview__number[^>]*data-question="([^"]+)"', visit.page.text))


def test_pools_draw_so_many_and_everybody_can_reach_the_same(run):
    tool = run("pools: {leicht: 1}", pool=("eine", "wahr", "bild"))
    assert (tool.quiz.length, tool.quiz.maximum) == (7, 14)
    drawn = set()
    for subject in "abcdefgh":
        visit = begin(tool, sub=subject)
        order = _order_of(visit, 7)
        assert len(order) == 7
        drawn |= {"eine", "wahr", "bild"} & set(order)
        assert save(visit, next(iter({"eine", "wahr", "bild"} - set(order))), ["a"]).status_code == 400
        assert "0 von 14 Punkten" in hand_in(visit)
    assert len(drawn) > 1


def test_review_in_points_only_tells_no_right_answers(run):
    visit = begin(run("shuffle: false\nreview: marks"))
    save(visit, "zahl", ["24"])
    text = hand_in(visit)
    assert "0 von 1 Punkten" in text
    assert "keine Lösungen" in text
    for secret in ("Richtig wäre", "Gemeinwohl", "Genau", "Drei Tage zu je"):
        assert secret not in text, secret


def test_review_of_the_result_only_tells_the_sum(run):
    visit = begin(run("shuffle: false\nreview: result"))
    text = hand_in(visit)
    assert "Noch nicht bestanden – 0 von" in text
    assert "nur Ihr Ergebnis" in text
    assert "Frage 1" not in text


@pytest.mark.parametrize(("counts", "given"), [("best", "16"), ("last", "0"), ("average", "8")])
def test_the_quiz_says_which_attempt_counts_and_that_is_sent(run, counts, given):
    tool = run(f"shuffle: false\ncounts: {counts}")
    visit = begin(tool)
    take(visit, tool.quiz, right_answer)
    visit.press("Jetzt abgeben")
    visit.press("Noch einmal versuchen")
    text = hand_in(visit)
    with tool.app.extensions["smartcity"].sessions() as session:
        assert f"{session.scalars(select(ScoreDelivery.given)).one().normalize():f}" == given
    assert {"best": "bester", "last": "Versuch 2", "average": "Durchschnitt"}[counts] in text


def test_after_the_deadline_no_answer_counts_and_handing_in_explains_it(run):
    tool = run("shuffle: false\ntime_limit: 30")
    visit = begin(tool)
    assert "Zeit bis" in visit.text
    save(visit, "zahl", ["72"])
    tool.clock.turn(minutes=31)
    late = save(visit, "wort", ["Gemeinwohl"])
    assert (late.status_code, late.json["code"]) == (403, "attempt.late")
    visit.go(f"{attempt_of(visit)}/questions/1")
    assert "Die Zeit war um" in visit.text
    visit.press("Jetzt abgeben")
    assert "1 von 16 Punkten" in visit.text
    assert "bis dahin gespeichert" in visit.text


def test_more_time_for_one_person_counts_at_once_and_for_later_attempts(run):
    tool = run("shuffle: false\ntime_limit: 30")
    visit = begin(tool)
    with tool.app.extensions["smartcity"].sessions.begin() as session:
        attempt = session.scalars(select(Attempt)).one()
        ExtraTimes(session, tool.clock).grant(attempt.registration_id, attempt.resource_link_id, attempt.user_id, 15)
    tool.clock.turn(minutes=40)
    assert save(visit, "zahl", ["72"]).status_code == 200
    hand_in(visit)
    visit.go(visit.landing)
    assert "Für Sie gibt es 15 Minuten mehr." in visit.text
    visit.press("Noch einmal versuchen")
    tool.clock.turn(minutes=44)
    assert save(visit, "zahl", ["72"]).status_code == 200
    tool.clock.turn(minutes=3)
    assert save(visit, "zahl", ["1"]).status_code == 403


def test_an_attempt_nobody_hands_in_is_handed_in_when_its_time_is_up(run):
    tool = run("shuffle: false\ntime_limit: 30")
    visit = begin(tool)
    save(visit, "zahl", ["72"])
    extension = tool.app.extensions["smartcity"]

    def closed():
        with extension.sessions.begin() as session:
            return OverdueAttempts(session, tool.clock, extension.catalogue).hand_in().count

    assert closed() == 0
    tool.clock.turn(minutes=32)
    assert [closed(), closed()] == [1, 0]
    visit.go(attempt_of(visit))
    assert "1 von 16 Punkten" in visit.text


def test_an_attempt_that_cannot_be_handed_in_keeps_no_other_waiting(run):
    tool = run("shuffle: false\ntime_limit: 30")
    save(begin(tool), "zahl", ["72"])
    extension = tool.app.extensions["smartcity"]
    with extension.sessions.begin() as session:
        session.scalars(select(Response)).one().answer = 72
    begin(tool, sub="6")
    tool.clock.turn(minutes=32)
    OverdueHandIn(extension.sessions, tool.clock, extension.catalogue)()
    with extension.sessions() as session:
        assert sorted(attempt.submitted_at is None for attempt in session.scalars(select(Attempt))) == [False, True]


def test_an_assignment_waits_for_a_person_and_nothing_is_passed_or_sent_before(tool):
    visit = begin(tool, AS_ASSIGNMENT)
    assert "Eine Idee für Ihren Ort" in visit.text
    save(visit, "idee", ["Wir messen den Pegel.\r\nUnd warnen."])
    text = hand_in(visit)
    assert "Abgegeben – wird noch bewertet" in text
    assert "Wir messen den Pegel." in text
    assert "Eine gute Idee beginnt" not in text
    with tool.app.extensions["smartcity"].sessions() as session:
        attempt = session.scalars(select(Attempt)).one()
        assert (attempt.part, attempt.needs_marking, attempt.passed) == ("assignment", True, False)
        assert session.scalar(select(func.count()).select_from(ScoreDelivery)) == 0
    visit.go(visit.landing)
    assert "wird noch bewertet" in visit.text


def test_an_assignment_becomes_a_draft_of_an_idea_with_one_click_and_only_once(tool):
    visit = begin(tool, AS_ASSIGNMENT)
    attempt = attempt_of(visit)
    assert visit.post(f"ideas/from/{attempt.rpartition('/')[2]}", csrf=visit.csrf).status_code == 404, "still open"
    visit.go(attempt)
    save(visit, "idee", ["Wir messen den Pegel.\r\nUnd warnen."])
    upload(visit, PNG, name="pegel.png")
    hand_in(visit)
    visit.press("Als Ideenkarte teilen")
    draft = visit.path
    assert "pegel.png" in visit.text
    visit.go(draft.replace("edit", "pictures/"))
    visit.press("Bild hinzufügen", handed_in="skizze", alt="Der Pegel")
    assert 'alt="Der Pegel" width="1" height="1"' in visit.page.text
    visit.go(draft)
    assert 'value="Eine Idee für Ihren Ort"' in visit.page.text
    assert ">Wir messen den Pegel.\nUnd warnen.</textarea>" in visit.page.text
    visit.go(attempt)
    visit.press("Als Ideenkarte teilen")
    assert visit.path == draft
    stranger = begin(tool, AS_ASSIGNMENT, sub="6")
    assert stranger.post(f"ideas/from/{attempt.rpartition('/')[2]}", csrf=stranger.csrf).status_code == 404


def test_four_clicks_at_once_make_one_draft_of_an_assignment(tool):
    visit = begin(tool, AS_ASSIGNMENT)
    attempt = attempt_of(visit).rpartition("/")[2]
    save(visit, "idee", ["Wir messen den Pegel."])
    hand_in(visit)
    path, csrf = f"{visit.landing}ideas/from/{attempt}", visit.csrf

    def click(_):
        browser = tool.browser()
        browser._cookies = visit.client._cookies
        return browser.post(path, data={"csrf": csrf}, base_url=BASE_URL).location

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(click, range(4)))) == 1


def test_marks_of_a_person_complete_the_result_with_its_comment(tool):
    visit = begin(tool, AS_ASSIGNMENT)
    save(visit, "idee", ["Eine Idee."])
    hand_in(visit)
    mark(tool, {"problem": "4", "loesung": "2,5"}, "Gut begründet.\nWeiter so!")
    visit.go(attempt_of(visit))
    assert "Bestanden – 6,5 von 10 Punkten (65 %)" in visit.text
    assert "Das Problem ist klar. 4 von 4" in visit.text
    assert "Gut begründet. Weiter so!" in visit.text
    assert "Eine gute Idee beginnt beim Problem." in visit.text


def mark(tool, points, comment):
    from lti_tool.db.models import Review
    from lti_tool.domain.grading import GradeSheet
    from lti_tool.domain.ids import new_id
    from lti_tool.domain.reviews import merge
    from lti_tool.services.results import Results

    extension = tool.app.extensions["smartcity"]
    with extension.sessions.begin() as session:
        attempt = session.scalars(select(Attempt)).one()
        quiz = extension.catalogue.modules[ALL_KINDS].assignment
        given = read_review(quiz.question("idee"), points, comment)
        session.add(
            Review(
                registration_id=attempt.registration_id, id=new_id(), attempt_id=attempt.id, question_id="idee",
                marker_id=attempt.user_id, points=given.points_to_json(), comment=given.comment, at=tool.clock(),
            )
        )  # fmt: skip
        sheet = merge(GradeSheet.from_json(attempt.sheet), quiz, [given])
        Results(session, tool.clock).record(attempt, sheet)


def upload(visit, data, name="skizze.pdf", question="skizze", **fields):
    form = {"file": FileStorage(io.BytesIO(data), filename=name), "csrf": fields.get("csrf", visit.csrf), "number": "2"}
    boundary, body = encode_multipart(form)
    kind = f"multipart/form-data; boundary={boundary}"
    visit.page = visit.client.post(
        f"{attempt_of(visit)}/files/{question}", data=body, content_type=kind, base_url=BASE_URL, follow_redirects=True
    )
    return visit.page


def stored(tool):
    return sorted(path for path in tool.files.rglob("*") if path.is_file()) if tool.files.exists() else []


@pytest.mark.parametrize(
    ("data", "name", "media_type", "saved_as"),
    [
        (PDF, "Meine Skizze.pdf", "application/pdf", "Meine Skizze.pdf"),
        (PNG, "../../etc/passwd", "image/png", "passwd.png"),
        (JPEG, "foto.JPEG", "image/jpeg", "foto.jpg"),
        (ODT, "text.odt", "application/vnd.oasis.opendocument.text", "text.odt"),
        (DOCX, "text.docx", None, "text.docx"),
        (PDF, "böse.exe", "application/pdf", "böse.exe.pdf"),
    ],
)
def test_a_file_is_told_by_its_bytes_and_given_back_only_to_be_saved(tool, data, name, media_type, saved_as):
    visit = begin(tool, AS_ASSIGNMENT)
    upload(visit, data, name)
    assert visit.page.status_code == 200
    assert f"Abgegeben: {saved_as}" in visit.text
    path = f"{attempt_of(visit)}/files/skizze"
    answer = visit.client.get(path, base_url=BASE_URL)
    assert answer.data == data
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Cache-Control"] == "no-store"
    assert media_type is None or answer.mimetype == media_type


@pytest.mark.parametrize(
    ("data", "name", "status", "code"),
    [
        (b"", "leer.pdf", 400, "file.empty"),
        (b"MZ" + b"\0" * 100, "skizze.pdf", 415, "file.wrong_type"),
        (b"<html><script>alert(1)</script>", "skizze.pdf", 415, "file.wrong_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "skizze.png", 415, "file.wrong_type"),
        (b"%PDF-1.7 cut off", "skizze.pdf", 400, "file.damaged"),
        (PNG[:20], "skizze.png", 400, "file.damaged"),
        (DOCX[:200], "text.docx", 400, "file.damaged"),
        (PDF + b"\0" * 1024 * 1024, "gross.pdf", 413, "file.too_large"),
        (bomb(), "bombe.docx", 400, "file.damaged"),
        (b"\0" * 22 * 1024 * 1024, "riesig.pdf", 413, "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_not_taken_is_refused_and_nothing_is_kept(tool, data, name, status, code):
    visit = begin(tool, AS_ASSIGNMENT)
    upload(visit, data, name)
    assert (visit.page.status_code, code in visit.text) == (status, True), visit.text
    assert stored(tool) == []


def test_a_new_file_replaces_the_old_one_until_the_attempt_is_handed_in(tool):
    visit = begin(tool, AS_ASSIGNMENT)
    upload(visit, PDF)
    upload(visit, PNG, "neu.png")
    assert len(stored(tool)) == 1
    assert stored(tool)[0].read_bytes() == PNG
    csrf = visit.csrf
    hand_in(visit)
    assert "neu.png" in visit.text
    upload(visit, PDF, csrf=csrf)
    assert visit.page.status_code == 409
    assert stored(tool)[0].read_bytes() == PNG


def test_nobody_else_reaches_a_file(tool):
    visit = begin(tool, AS_ASSIGNMENT)
    upload(visit, PDF)
    tom = begin(tool, AS_ASSIGNMENT, sub="6", name="Tom")
    attempt = attempt_of(visit).rpartition("/")[2]
    assert tom.go(f"attempts/{attempt}/files/skizze").status_code == 404
    assert tom.go(f"{attempt_of(tom) if 'attempts' in tom.path else tom.landing}files/x").status_code == 404
    teacher = Visit(client := tool.browser(), tool.launch_as(client, role="Instructor", sub="77", custom=AS_ASSIGNMENT))
    assert teacher.go(f"attempts/{attempt}/files/skizze").status_code == 404


def test_a_file_cannot_be_claimed_by_its_id(tool):
    visit = begin(tool, AS_ASSIGNMENT)
    refused = save(visit, "skizze", ["0198c5d8-0000-7000-8000-000000000000"])
    assert (refused.status_code, refused.json["code"]) == (400, "attempt.bad_answer")


def test_a_preview_of_anything_writes_nothing(tool):
    client = tool.browser()
    teacher = Visit(client, tool.launch_as(client, role="Instructor", sub="77", custom=AS_ASSIGNMENT))
    before = rows(tool)
    csrf = teacher.csrf
    teacher.click("Vorschau als Lernende")
    teacher.click("Fragen ansehen")
    teacher.press("Auswerten", **{"answer-idee": ["Ein Text"]})
    assert "wird noch bewertet" in teacher.text
    teacher.go(f"preview/{ALL_KINDS}")
    answers = {f"answer-{question.id}": right_answer(question) for question in tool.quiz.questions}
    teacher.press("Auswerten", **answers)
    assert "Bestanden – 16 von 16 Punkten" in teacher.text
    teacher.go(f"preview/{ALL_KINDS}")
    teacher.press("Auswerten", **{**answers, "answer-zahl": ["drei"]})
    assert teacher.page.status_code == 400
    assert "Das ist keine Zahl." in teacher.text
    for path in (f"quiz/{ALL_KINDS}", f"assignment/{ALL_KINDS}"):
        assert teacher.post(path, csrf=csrf).status_code == 403
    assert rows(tool) == before
    assert stored(tool) == []


def rows(tool):
    with tool.app.extensions["smartcity"].sessions() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
            if table.name != "refused_launch"
        }


def test_learning_the_quiz_and_the_assignment_are_numbered_apart(tool):
    visit = begin(tool)
    hand_in(visit)
    visit.go(f"assignment/{ALL_KINDS}")
    visit.press("Aufgabe beginnen")
    assert "Versuch 1" in visit.text
    save(visit, "idee", ["Eine Idee."])
    assert "Diese Aktivität gehört zu einem anderen Inhalt." in hand_in(visit)
    with tool.app.extensions["smartcity"].sessions() as session:
        assert sorted(session.execute(select(Attempt.part, Attempt.number))) == [
            ("assignment", 1),
            ("quiz", 1),
        ]
        assert session.scalar(select(func.count()).select_from(LtiUser)) == 1
