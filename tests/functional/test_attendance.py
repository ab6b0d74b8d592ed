"""Attendance: by list or by code, corrected with a reason, and counted to the minute."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from threading import Thread

import pytest
from sqlalchemy import event, select

from lti_tool.db.models import Attendance, AttendanceEntry, AuditEntry, ScoreDelivery
from lti_tool.domain.seats import Place
from lti_tool.worker.tracker_grades import TrackerGrading
from tests.factories.live_dates import live_date, place
from tests.factories.visit import Visit
from tests.functional.conftest import running_tool
from tests.functional.test_deep_linking_rows import chosen, items, picker

REASON = "um 10:45 Uhr gegangen"


@pytest.fixture
def extension(tool):
    return tool.app.extensions["smartcity"]


@pytest.fixture
def lea(tool):
    return Visit(tool.client, tool.launch_as(custom={"content": "tracker"}, sub="lea"))


@pytest.fixture
def ben(tool, lea):
    client = tool.browser()
    return Visit(client, tool.launch_as(client, custom={"content": "tracker"}, sub="ben"))


@pytest.fixture
def ines(tool, lea, ben):
    client = tool.browser()
    return Visit(client, tool.launch_as(client, role="Instructor", sub="ines"))


@pytest.fixture
def date_id(tool, extension, ines):
    """A date about data law that begins now; lea has a seat."""
    with extension.sessions.begin() as session:
        made = live_date(session, tool.clock(), certification_id="lotse")
        place(session, made, "lea", tool.clock() - timedelta(days=1), Place.SEAT)
    return made


def of_class(date_id):
    return f"class/dates/{date_id}/attendance"


def aliases(visit):
    return re.findall(r'name="person" value="([^"]+)"', visit.page.text)


def entries(extension):
    with extension.sessions() as session:
        rows = session.scalars(select(AttendanceEntry).order_by(AttendanceEntry.decided_at, AttendanceEntry.id))
        return [(row.minutes, row.how, row.reason) for row in rows]


def standing(extension):
    with extension.sessions() as session:
        return sorted(session.scalars(select(Attendance.minutes)))


def noted(extension):
    """What the log says, which names nobody."""
    with extension.sessions() as session:
        rows = session.execute(select(AuditEntry.action, AuditEntry.detail).order_by(AuditEntry.id))
        return [tuple(row) for row in rows if row.action.startswith("attendance.")]


def code_of(ines, date_id):
    ines.go(f"class/dates/{date_id}/code")
    return re.search(r'class="attendance-code"><span aria-hidden="true">(\w{3}) (\w{3})', ines.page.text).expand(
        r"\1\2"
    )


def test_an_instructor_notes_all_those_who_were_there(extension, ines, date_id):
    ines.go(f"{of_class(date_id)}?select=all")
    assert ines.page.text.count(" checked>") == 2
    assert ines.text.index("angemeldet") < ines.text.index("nicht angemeldet")
    ines.press("Angekreuzte als anwesend eintragen", person=aliases(ines)[:2])
    assert standing(extension) == [90, 90]
    assert "dabei, 1 Std. 30 Min." in ines.text


def test_a_correction_needs_a_reason_and_both_stay_in_the_history(tool, extension, ines, date_id):
    ines.go(of_class(date_id))
    alias = aliases(ines)[0]
    ines.press("Angekreuzte als anwesend eintragen", person=alias)
    assert ines.press("Berichtigung speichern", person=alias, minutes="45", reason=" ").status_code == 400
    assert ines.press("Berichtigung speichern", person=alias, minutes="91", reason=REASON).status_code == 400
    tool.clock.turn(minutes=1)
    ines.press("Berichtigung speichern", person=alias, minutes="45", reason=REASON)
    assert standing(extension) == [45]
    assert entries(extension) == [(90, "instructor", ""), (45, "instructor", REASON)]
    assert noted(extension) == [("attendance.noted", {"people": 1}), ("attendance.corrected", {"people": 1})]
    assert ines.text.index(REASON) < ines.text.rindex("1 Std. 30 Min.")


def test_a_learner_proves_attendance_with_the_code_once(tool, extension, ines, lea, date_id):
    code = code_of(ines, date_id)
    lea.go(f"dates/{date_id}/attendance")
    assert lea.press("Teilnahme bestätigen", code="AAAAAA").status_code == 400
    assert "Dieser Code stimmt nicht oder gilt nicht mehr." in lea.text
    lea.press("Teilnahme bestätigen", code=code.lower())
    assert "Ihre Teilnahme ist eingetragen: 1 Std. 30 Min." in lea.text
    lea.post(f"dates/{date_id}/attendance", csrf=lea.csrf, code=code)
    assert entries(extension) == [(90, "code", "")]


def test_a_code_does_not_undo_what_an_instructor_decided(extension, ines, lea, date_id):
    ines.go(of_class(date_id))
    for alias in re.findall(r'<option value="([^"]+)"', ines.page.text):
        ines.press("Berichtigung speichern", person=alias, minutes="0", reason="nicht erschienen")
    code = code_of(ines, date_id)
    lea.go(lea.landing)
    lea.post(f"dates/{date_id}/attendance", csrf=lea.csrf, code=code)
    assert standing(extension) == [0, 0]


def test_a_code_that_comes_while_an_instructor_decides_undoes_nothing(postgres_server):
    url = postgres_server.create(migrated=True)
    with running_tool(url) as tool:
        extension = tool.app.extensions["smartcity"]
        lea = Visit(tool.client, tool.launch_as(custom={"content": "tracker"}, sub="lea"))
        ines = Visit(client := tool.browser(), tool.launch_as(client, role="Instructor", sub="ines"))
        with extension.sessions.begin() as session:
            date = live_date(session, tool.clock(), certification_id="lotse")
            place(session, date, "lea", tool.clock() - timedelta(days=1), Place.SEAT)
        lea.go(f"dates/{date}/attendance")
        code = code_of(ines, date)
        ines.go(of_class(date))

        def decide(_connection, _cursor, statement, *_):
            if statement.startswith("INSERT INTO attendance ") and undecided:
                undecided.clear()
                mend = {"person": aliases(ines)[0], "minutes": "0", "reason": REASON}
                request = Thread(target=ines.press, args=("Berichtigung speichern",), kwargs=mend)
                request.start()
                request.join()

        undecided = [date]
        event.listen(extension.sessions.kw["bind"], "before_cursor_execute", decide)
        lea.press("Teilnahme bestätigen", code=code)
        assert "nicht dabei waren" in lea.text
        assert entries(extension) == [(0, "instructor", REASON)]
    postgres_server.drop(url)


def test_nobody_tries_codes_for_long(ines, lea, date_id):
    lea.go(f"dates/{date_id}/attendance")
    tries = [lea.post(f"dates/{date_id}/attendance", csrf=lea.csrf, code="AAAAAA").status_code for _ in range(11)]
    assert (tries[:10], tries[10]) == ([400] * 10, 429)


def test_before_a_date_and_after_its_cancellation_nothing_is_noted(tool, extension, ines, lea):
    with extension.sessions.begin() as session:
        later = live_date(session, tool.clock() + timedelta(hours=1))
        cancelled = live_date(session, tool.clock(), cancelled_at=tool.clock(), cancelled_because="x")
    for date_id in (later, cancelled):
        ines.go(of_class(date_id))
        assert ines.post(of_class(date_id), csrf=ines.csrf).status_code == 400
        assert "Angekreuzte" not in ines.text


def test_only_instructors_note_and_only_people_and_dates_of_their_course(tool, ines, lea, date_id):
    lea.go(lea.landing)
    assert lea.post(of_class(date_id), csrf=lea.csrf, person="x").status_code == 403
    lea.go(lea.landing)
    assert lea.go(f"class/dates/{date_id}/code").status_code == 403
    ines.go(of_class(date_id))
    assert ines.post(of_class(date_id), csrf=ines.csrf, person="nobody").status_code == 404
    client = tool.browser()
    other = Visit(client, tool.launch_as(client, role="Instructor", sub="otto", context={"id": "99"}))
    assert other.go(of_class(date_id)).status_code == 404


def test_hours_in_live_dates_count_for_the_certificate_to_the_minute(ines, lea, date_id, rule):
    rule("lotse", live_minutes=120)
    lea.go("certificates?way=lotse")
    assert 'value="0" max="9"' in lea.page.text
    assert "0 Min. von 2 Std." in lea.text.replace("\N{NO-BREAK SPACE}", " ")
    lea.go(f"dates/{date_id}/attendance")
    lea.press("Teilnahme bestätigen", code=code_of(ines, date_id))
    lea.go("certificates?way=lotse")
    assert "1 Std. 30 Min. von 2 Std." in lea.text.replace("\N{NO-BREAK SPACE}", " ")
    rule("lotse", live_minutes=90)
    lea.go("certificates?way=lotse")
    assert 'value="1" max="9"' in lea.page.text
    ines.go("class/way?way=lotse")
    assert ines.page.status_code == 200


def prove(lea, ines, date_id):
    lea.go(f"dates/{date_id}/attendance")
    lea.press("Teilnahme bestätigen", code=code_of(ines, date_id))


def test_the_share_of_the_live_time_is_a_grade_of_its_own_and_a_correction_changes_it(
    tool, extension, ines, date_id, rule
):
    rule("lotse", live_minutes=120)
    client = tool.browser()
    link = {"resource_link": {"id": "dates"}, "custom": {"content": "dates", "way": "lotse"}}
    lea = Visit(client, tool.launch_as(client, sub="lea", **link))
    grading = TrackerGrading(extension.sessions, tool.clock, extension.catalogue)
    prove(lea, ines, date_id)
    grading()
    assert sent(extension) == [(Decimal(75), Decimal(100))]
    tool.clock.turn(minutes=2)
    ines.go(of_class(date_id))
    seated = re.findall(r'<option value="([^"]+)">', ines.page.text)[0]
    ines.press("Berichtigung speichern", person=seated, minutes="40", reason=REASON)
    grading()
    assert sent(extension) == [(Decimal("33.33"), Decimal(100))]


def test_who_attended_before_the_column_came_gets_a_grade_too(tool, extension, ines, date_id, rule):
    rule("lotse", live_minutes=120)
    prove(Visit(tool.client, tool.launch_as(custom={"content": "tracker"}, sub="lea")), ines, date_id)
    tool.clock.turn(minutes=5)
    grading = TrackerGrading(extension.sessions, tool.clock, extension.catalogue)
    grading()
    assert sent(extension) == []
    tool.clock.turn(minutes=20)
    link = {"resource_link": {"id": "dates"}, "custom": {"content": "dates", "way": "lotse"}}
    tool.launch_as(tool.browser(), sub="lea", **link)
    grading()
    assert sent(extension) == [(Decimal(75), Decimal(100))]


def sent(extension):
    with extension.sessions() as session:
        return [(row.given, row.maximum) for row in session.scalars(select(ScoreDelivery))]


def test_the_picker_offers_that_grade_where_a_certificate_asks_for_live_time(tool, rule):
    assert "Bewertung der Teilnahme" not in picker(tool).text
    rule("lotse", live_minutes=120)
    [graded] = items(chosen(picker(tool), "dates", live="lotse"))
    assert graded["custom"] == {"content": "dates", "way": "lotse"}
    assert (graded["lineItem"]["scoreMaximum"], graded["lineItem"]["tag"]) == (100, "dates")
    [plain] = items(chosen(picker(tool), "dates", live="manager"))
    assert "lineItem" not in plain


def test_dates_about_a_module_prove_participation_in_it(tool, extension, ines, lea):
    minutes = extension.catalogue.modules["datenrecht"].minutes
    with extension.sessions.begin() as session:
        date_id = live_date(session, tool.clock(), minutes=minutes // 2 + 1)
    prove(lea, ines, date_id)
    lea.go("proofs/participation/datenrecht")
    lea.press("Nachweis ausstellen", name="Lea Lernfeld")
    assert f"An Live-Terminen zum Modul wurde insgesamt {minutes // 2 + 1} Minuten teilgenommen." in lea.text
