"""A faulty question, mended for everybody: counted first, then applied, sent exactly, and kept as history."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from lti_tool.db.models import Attempt, AuditEntry, ModuleProgress, Regrade, RegradedAttempt, ScoreDelivery
from lti_tool.domain.scores import Delivery
from lti_tool.services.regrade_steps import RegradeSteps
from lti_tool.worker.regrades import Regrader
from tests.functional.conftest import register_platform
from tests.functional.test_class_page import OTHER_COURSE, classroom, sessions, teach
from tests.functional.test_grade_states import Lms
from tests.functional.test_quiz_pages import QUIZ
from tests.functional.test_submission_review import hand_in

QUESTION = QUIZ.questions[1]
"""One right option, one point."""
KEY = next(option.id for option in QUESTION.options if not option.correct)
PATH = f"class/questions/datenrecht/{QUESTION.id}"


@pytest.fixture
def lms(tool):
    return Lms(tool)


def work(tool, steps=None):
    catalogue = tool.app.extensions["smartcity"].catalogue
    if steps is None:
        Regrader(sessions(tool), catalogue, tool.clock)()
        return
    for _ in range(steps):
        with sessions(tool).begin() as session:
            RegradeSteps(session, tool.clock, catalogue).step()


def ask(tool, ines=None, **form):
    """Ask for a change and have it counted; return the instructor on its page."""
    ines = ines or teach(tool)
    ines.go(PATH)
    ines.post(PATH, csrf=ines.csrf, **form)
    address = ines.path
    work(tool)
    ines.go(address)
    return ines


def points_of(tool):
    with sessions(tool)() as session:
        return [row.points for row in session.scalars(select(Attempt).order_by(Attempt.id))]


def test_the_questions_of_a_small_class_can_be_changed(tool):
    """Figures need five people; a faulty question does not wait for them."""
    ines = hand_in_and_teach(tool)
    ines.go("class/questions")
    assert "Auswertungen erscheinen ab 5 Personen" in ines.text
    links = re.findall(r'href="[^"]*/class/questions/datenrecht/([\w-]+)"', ines.page.text)
    assert links == [question.id for question in QUIZ.questions]


def test_nothing_changes_before_the_instructor_says_so(tool):
    hand_in(tool, 1)
    before = points_of(tool)
    ines = ask(tool, change="set-aside")
    assert "Von 1 abgegebenen Versuch würde sich 1 ändern." in ines.text
    assert "+1 Punkt 1" in ines.text
    assert points_of(tool) == before
    ines.press("Verwerfen")
    work(tool)
    assert points_of(tool) == before
    with sessions(tool)() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_a_question_set_aside_gives_everybody_its_points_and_the_exact_sum_is_sent(tool, lms):
    lms.hand_in(1)
    lms.hand_in(2, sub="6", name="Tom Taler")
    lms.work()
    first = [one["scoreGiven"] for one in lms.services.scores()]
    ines = ask(tool, teach(tool, endpoint=lms.endpoint), change="set-aside")
    assert "Von 2 abgegebenen Versuchen würde sich 1 ändern." in ines.text
    ines.press("Jetzt anwenden")
    work(tool)
    lms.work()
    assert [one["scoreGiven"] for one in lms.services.scores()] == [*first, first[0] + 1], "only who changes is sent"
    ines.go(ines.path)
    assert "Angewandt am" in ines.text
    assert "hat sich 1 geändert" in ines.text


def test_the_learner_reads_that_a_question_does_not_count(tool):
    lea = hand_in(tool, 1)
    assert "wird nicht gewertet" not in lea.text
    ask(tool, change="set-aside").press("Jetzt anwenden")
    work(tool)
    lea.go(lea.path)
    assert "Diese Frage wird nicht gewertet: Alle bekommen die volle Punktzahl." in lea.text


def test_another_key_is_applied_exactly_up_and_down(tool):
    right = hand_in(tool, 2)
    before = points_of(tool)
    ines = ask(tool, change="key", option=KEY)
    assert "−1 Punkt 1" in ines.text
    ines.press("Jetzt anwenden")
    work(tool)
    assert points_of(tool) == [before[0] - 1]
    right.go(right.path)
    assert right.page.status_code == 200


@pytest.mark.parametrize("back", [{"change": "restore"}, {"change": "key", "option": sorted(QUESTION.correct)}])
def test_a_change_can_be_taken_back(tool, back):
    hand_in(tool, 1)
    before = points_of(tool)
    for change in ({"change": "set-aside"}, back):
        ask(tool, **change).press("Jetzt anwenden")
        work(tool)
    assert points_of(tool) == before


def test_who_hands_in_later_is_graded_by_the_change_as_well(tool):
    ask(tool, hand_in_and_teach(tool), change="set-aside").press("Jetzt anwenden")
    work(tool)
    hand_in(tool, 0, sub="6", name="Tom Taler")
    assert points_of(tool)[-1] == QUESTION.points


def hand_in_and_teach(tool):
    hand_in(tool, 1)
    return teach(tool)


def test_who_passes_by_it_has_passed_the_module_and_who_fails_by_it_keeps_the_module(tool, catalogue):
    ines = teach(tool)
    module = catalogue.modules["datenrecht"]
    with sessions(tool).begin() as session:
        room = classroom(tool, session)
        passed, failed = room.people(2)
        place = room.activity(module)
        room.attempts(module, *place, [passed], wrong=0, state=Delivery.SENT)
        room.attempts(module, *place, [failed], wrong=len(QUIZ.questions), state=Delivery.SENT)
    for question in QUIZ.questions:
        ines.go(f"class/questions/datenrecht/{question.id}")
        ines.post(f"class/questions/datenrecht/{question.id}", csrf=ines.csrf, change="set-aside")
        address = ines.path
        work(tool)
        ines.go(address)
        ines.press("Jetzt anwenden")
        work(tool)
    with sessions(tool)() as session:
        assert all(row.passed_at for row in session.scalars(select(ModuleProgress)))
        assert {row.given for row in session.scalars(select(ScoreDelivery))} == {QUIZ.maximum}


@pytest.fixture
def catalogue(tool):
    return tool.app.extensions["smartcity"].catalogue


def test_what_was_before_is_kept_and_a_line_in_the_log_names_nobody(tool):
    hand_in(tool, 1)
    before = points_of(tool)
    ask(tool, change="set-aside").press("Jetzt anwenden")
    work(tool)
    with sessions(tool)() as session:
        [kept] = session.scalars(select(RegradedAttempt))
        assert (kept.points_before, kept.points_after) == (before[0], before[0] + 1)
        assert kept.sheet_before["points"] == str(before[0])
        [entry] = session.scalars(select(AuditEntry))
        assert (entry.actor, entry.action) == ("instructor", "question.regraded")
        assert (entry.subject, entry.detail["set_aside"]) == (f"datenrecht/{QUESTION.id}", True)
    ines = teach(tool)
    ines.go("class/questions")
    assert "angewandt, 1 Versuch geändert" in ines.text


def test_a_worker_that_dies_between_two_steps_repeats_and_loses_nothing(tool, catalogue):
    ines = teach(tool)
    module = catalogue.modules["datenrecht"]
    with sessions(tool).begin() as session:
        room = classroom(tool, session)
        people = room.people(600)
        room.attempts(module, *room.activity(module), people, wrong=2, state=Delivery.SENT)
    ines = ask(tool, ines, change="set-aside")
    assert "würden sich 600 ändern" in ines.text
    ines.press("Jetzt anwenden")
    work(tool, steps=1)
    with sessions(tool)() as session:  # a step that is rolled back, as when its worker is killed
        RegradeSteps(session, tool.clock, catalogue).step()
        session.rollback()
    ines.go(ines.path)
    assert "250 von 600 Versuchen" in ines.text
    work(tool, steps=3)
    ines.go(ines.path)
    assert "haben sich 600 geändert" in ines.text
    with sessions(tool)() as session:
        assert session.scalar(select(func.count()).select_from(RegradedAttempt)) == 600
        assert {row.revision for row in session.scalars(select(ScoreDelivery))} == {2}, "everybody is sent once more"


def test_two_clicks_apply_once(tool):
    hand_in(tool, 1)
    ines = ask(tool, change="set-aside")
    address, csrf = ines.path, ines.csrf
    for _ in range(2):
        ines.post(address, csrf=csrf, decision="apply")
        work(tool)
    with sessions(tool)() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1


def test_nothing_is_applied_that_was_not_counted(tool):
    hand_in(tool, 1)
    ines = teach(tool)
    ines.go(PATH)
    ines.post(PATH, csrf=ines.csrf, change="set-aside")
    ines.post(ines.path, csrf=ines.csrf, decision="apply")
    assert ines.page.status_code == 409
    assert "regrade.not_counted" in ines.text


@pytest.mark.parametrize("form", [{"option": "x"}, {}, {"option": ["a", "b"]}])
def test_a_key_that_the_question_cannot_have_is_refused(tool, form):
    hand_in(tool, 1)
    ines = teach(tool)
    ines.go(PATH)
    assert ines.post(PATH, csrf=ines.csrf, change="key", **form).status_code == 400
    assert "regrade.bad_key" in ines.text


def test_changes_of_another_course_and_another_town_do_not_exist_here(tool):
    hand_in(tool, 1)
    address = re.search(r"class/regrades/.*", ask(tool, change="set-aside").path).group()
    elsewhere = teach(tool, context=OTHER_COURSE, resource_link={"id": "9", "title": "Q"})
    csrf = elsewhere.csrf
    assert elsewhere.go(address).status_code == 404
    assert elsewhere.post(address, csrf=csrf, decision="apply").status_code == 404
    tool.platform = register_platform(tool.settings.database_url, tool.clock, tool.internet, issuer="https://s.example")
    tool.app.extensions["smartcity"].registrations.forget()
    siegen = teach(tool)
    csrf = siegen.csrf
    assert siegen.go(address).status_code == 404
    assert siegen.post(address, csrf=csrf, decision="discard").status_code == 404
    with sessions(tool)() as session:
        assert session.scalars(select(Regrade.stage)).all() == ["previewed"]


def test_only_attempts_of_the_course_change(tool):
    hand_in(tool, 1)
    hand_in(tool, 1, context=OTHER_COURSE, resource_link={"id": "9", "title": "Q"}, sub="6")
    before = points_of(tool)
    ines = ask(tool, change="set-aside")
    assert "Von 1 abgegebenen Versuch" in ines.text
    ines.press("Jetzt anwenden")
    work(tool)
    assert sorted(points_of(tool)) == sorted([before[0] + 1, before[1]])


def test_a_module_that_the_course_does_not_have_cannot_be_changed(tool):
    hand_in(tool, 1)
    ines = teach(tool)
    assert ines.go("class/questions/smart-city-verstehen/x").status_code == 404


def test_a_learner_changes_nothing(tool):
    lea = hand_in(tool, 1)
    csrf = lea.csrf
    assert lea.go(PATH).status_code == 403
    assert lea.post(PATH, csrf=csrf, change="set-aside").status_code == 403


def test_a_change_that_breaks_our_own_code_keeps_no_other_waiting(tool, lms):
    """The first of two changes is damaged; the second one is counted all the same."""
    hand_in(tool, 1)
    ines = teach(tool)
    ines.go(PATH)
    ines.post(PATH, csrf=ines.csrf, change="set-aside")
    with sessions(tool).begin() as session:
        session.scalars(select(Regrade)).one().change = {"kind": "no such thing"}
    tool.clock.turn(seconds=1)
    other = f"class/questions/datenrecht/{QUIZ.questions[2].id}"
    ines.go(other)
    ines.post(other, csrf=ines.csrf, change="set-aside")
    work(tool)
    with sessions(tool)() as session:
        stages = [row.stage for row in session.scalars(select(Regrade).order_by(Regrade.next_try_at))]
    assert stages == ["previewed", "counting"]
