"""„Auf dem Weg zum Zertifikat“: who of a course is how far, as far as the town lets it be seen."""

from __future__ import annotations

import csv
import re
import shutil
from io import StringIO

import pytest
from sqlalchemy import select

from lti_tool.curriculum.model import Part
from lti_tool.db.models import Attempt, AuditEntry, Context, IssuedProof, LtiUser, RosterMember
from lti_tool.db.models import Roster as RosterRow
from lti_tool.domain.actor import Learner
from lti_tool.domain.proofs import certificate_facts
from lti_tool.services.proofs import Proofs
from lti_tool.services.quiz_versions import QuizVersions
from tests.factories.plain_content import PLAIN_CONTENT
from tests.factories.visit import BASE_URL, Visit
from tests.functional.conftest import register_platform, running_tool
from tests.functional.test_class_page import OTHER_COURSE, classroom, rows_of, sessions, switch, teach

REQUIRED = ("smart-city-verstehen", "strategie-steuerung", "datenrecht")
ELECTIVES = ("verwaltung-ozg", "ki-kommune", "technik-standards", "handlungsfelder")
VERSTEHEN = "Smart City verstehen: Leitbild, Charta, Ziele"
WAY = "class/way?way=lotse"


@pytest.fixture
def ines(tool):
    return teach(tool)


def fill(tool, *groups, passed=True, named=True):
    """Groups of people: how many, and which modules they have passed."""
    people = []
    with sessions(tool).begin() as session:
        room = classroom(tool, session)
        for number, modules in groups:
            people.append(room.people(number, named=named))
            room.progress(people[-1], modules, at=tool.clock(), passed=passed)
    return people


