"""Ways to the certificate as instructors and administrators see them: in the browser, at every width."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.curriculum.loader import load_catalogue
from lti_tool.db.models import Context, Registration
from lti_tool.settings import PACKAGED_CONTENT
from tests.browser.conftest import House, Visitor, running_house
from tests.browser.test_accessibility import WIDTHS, look_at
from tests.browser.test_instructor import writing
from tests.factories.classroom import Classroom


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house of its own, as its course is full."""
    with running_house(tmp_path_factory.mktemp("town") / "data") as running:
        yield running


def fill(session: Session) -> None:
    """Seventy people, some at the beginning, some nearly done, over half a year."""
    catalogue = load_catalogue(PACKAGED_CONTENT, "/content")
    modules = catalogue.certifications["lotse"].module_ids
    course = session.scalars(select(Context)).first()
    now = datetime.now(UTC)
    room = Classroom(session, catalogue, registration_id=course.registration_id, context_id=course.id, now=now)
    for number, person in enumerate(room.people(70)):
        for place, module_id in enumerate(modules[: number % 8]):
            room.progress([person], [module_id], at=now - timedelta(days=200 - 27 * place))
        room.progress([person], [modules[number % 8]], at=now - timedelta(days=number), passed=False)


def class_page(town: House, page: Page, width: int) -> Page:
    visitor = Visitor(town, page)
    visitor.become("ines")
    tab = visitor.open_in_window("rl-quiz")
    with writing(town) as session:
        if not session.scalar(select(Registration.shows_results)):
            fill(session)
            session.execute(update(Registration).values(shows_results=True))
    tab.set_viewport_size({"width": width, "height": 640})
    tab.reload()
    return tab


@pytest.mark.parametrize("width", WIDTHS)
def test_an_instructor_finds_who_is_how_far(town: House, page: Page, width: int) -> None:
    tab = class_page(town, page, width)
    tab.get_by_role("link", name="Auf dem Weg zum Zertifikat").press("Enter")
    tab.get_by_role("link", name="Smart City Lotse – Musterlehrgang").press("Enter")
    tab.get_by_role("link", name="nach Fortschritt").press("Enter")
    expect(tab.get_by_role("row").filter(has_text="7 von 7").or_(tab.get_by_text("6 von 7")).first).to_be_visible()
    look_at(tab, "ways of people")
    tab.get_by_role("searchbox", name="Person suchen").fill("0069")
    tab.get_by_role("searchbox", name="Person suchen").press("Enter")
    expect(tab.get_by_text("1 Person in der Liste")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_an_administrator_reads_numbers(town: House, page: Page, width: int) -> None:
    class_page(town, page, width)
    visitor = Visitor(town, page)
    visitor.become("adem")
    tab = visitor.open_in_window("rl-quiz")
    tab.set_viewport_size({"width": width, "height": 640})
    tab.get_by_role("link", name="Plattform verwalten").click()
    tab.get_by_role("link", name="Lernstand in Zahlen").click()
    tab.get_by_role("link", name="Smart City Lotse – Musterlehrgang").click()
    tab.get_by_text("Wie wird geschätzt?").click()
    look_at(tab, "numbers of the town")
