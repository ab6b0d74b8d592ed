"""The class page: who is how far, and nothing that is nobody's business."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from lti_tool.db.base import Base
from lti_tool.db.models import Attendance, AuditEntry, Context, LiveDate, Registration, RosterMember
from lti_tool.db.models import Roster as RosterRow
from lti_tool.domain.scores import Delivery
from lti_tool.domain.seats import Place
from tests.factories.answers import right_answer
from tests.factories.classroom import Classroom
from tests.factories.id_token import LEAVE_OUT, MEMBERSHIP
from tests.factories.live_dates import live_date, place
from tests.factories.visit import BASE_URL, Visit
from tests.functional.conftest import register_platform
from tests.functional.test_quiz_pages import AS_QUIZ, QUIZ
from tests.functional.test_submission_review import hand_in

NAMELESS = dict.fromkeys(("name", "given_name", "family_name"), LEAVE_OUT)
OTHER_COURSE = {"id": "3", "label": "X", "title": "Anderer Kurs"}


def teach(tool, **changed):
    client = tool.browser()
    claims = {"sub": "77", "name": "Ines Instruktor", "custom": AS_QUIZ, **changed}
    return Visit(client, tool.launch_as(client, role="Instructor", **claims))


def switch(tool, **values):
    with sessions(tool).begin() as session:
        row = session.get(Registration, tool.platform.registration_id)
        for name, value in values.items():
            setattr(row, name, value)
    tool.app.extensions["smartcity"].registrations.forget()


def sessions(tool):
    return tool.app.extensions["smartcity"].sessions


def rows_of(page):
    """The table as texts, row by row."""
    body = page.page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    cells = [re.findall(r"<t[hd]\b.*?</t[hd]>", row, re.DOTALL) for row in body.split("</tr>")]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells if row]


@pytest.fixture
def catalogue(tool):
    return tool.app.extensions["smartcity"].catalogue


def classroom(tool, session):
    course = session.scalars(select(Context)).one()
    return Classroom(
        session,
        tool.app.extensions["smartcity"].catalogue,
        registration_id=course.registration_id,
        context_id=course.id,
        now=tool.clock(),
    )


def test_an_instructor_opens_an_activity_and_sees_the_course_in_three_facts(tool):
    hand_in(tool, len(QUIZ.questions))
    hand_in(tool, 1, sub="6", name="Tom Taler")
    tool.launch_as(tool.browser(), sub="8", name="Udo Unbekannt")
    ines = teach(tool)
    assert "3 Personen: 1 fertig 1 begonnen 1 offen" in ines.text
    assert "Keine Übertragung mit Fehler" in ines.text
    assert rows_of(ines) == [
        ["Lea Lernfeld", "bestanden wartet"],
        ["Tom Taler", "begonnen wartet"],
        ["Udo Unbekannt", "offen"],
    ]
    assert "Ines" not in ines.text


@pytest.mark.parametrize(
    ("words", "names"),
    [("1 fertig", ["Lea Lernfeld"]), ("1 begonnen", ["Tom Taler"]), ("0 offen", [])],
)
def test_each_fact_is_a_link_that_filters(tool, words, names):
    hand_in(tool, len(QUIZ.questions))
    hand_in(tool, 1, sub="6", name="Tom Taler")
    ines = teach(tool)
    ines.click(words)
    assert [row[0] for row in rows_of(ines)] == names


def test_results_appear_only_where_the_administrators_let_them(tool):
    hand_in(tool, len(QUIZ.questions) - 1)
    hand_in(tool, 1, sub="6", name="Tom Taler")
    assert "%" not in teach(tool).text
    switch(tool, shows_results=True)
    [lea, tom] = rows_of(teach(tool))
    assert re.fullmatch(r"bestanden \d+(,\d)? % wartet", lea[1].replace("\u00a0", " "))
    assert tom[1] == "begonnen wartet", "a failed attempt is nobody's business, whatever is switched on"


def test_without_names_people_keep_one_pseudonym_in_a_course_and_have_another_elsewhere(tool):
    hand_in(tool, 1, **NAMELESS)
    [row] = rows_of(teach(tool))
    assert re.fullmatch(r"Person [2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}", row[0])
    hand_in(tool, 2, **NAMELESS)
    assert rows_of(teach(tool))[0][0] == row[0]
    elsewhere = {"context": OTHER_COURSE, "resource_link": {"id": "9", "title": "Anderes Quiz"}}
    hand_in(tool, 1, **NAMELESS, **elsewhere)
    assert rows_of(teach(tool, **elsewhere))[0][0] != row[0]


def test_a_name_that_looks_like_markup_is_shown_as_text(tool):
    hand_in(tool, 1, name="<script>alert(1)</script>")
    page = teach(tool).page.text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_people_of_another_course_are_not_there(tool):
    hand_in(tool, 3)
    elsewhere = teach(tool, context=OTHER_COURSE, resource_link={"id": "9", "title": "Anderes Quiz"})
    assert "Lea" not in elsewhere.text
    assert "Noch ist niemand hier gewesen" in elsewhere.text
    assert "Lea" not in elsewhere.go("class/grades").text


def test_people_of_another_town_are_not_there(tool):
    hand_in(tool, 3)
    siegen = register_platform(tool.settings.database_url, tool.clock, tool.internet, issuer="https://siegen.example")
    tool.app.extensions["smartcity"].registrations.forget()
    tool.platform, _ = siegen, tool.platform
    assert "Lea" not in teach(tool).text


@pytest.mark.parametrize("path", ["class/", "class/grades", "class/questions", "class/settings"])
def test_a_learner_opens_no_page_of_the_course(tool, path):
    lea = Visit(tool.client, tool.launch_as())
    assert "Stand des Kurses" not in lea.text
    assert lea.go(path).status_code == 403
    assert "role.forbidden" in lea.text


@pytest.mark.parametrize("path", ["class/export", "class/grades/again", "class/grades/overwrite", "class/grades/read"])
def test_a_learner_does_nothing_there(tool, path):
    lea = Visit(tool.client, tool.launch_as())
    assert lea.post(path, csrf=lea.csrf, form="csv").status_code == 403


def test_without_a_course_there_is_only_the_preview(tool):
    ines = teach(tool, context=LEAVE_OUT)
    assert "Vorschau – es wird nichts gespeichert" in ines.text
    assert ines.go("class/").status_code == 404


def test_the_preview_is_one_click_away_and_writes_nothing(tool):
    ines = teach(tool)
    assert "Vorschau – es wird nichts" not in ines.text
    before = contents(tool)
    ines.click("Vorschau als Lernende")
    assert "Vorschau – es wird nichts gespeichert" in ines.text
    ines.click("Fragen ansehen")
    ines.press("Auswerten", **{f"answer-{question.id}": right_answer(question) for question in QUIZ.questions})
    ines.click("Stand des Kurses")
    assert "Noch ist niemand hier gewesen" in ines.text
    assert contents(tool) == before


def contents(tool):
    with sessions(tool)() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables
        }


def test_who_is_only_on_the_list_of_participants_is_open_and_who_is_suspended_is_missing(tool):
    hand_in(tool, 1)
    hand_in(tool, 1, sub="6", name="Tom Taler")
    with sessions(tool).begin() as session:
        course = session.scalars(select(Context)).one()
        key = {"registration_id": course.registration_id, "context_id": course.id}
        session.add(
            RosterRow(**key, url="https://lms.example/m", wanted=False, next_read_at=tool.clock(), read_at=tool.clock())
        )
        session.flush()
        for subject, name, active in (("6", "Tom Taler", False), ("9", "Nia Neu", True), ("77", "Ines", True)):
            session.add(RosterMember(**key, subject=subject, name=name, active=active))
    assert [row[0] for row in rows_of(teach(tool))] == ["Lea Lernfeld", "Nia Neu"]


def test_two_thousand_people_are_paged_and_searched(tool, catalogue):
    ines = teach(tool)
    with sessions(tool).begin() as session:
        room = classroom(tool, session)
        people = room.people(2000)
        module = catalogue.modules["datenrecht"]
        room.attempts(module, *room.activity(module), people[:500], state=Delivery.SENT)
    ines.go("class/")
    assert "2000 Personen: 500 fertig 0 begonnen 1500 offen" in ines.text
    assert len(rows_of(ines)) == 50
    ines.click("Nächste Seite")
    assert (rows_of(ines)[0][0], "Seite 2 von 40" in ines.text) == ("Lerner 0050", True)
    ines.go("class/?q=LERNER+19&state=open&page=99")
    assert [row[0] for row in rows_of(ines)][-1] == "Lerner 1999"
    assert "Seite 2 von 2" in ines.text


def test_the_page_takes_few_queries_however_many_people(tool, catalogue, counted_queries):
    ines = teach(tool)
    with sessions(tool).begin() as session:
        room = classroom(tool, session)
        people = room.people(60)
        for module in (module for module in catalogue.modules.values() if module.quiz):
            room.attempts(module, *room.activity(module), people, state=Delivery.SENT)
    switch(tool, shows_results=True)
    ines.go("class/")
    with counted_queries() as queries:
        ines.go("class/")
    assert len(rows_of(ines)) == 50
    assert len(queries) <= 7, "\n".join(queries)


def test_the_page_names_the_last_and_the_next_live_date_and_hours_where_a_certificate_asks_for_them(
    tool, catalogue, rule, counted_queries
):
    ines = teach(tool)
    with sessions(tool).begin() as session:
        room = classroom(tool, session)
        people = room.people(6, subjects=[f"s{number}" for number in range(6)])
        room.attempts(
            catalogue.modules["datenrecht"],
            *room.activity(catalogue.modules["datenrecht"]),
            people,
            state=Delivery.SENT,
        )
        course = session.scalars(select(Context)).one()
        for days in (-30, -2, 3, 5):
            made = live_date(session, tool.clock() + timedelta(days=days), title=f"Termin {days}")
            for number in range(4 if days < 0 else 6):
                waits = number == 5
                place(session, made, f"s{number}", tool.clock(), Place.WAITING if waits else Place.SEAT)
        live_date(session, tool.clock() + timedelta(days=1), title="Abgesagt", cancelled_at=tool.clock())
        live_date(session, tool.clock() + timedelta(days=1), title="Für alle", for_all=True)
        last = session.scalars(select(LiveDate.id).where(LiveDate.title == "Termin -2")).one()
        for number, (about, minutes) in enumerate((("datenrecht", 90), ("certification:lotse", 240), ("fremd", 90))):
            session.add(Attendance(
                registration_id=course.registration_id, user_id=people[number], date_id=last, about=about,
                title="", minutes=minutes, changed_at=tool.clock(),
            ))  # fmt: skip
    ines.go("class/")
    assert re.search(r"Letzter Live-Termin: Termin -2, \w\w, [\d.]+, \S+ Uhr 4 angemeldet, 3 anwesend", ines.text)
    assert re.search(
        r"Nächster Live-Termin: Termin 3, .{,40} Uhr 5 von 30 Plätzen vergeben, 1 auf der Warteliste", ines.text
    )
    assert "Termin 5" not in ines.text
    assert "Abgesagt" not in ines.text
    rule("lotse", live_minutes=240)
    assert "Live-Stunden" not in (ines.go("class/"), ines.text)[1], "a platform that shows no results shows no hours"
    switch(tool, shows_results=True)
    with counted_queries() as queries:
        ines.go("class/")
    assert [row[-1] for row in rows_of(ines)] == [
        "1 Std. 30 Min. von 4 Std.",
        "4 Std. von 4 Std.",
        *["0 Min. von 4 Std."] * 4,
    ]
    assert len(queries) <= 8, "\n".join(queries)
    tool.clock.turn(days=3, minutes=10)
    ines = teach(tool)
    ines.go("class/")
    assert "Live-Termin, der gerade läuft: Termin 3" in ines.text


EVIL = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "|cmd", " =1"]


def downloaded(ines, form):
    answer = ines.post("class/export", csrf=ines.csrf, form=form)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    return answer.data


def test_the_file_holds_what_the_page_shows_and_no_more(tool):
    hand_in(tool, len(QUIZ.questions))
    hand_in(tool, 1, sub="6", name="Tom Taler")
    data = downloaded(teach(tool), "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(StringIO(data.decode("utf-8-sig")), delimiter=";")) == [
        ["Person", "Datenschutz und Datenrecht", "Übertragung"],
        ["Lea Lernfeld", "bestanden", "Datenschutz und Datenrecht wartet"],
        ["Tom Taler", "begonnen", "Datenschutz und Datenrecht wartet"],
    ]
    switch(tool, shows_results=True)
    lines = downloaded(teach(tool), "csv").decode("utf-8-sig").splitlines()
    assert '"100\u00a0%"' in lines[1]
    assert "%" not in lines[2]


@pytest.mark.parametrize("name", EVIL)
def test_no_name_becomes_a_formula(tool, name):
    with_name = {"name": "x"}
    hand_in(tool, 1, **with_name)
    with sessions(tool).begin() as session:
        from lti_tool.db.models import LtiUser

        session.scalars(select(LtiUser).where(LtiUser.subject == "5")).one().name = name
    ines = teach(tool)
    [_, row] = list(csv.reader(StringIO(downloaded(ines, "csv").decode("utf-8-sig"), newline=""), delimiter=";"))
    assert row[0] == f"'{name}"
    ines.go(ines.landing)
    book = ZipFile(BytesIO(downloaded(ines, "xlsx")))
    assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
    assert "cmd" not in name or "|cmd" in book.read("xl/sharedStrings.xml").decode()


def test_a_download_leaves_a_line_in_the_audit_log_that_names_nobody(tool):
    hand_in(tool, 1)
    ines = teach(tool)
    downloaded(ines, "xlsx")
    with sessions(tool)() as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.actor, entry.action, entry.detail["people"]) == ("instructor", "results.exported", 1)
        assert "Lea" not in str(entry.detail)
    assert ines.post("class/export", csrf="wrong", form="csv").status_code == 403


def test_an_assistant_teaches_and_an_administrator_looks(tool):
    hand_in(tool, 1)
    for role in ("Instructor#TeachingAssistant", "Administrator"):
        client = tool.browser()
        uri = MEMBERSHIP.replace("membership#", "membership/") + role if "#" in role else MEMBERSHIP + role
        response = tool.launch(client, roles=[uri], sub="78")
        assert "1 Person:" in Visit(client, response.location.removeprefix(BASE_URL)).text