def people_on(page):
    body = page.page.text.partition("Personen und ihr Weg")[2].partition("<tbody>")[2].partition("</tbody>")[0]
    cells = [re.findall(r"<t[hd]\b.*?</t[hd]>", row, re.DOTALL) for row in body.split("</tr>")]
    return [[re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells if row]


def people_in(tool, *names):
    """Let people of these names come to the course; return their ids."""
    with sessions(tool).begin() as session:
        ids = classroom(tool, session).people(len(names))
        for name, user_id in zip(names, ids, strict=True):
            session.scalars(select(LtiUser).where(LtiUser.id == user_id)).one().name = name
    return ids


def passes(tool, person, *modules, passed=True):
    with sessions(tool).begin() as session:
        classroom(tool, session).progress([person], modules, at=tool.clock(), passed=passed)


def attempt(tool, user_id, module_id, points, *, part="quiz", passed=False):
    """An attempt of ten points, handed in through an activity of the course."""
    with sessions(tool).begin() as session:
        room = classroom(tool, session)
        module = room.catalogue.modules[module_id]
        link, _ = room.activity(module, kind=part)
        version = QuizVersions(session, room.catalogue).keep(module, Part(part)).version
        row = Attempt(registration_id=room.registration_id, user_id=user_id, resource_link_id=link, number=1)
        row.module_id, row.part, row.quiz_version = module_id, part, version
        row.points, row.maximum, row.passed = points, 10, passed
        row.started_at = row.submitted_at = tool.clock()
        row.sheet = {"marks": []}
        session.add(row)


def certify(tool, user_id, way="lotse"):
    """Issue the certificate; return its public id."""
    catalogue = tool.app.extensions["smartcity"].catalogue
    facts = certificate_facts(catalogue.certifications[way], catalogue)
    with sessions(tool).begin() as session:
        proofs = Proofs(session, tool.clock, tool.settings.secret_key.get_secret_value())
        learner = Learner(tool.platform.registration_id, user_id)
        return proofs.issue(learner, facts, "Lea", keep_name=False, name_public=False).id


def numbers(page):
    """Section heading -> rows of words and number."""
    sections = re.findall(r'<section class="way-figures">(.*?)</section>', page.page.text, re.DOTALL)
    found = {}
    for section in sections:
        heading = re.search(r"<h2[^>]*>(.*?)</h2>", section)[1]
        rows = re.findall(r"<th[^>]*scope=\"row\"[^>]*>(.*?)</th>\s*<td[^>]*>([^<]*)", section, re.DOTALL)
        found[heading] = [(words, number.strip()) for words, number in rows]
    return found


def test_without_the_switch_there_are_only_numbers_of_five_and_more(tool, ines):
    fill(tool, (9, ()), (5, REQUIRED[:2]), (4, REQUIRED))
    ines.click("Auf dem Weg zum Zertifikat")
    ines.go(WAY)
    assert "Lerner" not in ines.text
    assert "Person suchen" not in ines.text
    assert numbers(ines) == {
        "Stand auf dem Weg": [
            ("noch unter einem Viertel", "10"),
            ("ein Viertel geschafft", "10"),
            ("die Hälfte geschafft", "weniger als 5"),
            ("drei Viertel geschafft", "weniger als 5"),
            ("alles geschafft", "weniger als 5"),
            ("Zertifikat ausgestellt", "weniger als 5"),
        ],
        "Was als Nächstes ansteht": [(VERSTEHEN, "10"), ("Datenschutz und Datenrecht", "5")],
    }


@pytest.mark.parametrize(("number", "shown"), [(4, False), (5, True)])
def test_of_four_people_nothing_is_said_and_of_five_numbers_are(tool, ines, number, shown):
    fill(tool, (number, REQUIRED))
    ines.go(WAY)
    assert bool(numbers(ines)) is shown
    assert ("In diesem Kurs sind weniger als 5 Personen." in ines.text) is not shown
    assert ("herunterladen" in ines.text) is shown


def test_one_person_more_gives_nobody_away(tool, ines):
    """Who knows all but one of a course cannot see from the difference how far that one is."""
    fill(tool, (10, ()), (6, REQUIRED[:2]))
    before = numbers(Visit(ines.client, ines.landing + WAY))
    fill(tool, (1, REQUIRED))
    ines.go(WAY)
    assert numbers(ines) == before


def test_with_the_switch_people_are_listed_with_their_way(tool, ines):
    switch(tool, shows_results=True)
    lea, tom, _ = people_in(tool, "Lea", "Tom", "Udo")
    passes(tool, lea, *REQUIRED)
    certify(tool, lea)
    passes(tool, tom, "strategie-steuerung", passed=False)
    attempt(tool, tom, "strategie-steuerung", 3)
    ines.go(WAY)
    assert people_on(ines) == [
        ["Lea", "3 von 7", "37,5\u00a0%", "Informationssicherheit und Resilienz", "ausgestellt"],
        ["Tom", "0 von 7", "0\u00a0%", "Strategie und Steuerung (begonnen)", "noch nicht ausgestellt"],
        ["Udo", "0 von 7", "0\u00a0%", VERSTEHEN, "noch nicht ausgestellt"],
    ]
    assert numbers(ines)["Stand auf dem Weg"][0] == ("noch unter einem Viertel", "2"), "they are listed anyway"


def test_what_counts_for_the_learner_counts_here(tool, ines):
    """A result that is enough for this certificate though not for the quiz, the final work, a pass in another course."""
    switch(tool, shows_results=True)
    client = tool.browser()
    lea = Visit(client, tool.launch_as(client))
    with sessions(tool)() as session:
        user_id = session.scalars(select(LtiUser.id).where(LtiUser.subject == "5")).one()
    passes(tool, user_id, "informationssicherheit", "ki-kommune", "handlungsfelder")
    attempt(tool, user_id, "handlungsfelder", 7)
    attempt(tool, user_id, "strategie-steuerung", 6)
    attempt(tool, user_id, "umsetzen-transfer", 5)
    attempt(tool, user_id, "umsetzen-transfer", 9, part="assignment", passed=True)
    lea.go("certificates?way=lotse")
    ines.go(WAY)
    [row] = people_on(ines)
    assert "Sie haben 3 von 7 Modulen bestanden." in lea.text
    assert row == ["Lea Lernfeld", "3 von 7", "50\u00a0%", VERSTEHEN, "noch nicht ausgestellt"]


def test_a_revoked_certificate_is_not_issued(tool, ines):
    switch(tool, shows_results=True)
    [lea] = people_in(tool, "Lea")
    public_id = certify(tool, lea)
    ines.go(WAY)
    assert people_on(ines)[0][4] == "ausgestellt"
    with sessions(tool).begin() as session:
        session.scalars(select(IssuedProof).where(IssuedProof.public_id == public_id)).one().revoked_at = tool.clock()
    ines.go(WAY)
    assert people_on(ines)[0][4] == "noch nicht ausgestellt"


def test_people_are_listed_by_name_or_by_progress(tool, ines):
    switch(tool, shows_results=True)
    anna, bert, cora, dora = people_in(tool, "Anna", "bert", "Cora", "Dora")
    passes(tool, bert, *REQUIRED)
    passes(tool, dora, *ELECTIVES, "datenrecht")
    passes(tool, cora, *REQUIRED)
    certify(tool, anna)
    ines.go(WAY)
    assert [row[0] for row in people_on(ines)] == ["Anna", "bert", "Cora", "Dora"]
    ines.click("nach Fortschritt")
    assert [row[0] for row in people_on(ines)] == ["Anna", "bert", "Cora", "Dora"]
    passes(tool, dora, "smart-city-verstehen", "strategie-steuerung")
    ines.click("nach Fortschritt")
    assert [row[0] for row in people_on(ines)] == ["Anna", "Dora", "bert", "Cora"], "one elective counts, not four"


def test_many_people_are_paged_and_searched(tool, ines):
    switch(tool, shows_results=True)
    fill(tool, (120, ()))
    people_in(tool, "Ömer Özil", "100 % sicher")
    ines.go(WAY)
    assert (len(people_on(ines)), "122 Personen in der Liste" in ines.text) == (50, True)
    ines.click("Nächste Seite")
    assert ("Lerner 0098" in ines.text, "Seite 2 von 3" in ines.text) == (True, True)
    for words, names in (("ömer", ["Ömer Özil"]), ("LERNER 0119", ["Lerner 0119"]), ("%", ["100 % sicher"])):
        ines.go("class/way", query_string={"way": "lotse", "q": words})
        assert [row[0] for row in people_on(ines)] == names
    ines.go("class/way?way=lotse&q=nobody")
    assert "Niemand passt zu dieser Auswahl." in ines.text


def test_without_names_people_have_the_pseudonym_of_the_class_page_and_are_found_by_it(tool, ines):
    switch(tool, shows_results=True)
    fill(tool, (7, REQUIRED), named=False)
    ines.go("class/")
    shown = sorted(row[0] for row in rows_of(ines))
    ines.go(WAY)
    assert sorted(row[0] for row in people_on(ines)) == shown
    ines.go("class/way", query_string={"way": "lotse", "q": shown[3].lower()})
    assert [row[0] for row in people_on(ines)] == [shown[3]]


def test_who_is_only_on_the_list_of_participants_is_there_and_who_is_suspended_is_not(tool, ines):
    switch(tool, shows_results=True)
    people_in(tool, "Lea")
    with sessions(tool).begin() as session:
        course = session.scalars(select(Context)).one()
        key = {"registration_id": course.registration_id, "context_id": course.id}
        times = {"next_read_at": tool.clock(), "read_at": tool.clock()}
        session.add(RosterRow(**key, url="https://lms.example/m", wanted=False, **times))
        session.flush()
        session.add(RosterMember(**key, subject="9", name="Nia Neu", active=True))
        session.add(RosterMember(**key, subject="10", name="Udo Ungern", active=False))
    ines.go(WAY)
    assert [row[:2] for row in people_on(ines)] == [["Lea", "0 von 7"], ["Nia Neu", "0 von 7"]]


@pytest.mark.parametrize("query", ["&order=progress", "&q=7K4"])
def test_the_page_takes_few_queries_however_many_people(tool, ines, counted_queries, query):
    switch(tool, shows_results=True)
    fill(tool, (60, REQUIRED))
    fill(tool, (20, ()), named=False)
    ines.go(WAY)
    with counted_queries() as queries:
        assert ines.go(WAY + query).status_code == 200
    assert len(queries) <= 6, "\n".join(queries)


def test_people_of_other_courses_and_towns_are_not_there(tool, ines):
    switch(tool, shows_results=True)
    people_in(tool, "Lea")
    elsewhere = teach(tool, context=OTHER_COURSE, resource_link={"id": "9", "title": "Anderes Quiz"})
    elsewhere.go(WAY)
    assert "Noch ist niemand hier gewesen" in elsewhere.text
    siegen = register_platform(tool.settings.database_url, tool.clock, tool.internet, issuer="https://siegen.example")
    tool.app.extensions["smartcity"].registrations.forget()
    tool.platform = siegen
    assert "Lea" not in Visit(ines.client, teach(tool).landing).go(WAY).text
    assert tool.browser().get(f"{ines.landing}{WAY}", base_url=BASE_URL).status_code in {401, 403, 404}


def test_a_learner_opens_neither_page_nor_file(tool):
    lea = Visit(tool.client, tool.launch_as())
    assert lea.go(WAY).status_code == 403
    assert lea.post("class/way/export", csrf=lea.csrf, form="csv", way="lotse").status_code == 403


def test_a_way_that_is_not_there_is_not_found(ines):
    assert ines.go("class/way?way=nirgendwohin").status_code == 404


def file_of(ines, **fields):
    ines.go(WAY)
    answer = ines.post("class/way/export", csrf=ines.csrf, way="lotse", **fields)
    assert answer.status_code == 200
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def test_the_file_holds_what_the_page_shows_and_no_more(tool, ines):
    fill(tool, (9, ()), (5, REQUIRED[:2]))
    [evil] = people_in(tool, "=HYPERLINK(1)")
    ines.go(WAY)
    shown = [(heading, *row) for heading, rows in numbers(ines).items() for row in rows]
    assert file_of(ines, form="csv") == [["Abschnitt", "Angabe", "Personen"], *map(list, shown)]
    switch(tool, shows_results=True)
    passes(tool, evil, *REQUIRED)
    head, *rows = file_of(ines, form="csv")
    assert head == ["Person", "Module bestanden", "Module nötig", "Weg", "Als Nächstes", "Zertifikat"]
    assert rows[0] == [
        "'=HYPERLINK(1)",
        "3",
        "7",
        "37,5\u00a0%",
        "Informationssicherheit und Resilienz",
        "noch nicht ausgestellt",
    ]
    assert len(rows) == 15
    with sessions(tool)() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(one.actor, one.action, one.detail["people"]) for one in entries] == [
        ("instructor", "ways.exported", 0),
        ("instructor", "ways.exported", 15),
    ]


