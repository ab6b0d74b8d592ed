"""A copied course: its links carry their content, its grades go to its own columns, old grades stay where they were."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db.engine import make_engine
from lti_tool.db.models import LineItem, ScoreDelivery
from tests.functional.test_quiz_pages import AS_QUIZ, QUIZ
from tests.functional.test_submission_review import hand_in, points, review

COLUMN = "https://lms.example/mod/lti/services.php/{course}/lineitems/{item}/lineitem?type_id=1"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"


def copy(course, link, item):
    """Return the claims of a link in another course: new ids, a new column, the same custom parameters."""
    return {
        "context": {"id": course, "label": "SC2", "title": "Lehrgang Smart City (Kopie)"},
        "resource_link": {"id": link, "title": "Datenrecht"},
        "custom": AS_QUIZ,
        "endpoint": {"scope": [SCORE], "lineitem": COLUMN.format(course=course, item=item)},
    }


def sent_to(tool):
    """Return each column's address with the points that go there."""
    engine = make_engine(tool.settings.database_url)
    with Session(engine) as session:
        rows = session.execute(
            select(LineItem.url, ScoreDelivery.given, ScoreDelivery.revision).join(
                ScoreDelivery, LineItem.id == ScoreDelivery.line_item_id
            )
        ).all()
    engine.dispose()
    return {row.url: (row.given, row.revision) for row in rows}


def test_a_link_nobody_has_seen_opens_the_content_it_names(tool):
    visit = hand_in(tool, 3, **copy("9", "70", "19"))
    assert points(3) in visit.text


def test_grades_of_the_copy_go_to_its_own_column_and_old_ones_stay(tool):
    original = copy("2", "7", "9")
    hand_in(tool, len(QUIZ.questions), **original)
    before = sent_to(tool)
    hand_in(tool, 3, **copy("9", "70", "19"))
    after = sent_to(tool)
    assert {url: after[url] for url in before} == before
    given, _ = after[COLUMN.format(course="9", item="19")]
    assert given == sum(question.points for question in QUIZ.questions[:3])


def test_attempts_of_the_original_are_not_those_of_the_copy(tool):
    hand_in(tool, len(QUIZ.questions), **copy("2", "7", "9"))
    assert "Noch kein Versuch" in review(tool, **copy("9", "70", "19")).text
    assert points(len(QUIZ.questions)) in review(tool, **copy("2", "7", "9")).text
