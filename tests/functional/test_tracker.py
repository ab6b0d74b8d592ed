"""The way to a certificate: drawn, explained rule by rule, and quickly there."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import event, select

from lti_tool.curriculum.model import Capstone
from lti_tool.db.models import Attempt, LtiUser, ModuleProgress, QuizVersion, ResourceLink
from lti_tool.domain.ids import new_id
from tests.factories.visit import Visit

MOST_QUERIES = 5


@pytest.fixture
def extension(tool):
    return tool.app.extensions["smartcity"]


@pytest.fixture
def lea(tool):
    return Visit(tool.client, tool.launch_as(custom={"content": "tracker"}))


def write(tool, extension, *, passed=(), attempts=()):
    """Write down what the one learner there is has passed and tried: attempts are (module, part, points of ten)."""
    with extension.sessions.begin() as session:
        user = session.scalars(select(LtiUser)).one()
        own = {"registration_id": user.registration_id, "user_id": user.id}
        for module_id in passed:
            session.add(ModuleProgress(**own, module_id=module_id, passed_at=tool.clock(), updated_at=tool.clock()))
        link = session.scalars(select(ResourceLink.id)).one()
        for number, (module_id, part, points) in enumerate(attempts, 1):
            if session.get(QuizVersion, (module_id, "1")) is None:
                session.add(QuizVersion(module_id=module_id, version="1", body="{}"))
                session.flush()
            session.add(
                Attempt(
                    **own,
                    id=new_id(),
                    resource_link_id=link,
                    module_id=module_id,
                    part=part,
                    quiz_version="1",
                    number=number,
                    started_at=tool.clock(),
                    submitted_at=tool.clock(),
                    points=Decimal(points),
                    maximum=Decimal(10),
                    passed=points >= 6,
                )
            )


def stations(visit):
    """The drawn stations, in order: (state, whether on the branch)."""
    rows = re.findall(r'<li class="line__row">.*?</li>', visit.page.text, re.DOTALL)
    return [(re.search(r"rail__station--(\w+)", row)[1], "rail__branch" in row) for row in rows]


def test_the_line_draws_each_module_in_its_state_and_electives_on_a_branch(tool, extension, lea):
    write(tool, extension, passed=["smart-city-verstehen", "verwaltung-ozg"], attempts=[("datenrecht", "quiz", 5)])
    lea.go("certificates?way=lotse")
    drawn = stations(lea)
    assert len(drawn) == 6 + 4 + 2
    assert [state for state, _ in drawn[:3]] == ["done", "open", "begun"]
    assert [branch for _, branch in drawn] == [False] * 6 + [True] * 4 + [False] * 2
    assert drawn[6] == ("done", True)
    assert "bestes Ergebnis: 50 %" in lea.text.replace("\N{NO-BREAK SPACE}", " ")


def test_each_rule_says_what_is_still_missing(tool, extension, lea):
    write(tool, extension, passed=["smart-city-verstehen"], attempts=[("datenrecht", "quiz", 5)])
    lea.go("certificates?way=lotse")
    words = lea.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "6 Pflichtmodule : 1 bestanden." in words.replace("Pflichtmodule:", "Pflichtmodule :")
    assert "Jedes Modul zählt ab 60 % der Punkte. Noch darunter: Datenschutz und Datenrecht (50 %)" in words
    assert "Zur Wahl:" in words


def test_the_final_project_is_a_station_and_keeps_the_certificate_open(tool, extension, lea, rule):
    rule(
        "lotse",
        required=("datenrecht", "strategie-steuerung"),
        electives=(),
        electives_needed=0,
        capstone=Capstone(module="strategie-steuerung", pass_share=Fraction(3, 5)),
    )
    write(
        tool,
        extension,
        passed=["datenrecht", "strategie-steuerung"],
        attempts=[("strategie-steuerung", "assignment", 5)],
    )
    lea.go("certificates?way=lotse")
    words = lea.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Abschlussarbeit mit mindestens 60 % der Punkte. Bisher: 50 %." in words
    assert "noch nicht erreicht" in words
    lea.go("proofs/certificate/lotse")
    assert "Es fehlt noch 1 Teil." in lea.text
    assert lea.post("proofs/certificate/lotse", csrf=lea.csrf, name="Ada").status_code == 409
    write(tool, extension, attempts=[])
    with extension.sessions.begin() as session:
        session.scalars(select(Attempt)).one().points = Decimal(6)
    lea.go("certificates?way=lotse")
    assert "Sie haben alles, was Sie für diesen Lehrgang brauchen." in lea.text


def test_a_changed_rule_takes_no_certificate_and_no_pass_back(tool, extension, lea, rule):
    rule("lotse", required=("datenrecht",), electives=(), electives_needed=0, capstone=None)
    write(tool, extension, passed=["datenrecht"])
    lea.go("proofs/certificate/lotse")
    lea.press("Nachweis ausstellen", name="Ada Lovelace")
    rule("lotse", required=("datenrecht", "strategie-steuerung"), pass_share=Fraction(1))
    lea.go("certificates?way=lotse")
    assert "Sie haben dieses Zertifikat." in lea.text
    assert stations(lea)[0] == ("done", False)
    assert stations(lea)[-1] == ("done", False)


def test_the_third_way_closes_single_gaps_with_a_proof_for_each_module(tool, extension, lea):
    module = extension.catalogue.modules["datenrecht"]
    for page in module.pages:
        lea.go(f"modules/datenrecht/{page.slug}")
    lea.go("certificates")
    lea.click("Einzelne Lücken schließen")
    assert lea.page.text.count('class="singles__item"') == len(extension.catalogue.modules)
    lea.click("ausstellen oder ansehen")
    assert "Teilnahmebescheinigung: Datenschutz und Datenrecht" in lea.text


def test_a_card_at_the_end_of_a_module_says_how_far_the_way_is(tool, extension, lea):
    lea.go("modules/datenrecht/")
    assert "way-card" not in lea.page.text
    write(tool, extension, passed=["datenrecht"])
    lea.go("modules/datenrecht/")
    assert "1 von 7 Modulen bestanden" in lea.text, "of the ways it lies on, the one that is furthest"


@pytest.mark.parametrize(
    "custom",
    [{"content": "tracker"}, {"content": "tracker", "way": "lotse"}],
    ids=["tracker", "tracker with a grade"],
)
def test_a_full_tracker_asks_the_database_five_times_at_most(tool, extension, custom):
    lea = Visit(tool.client, tool.launch_as(custom=custom))
    write(
        tool,
        extension,
        passed=["smart-city-verstehen", "datenrecht"],
        attempts=[(module_id, "quiz", number % 10) for number in range(5) for module_id in extension.catalogue.modules],
    )
    asked = []
    engine = extension.sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    lea.go("certificates")
    assert len([line for line in asked if line.lstrip().upper().startswith(("SELECT", "WITH"))]) <= MOST_QUERIES, asked
