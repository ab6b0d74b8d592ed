"""Reading a module, as a learner, an instructor and somebody without a name."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.factories.id_token import LEAVE_OUT, MEMBERSHIP
from tests.factories.plain_content import plain_catalogue
from tests.factories.visit import BASE_URL, Visit

MODULE = plain_catalogue().modules["datenrecht"]


@pytest.fixture
def lea(tool):
    return Visit(tool.client, tool.launch_as())


def test_the_first_visit_says_what_to_expect(lea):
    assert lea.page.status_code == 200
    assert MODULE.title in lea.text
    assert MODULE.objectives[0] in lea.text
    assert "6 Seiten · Quiz" in lea.text
    assert "etwa 2 Std." in lea.text


def test_each_page_leads_to_the_next_and_the_last_one_to_the_quiz(lea):
    lea.click("Los geht")
    for number, page in enumerate(MODULE.pages, start=1):
        assert f"Seite {number} von 6" in lea.text
        assert f"<title>{page.title}" in lea.page.text
        assert f"Stand dieser Seite: {page.stand:%d.%m.%Y}" in lea.text
        if number < len(MODULE.pages):
            forward = [a for a in _actions(lea.page.text) if "Weiter" in a]
            lea.go(re.search(r'href="([^"]+)"', forward[0]).group(1))
    assert "Zum Quiz" in _actions(lea.page.text)[-1]


def test_progress_counts_as_soon_as_a_page_opens(lea):
    lea.click("Los geht")
    assert "1 von 6 Seiten, Quiz offen" in lea.text
    assert '<progress class="bar" value="1" max="7"' in lea.page.text


def test_who_returns_goes_on_where_they_were(tool, lea):
    lea.go(f"modules/datenrecht/{MODULE.pages[2].slug}")
    again = Visit(tool.browser(), tool.launch_as(tool.browser()))
    assert again.page.status_code == 403, "another browser has no part in this launch"

    client = tool.browser()
    again = Visit(client, tool.launch_as(client))
    assert "Weiter, wo Sie waren" in again.text
    assert f"<title>{MODULE.pages[2].title} –" in again.page.text
    assert "1 von 6 Seiten" in again.text


def test_links_between_pages_lead_to_pages_also_from_the_landing_page(tool, lea):
    page, other = MODULE.pages[1], MODULE.pages[4]
    _add_to_page(tool, page, f'<p><a class="kern-link" href="{other.slug}">Siehe dort</a></p>')
    lea.go(f"modules/datenrecht/{page.slug}")
    client = tool.browser()
    returned = Visit(client, tool.launch_as(client))
    assert f'href="{returned.landing}modules/datenrecht/{other.slug}"' in returned.page.text


def test_progress_belongs_to_the_person_not_to_the_activity(tool, lea):
    lea.click("Los geht")
    client = tool.browser()
    elsewhere = Visit(client, tool.launch_as(client, resource_link={"id": "99", "title": "Andere"}))
    assert "1 von 6 Seiten" in elsewhere.text


def test_an_instructor_previews_and_leaves_no_trace(tool):
    ines = Visit(tool.client, tool.launch_as(role="Instructor", sub="77"))
    ines.click("Vorschau als Lernende")
    assert "Vorschau – es wird nichts gespeichert" in ines.text
    ines.click("Los geht")
    ines.go("as-learner")
    assert "Los geht" in ines.text


def test_without_a_name_everything_can_be_read_and_nothing_is_kept(tool):
    nobody = Visit(tool.client, tool.launch_as(sub=LEAVE_OUT))
    assert "Ohne Anmeldung – es wird nichts gespeichert" in nobody.text
    nobody.click("Los geht")
    assert "Seite 1 von 6" in nobody.text


def test_the_page_speaks_the_language_of_the_launch_and_the_content_keeps_its_own(tool):
    path = tool.launch_as(launch_presentation={"locale": "en_us"})
    visit = Visit(tool.client, path)
    assert '<html lang="en"' in visit.page.text
    assert "What you will be able to do" in visit.text
    assert f'<h1 class="title" data-arrival lang="de">{MODULE.title}</h1>' in visit.page.text


def test_a_module_in_another_language_keeps_it_word_for_word(lea):
    lea.go("modules/smart-city-verstehen-en/smart-municipality")
    assert '<html lang="de"' in lea.page.text
    assert '<h1 class="title" data-arrival lang="en">What does “smart” mean' in lea.page.text
    content = lea.page.text.partition('<div class="content" lang="en">')[2].partition("</section>")[0]
    assert "From practice" in content
    assert "Aus der Praxis" not in content


def test_who_sees_what_names_what_the_platform_sent(lea):
    lea.click("Wer sieht was?")
    assert "Ihre Fehlversuche sehen nur Sie." in lea.text
    assert "Name: Lea Lernfeld" in lea.text
    assert "Kurs: Lehrgang Smart City" in lea.text
    assert "lea@example.org" not in lea.page.text


def test_a_link_without_content_opens_the_way_to_the_certificate(tool):
    visit = Visit(tool.client, tool.launch_as(custom={}))
    assert "Ihr Weg zum Zertifikat" in visit.text
    assert "Sie haben 0 von 12 Modulen bestanden." in visit.text
    visit.click("Lotse")
    assert "von 7 Modulen bestanden" in visit.text
    visit.click(MODULE.title)
    assert MODULE.objectives[0] in visit.text


def test_the_tracker_says_what_is_only_announced(young_tool):
    visit = Visit(young_tool.client, young_tool.launch_as(custom={}))
    assert "Sie haben 0 von 12 Modulen bestanden." in visit.text
    assert "in Vorbereitung" in visit.text


def test_the_tracker_shows_what_was_begun(tool):
    visit = Visit(tool.client, tool.launch_as(custom={}))
    visit.go(f"modules/datenrecht/{MODULE.pages[0].slug}")
    visit.go(visit.landing)
    row = re.search(
        rf'<li class="line__row">(?:(?!</li>).)*{re.escape(MODULE.title)}.*?</li>', visit.page.text, re.DOTALL
    )
    assert "begonnen" in row.group()
    assert f"Als Nächstes: {MODULE.title}" in visit.text


@pytest.mark.parametrize("path", ["modules/datenrecht/nowhere", "modules/unknown/", "quiz/unknown", "attempts/x"])
def test_what_does_not_exist_is_a_page_in_plain_words(lea, path):
    lea.go(path)
    assert lea.page.status_code == 404
    assert "Referenznummer" in lea.text


def test_pictures_of_the_content_are_served_for_good_and_nothing_else_is(tool):
    name = min(MODULE.media)
    picture = tool.client.get(f"/content/datenrecht/{MODULE.version}/{name}", base_url=BASE_URL)
    assert picture.status_code == 200
    assert picture.mimetype.startswith("image/")
    assert "immutable" in picture.headers["Cache-Control"]
    old = tool.client.get(f"/content/datenrecht/older/{name}", base_url=BASE_URL)
    assert old.headers["Cache-Control"] == "no-cache"
    for path in ("module.yaml", "..%2Fmodule.yaml", "%2e%2e%2fquiz.yaml"):
        refused = tool.client.get(f"/content/datenrecht/{MODULE.version}/{path}", base_url=BASE_URL)
        assert refused.status_code == 404


def test_public_pages_need_no_launch(tool):
    for path in ("/barrierefreiheit", "/datenschutz"):
        page = tool.browser().get(path, base_url=BASE_URL)
        assert page.status_code == 200
        assert "Smart City Lernen" in page.text


def test_health_tells_the_living_from_the_ready(tool):
    assert tool.client.get("/healthz").json == {"status": "ok"}
    ready = tool.client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json["checks"] == {"database": True, "migrations": True, "content": True}


def test_a_teacher_reads_choose_again_and_a_learner_tell_your_teacher(tool):
    gone = {"custom": {"module": "no-such-module"}}
    learner = tool.launch(roles=[MEMBERSHIP + "Learner"], **gone)
    teacher = tool.launch(roles=[MEMBERSHIP + "Instructor"], **gone)
    assert learner.status_code == teacher.status_code == 404
    assert "sagen Sie Ihrer Lehrkraft Bescheid" in learner.text
    assert "neu aus" in teacher.text
    assert "Lehrkraft" not in teacher.text


def _add_to_page(tool, page, html):
    """Change one page of the loaded content."""
    running = tool.app.extensions["smartcity"]
    longer = replace(page, html=page.html + html)
    pages = tuple(longer if other == page else other for other in MODULE.pages)
    modules = {**running.catalogue.modules, MODULE.id: replace(MODULE, pages=pages)}
    tool.app.extensions["smartcity"] = replace(running, catalogue=replace(running.catalogue, modules=modules))


def _actions(html):
    bar = html[html.index('<div class="actions">') :]
    return re.findall(r'<a class="kern-btn.*?</a>', bar, re.DOTALL)
