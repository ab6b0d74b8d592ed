"""Pages are rendered once for everybody who is equally far; nothing of a person may stay in them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.factories.visit import BASE_URL, Visit
from tests.functional.conftest import register_platform

OUTLINE, PAGE = "", "modules/datenrecht/grundsaetze"


def read(tool, path=OUTLINE, **launch):
    """Launch in a new browser and open a page; return the launch's path and the page."""
    browser = tool.browser()
    landing = tool.launch_as(browser, **launch)
    page = browser.get(f"{landing}{path}", base_url=BASE_URL)
    assert page.status_code == 200
    return landing, page.text


def token(page):
    found = re.search(r'data-csrf="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_a_page_names_the_platform_of_its_own_launch(tool):
    other = register_platform(tool.settings.database_url, tool.clock, tool.internet, issuer="https://other.example")
    here = Visit(tool.client, tool.launch_as(sub="lea")).page.text
    there = replace(tool, platform=other, client=tool.browser())
    assert 'data-frame-origin="https://lms.example"' in here
    assert 'data-frame-origin="https://other.example"' in Visit(there.client, there.launch_as(sub="lea")).page.text


@pytest.mark.parametrize("path", [OUTLINE, PAGE])
def test_every_reader_gets_the_links_and_the_token_of_their_own_launch(tool, path):
    (first, first_page), (second, second_page) = read(tool, path, sub="lea"), read(tool, path, sub="ole")
    for own, other, page in ((first, second, first_page), (second, first, second_page)):
        assert set(re.findall(r"/l/[0-9a-f-]{36}/", page)) == {own}
        assert other not in page
    assert token(first_page) != token(second_page)
    assert first_page.replace(first, second).replace(token(first_page), token(second_page)) == second_page


def test_the_token_of_a_kept_page_is_good(tool):
    read(tool, sub="lea")
    landing = tool.launch_as(sub="ole")
    sent = {"X-CSRF-Token": token(tool.client.get(landing, base_url=BASE_URL).text)}
    assert tool.client.post(f"{landing}new-tab", headers=sent, base_url=BASE_URL).status_code == 200


def test_what_one_reader_may_see_is_not_kept_for_another(tool):
    _, learners = read(tool, sub="lea")
    _, administrators = read(tool, sub="ida", role="Administrator")
    _, instructors = read(tool, sub="ina", role="Instructor")
    _, strangers = read(tool, sub="ole", role="Learner")
    assert "Plattform verwalten" in administrators
    assert "Vorschau" in instructors
    for page in (learners, strangers):
        assert "Plattform verwalten" not in page
        assert "Vorschau" not in page


def test_each_reader_keeps_their_own_language_and_way(tool):
    _, german = read(tool, sub="lea")
    _, english = read(tool, sub="ole", launch_presentation={"locale": "en"})
    assert "Los geht’s" in german
    assert "Los geht’s" not in english
    read(tool, PAGE, sub="mia")
    _, returning = read(tool, sub="mia")
    _, beginning = read(tool, sub="noa")
    assert "Weiter, wo Sie waren" in returning
    assert "Weiter, wo Sie waren" not in beginning