def test_the_file_is_made_for_spreadsheets_and_for_nothing_else(tool, ines):
    fill(tool, (5, ()))
    ines.go(WAY)
    book = ines.post("class/way/export", csrf=ines.csrf, way="lotse", form="xlsx")
    assert book.data.startswith(b"PK")
    ines.go(WAY)
    assert ines.post("class/way/export", csrf=ines.csrf, way="lotse", form="docx").status_code == 400


READ = """\
id: lesen
title: Leseprobe – Musterlehrgang
summary: Ein Modul ohne Quiz.
issuer: Akademie Musterstadt (fiktiv)
rule: Zwei Module.
required: [datenrecht, abschlussprojekt]
"""


def test_a_module_without_a_quiz_counts_once_all_of_it_is_read(database_url, tmp_path):
    content = tmp_path / "content"
    shutil.copytree(PLAIN_CONTENT, content)
    names = (content / "catalogue.yaml").read_text("utf-8").replace("certifications:\n", "certifications:\n  - lesen\n")
    (content / "catalogue.yaml").write_text(names, "utf-8")
    (content / "certifications/lesen.yaml").write_text(READ, "utf-8")
    with running_tool(database_url, SMARTCITY_CONTENT_DIR=str(content)) as tool:
        ines = teach(tool)
        switch(tool, shows_results=True)
        client = tool.browser()
        lea = Visit(client, tool.launch_as(client, custom={"module": "abschlussprojekt"}))
        pages = tool.app.extensions["smartcity"].catalogue.modules["abschlussprojekt"].required_pages
        for done, page in enumerate(pages, start=1):
            assert lea.go(f"modules/abschlussprojekt/{page.slug}").status_code == 200
            ines.go("class/way?way=lesen")
            [row] = people_on(ines)
            assert row[1] == ("1 von 2" if done == len(pages) else "0 von 2")
