"""An instructor's pages in the browser: by keyboard, at 320 pixels, and with the worker in the middle of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.curriculum.loader import load_catalogue
from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import Attempt, Context, LineItem, ResourceLink
from lti_tool.domain.actor import Actor
from lti_tool.domain.ids import new_id
from lti_tool.domain.roles import Role
from lti_tool.services.attempts import Attempts
from tests.browser.conftest import House, Visitor, running_house
from tests.browser.test_accessibility import WIDTHS, look_at
from tests.factories.classroom import Classroom
from tests.functional.marked_content import with_essays

MODULE = "datenrecht"


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose content has texts that a person marks."""
    folder = tmp_path_factory.mktemp("school")
    with running_house(folder / "data", SMARTCITY_CONTENT_DIR=str(with_essays(folder))) as running:
        yield running


@pytest.fixture
def ines(school: House, page: Page) -> Page:
    """The instructor on the class page of a course where nobody has handed in anything."""
    with writing(school) as session:
        session.execute(delete(Attempt))
    visitor = Visitor(school, page)
    visitor.become("ines")
    return visitor.open_in_window("rl-quiz")


def write_texts(school: House, count: int, *, people: list[str] | None = None) -> None:
    """So many people hand in a text and nothing else; `people` are those whom the practice LMS knows."""
    catalogue = load_catalogue(school.data.parent / "content", "/content")
    now = partial(datetime.now, UTC)
    with writing(school) as session:
        link = session.scalars(select(ResourceLink).where(ResourceLink.kind == "quiz")).one()
        course = session.get_one(Context, (link.registration_id, link.context_id))
        column = session.scalars(select(LineItem.id).where(LineItem.resource_link_id == link.id)).one()
        room = Classroom(session, catalogue, registration_id=course.registration_id, context_id=course.id, now=now())
        attempts = Attempts(session, now, catalogue)
        for number, person in enumerate(room.people(count, subjects=people)):
            actor = Actor(
                registration_id=course.registration_id,
                launch_id=new_id(),
                parts=frozenset({Role.LEARNER}),
                user_id=person,
                context_id=course.id,
                context_title="",
                resource_link_id=link.id,
                module_id=MODULE,
                kind="quiz",
                line_item_id=column,
                locale="de",
                return_url=None,
                person_name=None,
            )
            attempt = attempts.start(actor, catalogue.modules[MODULE])
            attempts.save(actor, attempt, "einsatz", [f"Text {number}: Wir zählen Räder."])
            attempts.submit(actor, attempt)


@contextmanager
def writing(school: House) -> Iterator[Session]:
    """Write into the house's database."""
    engine = make_engine(f"sqlite:///{school.data / 'smartcity.sqlite3'}")
    with make_sessions(engine).begin() as session:
        yield session
    engine.dispose()


def mark_by_keyboard(tab: Page, comment: str) -> None:
    """From the answer's heading to the saved marks without a mouse."""
    keyboard = tab.keyboard
    expect(tab.locator("#answer-heading")).to_be_focused()
    keyboard.press("Tab")  # what a good answer contains
    keyboard.press("Tab")
    keyboard.press("ArrowRight")
    keyboard.press("ArrowRight")
    keyboard.press("Tab")
    keyboard.press("Space")
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.type(comment)
    keyboard.press("Control+Enter")


def test_thirty_texts_are_marked_by_keyboard_and_arrive_in_the_gradebook(school: House, ines: Page) -> None:
    learners = school.tell("/practice/people?count=30")["people"]
    write_texts(school, 30, people=learners)
    ines.reload()
    ines.get_by_role("link", name="30 Abgaben zu bewerten").click()
    ines.get_by_role("link", name="30 Antworten bewerten").press("Enter")
    for number in range(1, 31):
        expect(ines.get_by_text(f"{number} von 30 ·")).to_be_visible()
        mark_by_keyboard(ines, f"Kommentar {number}")
    expect(ines.get_by_text("Es wartet nichts auf Sie.")).to_be_visible()
    assert wait_for_grades(school, learners) == {(2.0, True)}
    ines.get_by_role("link", name="Stand", exact=True).click()
    expect(ines.get_by_text("Keine Abgabe zu bewerten")).to_be_visible()


def wait_for_grades(school: House, learners: list[str]) -> set[tuple[float, bool]]:
    """Return the points that came, and whether with a comment, once everybody has a grade."""
    deadline = datetime.now(UTC).timestamp() + 60
    while datetime.now(UTC).timestamp() < deadline:
        scores = [score["message"] for score in school.ask("/practice/scores.json")]
        mine = {score["user_id"]: score for score in scores if score["user_id"] in learners}
        if len(mine) == len(learners):
            assert len([score for score in scores if score["user_id"] in learners]) == len(learners), "each once"
            return {(score["given"], score["comment"].startswith("Kommentar")) for score in mine.values()}
    raise AssertionError(f"{len(mine)} of {len(learners)} grades came")


@pytest.mark.parametrize("width", WIDTHS)
def test_every_screen_of_an_instructor(school: House, ines: Page, width: int) -> None:
    write_texts(school, 6)
    ines.set_viewport_size({"width": width, "height": 640})
    ines.reload()
    look_at(ines, "class page")
    base = ines.url.partition("/class")[0].rstrip("/")
    for path in ("grades", "grades?state=failed", "questions", "settings", "marking", "marking?list=done"):
        ines.goto(f"{base}/class/{path}")
        look_at(ines, path)
    ines.goto(f"{base}/class/marking")
    ines.get_by_role("link", name="Antworten bewerten").click()
    look_at(ines, "marking")
    ines.get_by_label("2", exact=True).check()
    ines.get_by_label("1", exact=True).last.check()
    ines.get_by_role("button", name="Speichern und weiter").click()
    ines.goto(f"{base}/class/marking?list=done")
    ines.locator("th a").first.click()
    look_at(ines, "marking again")
    ines.goto(f"{base}/class/questions")
    ines.get_by_role("link", name="Für alle ändern").first.click()
    look_at(ines, "change a question")
    ines.get_by_role("button", name="Zählen, was sich ändern würde").first.click()
    expect(ines.get_by_role("button", name="Jetzt anwenden")).to_be_visible(timeout=30_000)
    look_at(ines, "what would change")
    ines.get_by_role("button", name="Verwerfen").click()
    expect(ines.get_by_role("heading", level=1)).to_have_text("Fragen")


def test_snippets_go_into_the_comment(school: House, ines: Page) -> None:
    write_texts(school, 1)
    ines.goto(ines.url.rstrip("/") + "/class/marking")
    ines.get_by_role("link", name="bewerten").last.click()
    ines.get_by_role("button", name="Der Zweck fehlt noch.").click()
    ines.get_by_role("button", name="Gut gewähltes Beispiel.").click()
    expect(ines.locator("#comment")).to_have_value("Der Zweck fehlt noch.\nGut gewähltes Beispiel.")


def test_the_scroll_of_the_table_stays_in_the_table(school: House, ines: Page) -> None:
    write_texts(school, 1)
    ines.set_viewport_size({"width": 320, "height": 640})
    ines.reload()
    first = ines.locator("tbody .class__person").first
    left = first.bounding_box()
    ines.locator(".class__scroll").evaluate("element => element.scrollBy(400, 0)")
    assert first.bounding_box() == left, "the name stays in sight"
