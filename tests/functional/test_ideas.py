"""Ideas: written by learners, released step by step, readable as far as that, and gone when they are withdrawn."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, insert, select

from lti_tool.db.models import AuditEntry, Idea, IdeaVersion, PublishedIdea
from lti_tool.domain.ids import new_id
from lti_tool.services.ideas import MOST_OWN
from lti_tool.services.operators import Operators
from tests.factories.id_token import LEAVE_OUT
from tests.factories.platform_key import PlatformKey
from tests.factories.visit import BASE_URL, Visit
from tests.functional.conftest import register_platform

LINK = {"content": "ideas"}
WHOLE = {
    "title": "Bäume gießen nach Sensor", "problem": "Gegossen wird nach Plan.", "solution": "Sensoren im Boden.",
    "effect": "Ein Drittel weniger Fahrten.", "effort": "weeks", "cost": "below_10000", "theme": ["climate"],
    "competence": ["SC-04"], "address-0": "https://olpe.example/baum", "words-0": "Bericht", "licence": "agreed",
    "signed": "role", "author_line": "Grünflächenamt", "stays": "yes",
}  # fmt: skip
ASK_COURSE = "Um Freigabe im Kurs bitten"
GONE = "Diese Karte wurde zurückgezogen"


def come(tool, subject="lea", *, role="Learner", course="course-1", **changed):
    client = tool.browser()
    context = {"id": course, "label": course, "title": f"Kurs {course}"}
    visit = Visit(client, tool.launch_as(client, role=role, sub=subject, context=context, custom=LINK, **changed))
    assert "Gute Ideen zum Nachmachen" in visit.text
    return visit


def session_of(tool):
    return tool.app.extensions["smartcity"].sessions()


def write(visit, button="Entwurf speichern", **changed):
    """Write a card; return its id, from the address of the page that follows."""
    visit.go("ideas/new")
    visit.press(button, **WHOLE | changed)
    return visit.path.rpartition("/")[2]


def release(instructor, idea_id, button="Freigeben"):
    instructor.go(f"class/ideas/{idea_id}")
    return instructor.press(button)


@pytest.fixture
def lea(tool):
    return come(tool)


@pytest.fixture
def ines(tool):
    return come(tool, "ines", role="Instructor")


@pytest.fixture
def operator(tool):
    with session_of(tool) as session:
        code = Operators(session, tool.clock).make_link()
        session.commit()
    client = tool.browser()
    visit = Visit(client, "/operator/enter/" + code)
    visit.press("Anmelden")
    return visit


def test_a_card_goes_from_the_course_to_the_town_to_all_towns_and_is_read_no_further(tool, lea, ines, operator):
    tom, other_course = come(tool, "tom"), come(tool, "tea", course="course-2")
    idea = write(lea, ASK_COURSE)
    assert "Freigabe erbeten: im Kurs" in lea.text
    card = f"ideas/{idea}"
    assert tom.go(card).status_code == 404
    release(ines, idea)
    assert "Grünflächenamt, Stadt Olpe" in (tom.go(card), tom.text)[1]
    assert WHOLE["solution"] in tom.text
    assert other_course.go(card).status_code == 404
    assert WHOLE["title"] not in (other_course.go("ideas/"), other_course.text)[1]
    lea.go(f"ideas/own/{idea}")
    lea.press("Um Freigabe in der Kommune bitten")
    assert tom.go(card).status_code == 200, "what is released stays readable"
    release(come(tool, "ina", role="Instructor", course="course-2"), idea)
    assert other_course.go(card).status_code == 200
    lea.go(f"ideas/own/{idea}")
    lea.press("Um Freigabe für alle Kommunen bitten")
    assert ines.go(f"class/ideas/{idea}").status_code == 200
    assert "Freigeben für" not in ines.text, "for all towns only the operator releases"
    operator.go("/operator/ideas/")
    operator.click(WHOLE["title"])
    operator.press("Freigeben")
    assert "Zurzeit wartet keine Karte." in operator.text
    siegen = come_from_siegen(tool)
    assert siegen.go(card).status_code == 200
    assert "Grünflächenamt, Stadt Olpe" in siegen.text
    with session_of(tool) as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("idea.%"))).all()
    assert actions == ["idea.released"] * 3


def come_from_siegen(tool):
    tool.platform = register_platform(
        tool.settings.database_url, tool.clock, tool.internet, issuer="https://siegen.example", key=PlatformKey("s")
    )
    tool.app.extensions["smartcity"].registrations.forget()
    return come(tool, "sina")


def test_another_town_finds_nothing_of_what_was_not_released_for_it(tool, lea, ines):
    idea = write(lea, ASK_COURSE)
    release(ines, idea)
    sina = come_from_siegen(tool)
    teacher = come(tool, "sven", role="Instructor")
    for visit, path in (
        (sina, f"ideas/{idea}"), (sina, f"ideas/own/{idea}"), (sina, f"ideas/own/{idea}/edit"),
        (teacher, f"class/ideas/{idea}"),
    ):  # fmt: skip
        assert visit.go(path).status_code == 404, path
    assert sina.post(f"ideas/own/{idea}/step", csrf=sina.go("ideas/") and sina.csrf, step="withdraw").status_code == 404
    teacher.go("class/ideas")
    assert teacher.post(f"class/ideas/{idea}", csrf=teacher.csrf, decision="hide", reason="x").status_code == 404


def test_nobody_but_the_author_sees_a_draft_and_nobody_but_instructors_releases(tool, lea, ines):
    idea = write(lea)
    tom = come(tool, "tom")
    for visit, path in ((tom, f"ideas/own/{idea}"), (tom, f"ideas/{idea}"), (ines, f"class/ideas/{idea}")):
        assert visit.go(path).status_code == 404, path
    assert tom.go("class/ideas").status_code == 403
    lea.go(f"ideas/own/{idea}")
    assert lea.post(f"class/ideas/{idea}", csrf=lea.csrf, decision="release", reach="course").status_code == 403


def test_many_cards_that_wait_cost_no_more_queries_than_one(lea, ines, counted_queries):
    def asked_of_the_database():
        with counted_queries() as statements:
            ines.go("ideas/")
            ines.go("class/ideas")
        return statements

    write(lea, ASK_COURSE)
    for_one = asked_of_the_database()
    write(lea, ASK_COURSE)
    write(lea, ASK_COURSE)
    assert asked_of_the_database() == for_one
    assert ines.page.text.count("idea-list__item") == 3


def test_a_new_version_needs_release_again_and_the_old_one_stays_readable(tool, lea, ines):
    idea = write(lea, ASK_COURSE)
    release(ines, idea)
    tom = come(tool, "tom")
    lea.go(f"ideas/own/{idea}/edit")
    lea.press(ASK_COURSE, **WHOLE | {"solution": "Zwanzig Sensoren."})
    tom.go(f"ideas/{idea}")
    assert "Sensoren im Boden." in tom.text
    ines.go(f"class/ideas/{idea}")
    assert "Zwanzig Sensoren." in ines.text
    assert "die alte bleibt so lange lesbar" in ines.text
    ines.press("Nicht freigeben", reason="Wo stehen sie?")
    lea.go(f"ideas/own/{idea}")
    assert "Grund: Wo stehen sie?" in lea.text
    tom.go(f"ideas/{idea}")
    assert "Sensoren im Boden." in tom.text
    lea.press(ASK_COURSE)
    release(ines, idea)
    tom.go(f"ideas/{idea}")
    assert "Zwanzig Sensoren." in tom.text
    assert "Fassung 2" in tom.text
    with session_of(tool) as session:
        versions = session.scalars(select(IdeaVersion.solution).order_by(IdeaVersion.number)).all()
    assert versions == ["Sensoren im Boden.", "Zwanzig Sensoren."]


def test_nobody_releases_a_text_they_have_not_read(lea, ines):
    idea = write(lea, ASK_COURSE)
    ines.go(f"class/ideas/{idea}")
    lea.go(f"ideas/own/{idea}/edit")
    lea.press("Entwurf speichern", **WHOLE | {"problem": "Ganz anders."})
    assert "Um Freigabe im Kurs bitten" in lea.text, "saving takes the request back"
    page = ines.page
    assert ines.press("Freigeben").status_code == 409
    assert "inzwischen etwas anderes geschehen" in ines.text
    lea.press(ASK_COURSE)
    ines.page = page
    assert ines.press("Freigeben").status_code == 409
    assert "Die Karte wurde inzwischen geändert" in ines.text
    assert release(ines, idea).status_code == 200


def test_a_card_withdrawn_while_somebody_reads_it_is_told_in_a_sentence_and_begins_anew(tool, lea, ines):
    idea = write(lea, ASK_COURSE)
    release(ines, idea)
    tom, stranger = come(tool, "tom"), come(tool, "tea", course="course-2")
    tom.go(f"ideas/{idea}")
    lea.go(f"ideas/own/{idea}")
    lea.press("Karte zurückziehen")
    assert tom.go(f"ideas/{idea}").status_code == 410
    assert GONE in tom.text
    assert stranger.go(f"ideas/{idea}").status_code == 404
    assert WHOLE["title"] not in (tom.go("ideas/"), tom.text)[1]
    with session_of(tool) as session:
        left = session.scalars(select(PublishedIdea)).one()
    assert (left.title, left.solution, left.author_line, left.links) == ("", "", "", [])
    lea.go(f"ideas/own/{idea}/edit")
    lea.press(ASK_COURSE, **WHOLE)
    release(ines, idea)
    assert tom.go(f"ideas/{idea}").status_code == 200


def test_a_hidden_card_is_read_by_nobody_until_it_is_shown_again(tool, lea, ines):
    idea = write(lea, ASK_COURSE)
    release(ines, idea)
    tom = come(tool, "tom")
    ines.go(f"class/ideas/{idea}")
    assert ines.press("Ausblenden", reason=" ").status_code == 400
    ines.go(f"class/ideas/{idea}")
    ines.press("Ausblenden", reason="Bild fremder Leute")
    assert tom.go(f"ideas/{idea}").status_code == 410
    assert "ausgeblendet" in tom.text
    lea.go(f"ideas/own/{idea}")
    assert "Grund: Bild fremder Leute" in lea.text
    assert "bitten" not in lea.text
    release(ines, idea, "Wieder einblenden")
    assert tom.go(f"ideas/{idea}").status_code == 200


def test_a_hidden_card_that_is_withdrawn_and_written_anew_is_a_draft_like_any_other(tool, lea, ines):
    idea = write(lea, ASK_COURSE)
    release(ines, idea)
    ines.go(f"class/ideas/{idea}")
    ines.press("Ausblenden", reason="Bild fremder Leute")
    lea.go(f"ideas/own/{idea}")
    lea.press("Karte zurückziehen")
    assert "zurückgezogen" in lea.text
    lea.go(f"ideas/own/{idea}/edit")
    lea.press(ASK_COURSE, **WHOLE)
    assert "Freigabe erbeten: im Kurs" in lea.text
    release(ines, idea)
    assert come(tool, "tom").go(f"ideas/{idea}").status_code == 200


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": "x" * 121}, "höchstens 120 Zeichen"),
        ({"problem": "x" * 3001}, "höchstens 3000 Zeichen"),
        ({"address-0": "javascript:alert(1)"}, "müssen mit https:// beginnen"),
        ({"theme": ["climate", "water", "data", "mobility", "social"]}, "höchstens 4"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(tool, lea, changed, said):
    lea.go("ideas/new")
    assert lea.press("Entwurf speichern", **WHOLE | changed).status_code == 400
    assert said in lea.text
    assert WHOLE["solution"] in lea.page.text
    with session_of(tool) as session:
        assert session.scalar(select(func.count()).select_from(Idea)) == 0


def test_a_card_that_is_not_whole_is_a_draft_and_says_what_is_missing(lea):
    lea.go("ideas/new")
    answer = lea.press(ASK_COURSE, title="Nur ein Titel\x00", problem="a\r\nb")
    assert answer.status_code == 400
    for words in ("Ihr Entwurf ist gespeichert.", "Bitte beschreiben Sie die Lösung.", "Lizenz"):
        assert words in lea.text
    lea.go("ideas/own")
    lea.click("Nur ein Titel")
    assert "Bevor Sie um Freigabe bitten, fehlt noch" in lea.text
    assert lea.post(f"{lea.path}/step", csrf=lea.csrf, step="ask-course", seen="1.1").status_code == 400
    lea.go("ideas/own")
    lea.click("Nur ein Titel")
    lea.press("Karte löschen")
    assert "noch keine Karte" in lea.text


def test_each_fault_leads_to_a_field_that_takes_the_focus(lea):
    lea.go("ideas/new")
    lea.press(ASK_COURSE, signed="role")
    targets = re.findall(r'href="#([^"]+)">Bitte', lea.page.text)
    tags = re.findall(r'<[a-z]+ [^>]*\bid="[^>]*>', lea.page.text)
    tag_of = {re.search(r'\bid="([^"]+)"', tag)[1]: tag for tag in tags}
    assert len(targets) == 9
    for target in targets:
        assert tag_of[target].startswith(("<input ", "<textarea ")) or 'tabindex="-1"' in tag_of[target], target


def test_two_windows_do_not_overwrite_each_other(lea):
    idea = write(lea)
    lea.go(f"ideas/own/{idea}/edit")
    old = lea.page
    lea.press("Entwurf speichern", **WHOLE | {"effect": "Aus dem ersten Fenster"})
    lea.page = old
    assert lea.press("Entwurf speichern", **WHOLE | {"effect": "Aus dem zweiten Fenster"}).status_code == 409
    assert "in einem anderen Fenster gespeichert" in lea.text
    assert "Aus dem zweiten Fenster" in lea.page.text
    lea.press("Entwurf speichern", **WHOLE | {"effect": "Aus dem zweiten Fenster"})
    assert "Aus dem zweiten Fenster" in lea.text


def test_links_are_plain_and_texts_are_never_markup(lea, ines, tool):
    idea = write(lea, ASK_COURSE, problem="<script>alert(1)</script>")
    release(ines, idea)
    tom = come(tool, "tom")
    html = tom.go(f"ideas/{idea}").text
    assert "<script>alert" not in html
    link = re.search(r'<a [^>]*href="https://olpe.example/baum"[^>]*>', html).group()
    assert 'rel="noopener noreferrer nofollow"' in link


def test_an_anonymous_launch_reads_and_writes_nothing(tool):
    client = tool.browser()
    nobody = Visit(client, tool.launch_as(client, sub=LEAVE_OUT, custom=LINK))
    assert "Gute Ideen zum Nachmachen" in nobody.text
    assert "Neue Karte" not in nobody.text
    assert nobody.go("ideas/new").status_code == 403


@pytest.mark.parametrize(("stays", "left"), [("yes", [("town", "")]), ("no", [])])
def test_an_erased_author_leaves_no_name_and_no_draft_and_the_card_only_if_that_was_chosen(
    tool, lea, ines, stays, left
):
    write(lea, title="Nur ein Entwurf")
    idea = write(lea, ASK_COURSE, signed="person", author_line="Lea Lern", stays=stays)
    release(ines, idea)
    lea.go(f"ideas/own/{idea}/edit")
    lea.press("Entwurf speichern", **WHOLE | {"problem": "Eine neue Fassung", "stays": stays})
    lea.go("my-data/erase")
    assert "Andere freigegebene Ideenkarten, ohne Ihren Namen" in lea.text
    lea.press("Endgültig löschen", sure="yes")
    assert "Ihre Daten sind gelöscht" in lea.text
    with session_of(tool) as session:
        assert session.execute(select(PublishedIdea.signed, PublishedIdea.author_line)).all() == left
        assert session.execute(select(IdeaVersion.signed, IdeaVersion.author_line)).all() == left
        assert session.scalars(select(Idea.author_id)).all() == [None] * len(left)
    assert come(tool, "tom").go(f"ideas/{idea}").status_code == (200 if left else 404)


def test_the_operator_alone_comes_to_the_operators_desk(tool, lea):
    assert tool.browser().get("/operator/ideas/", base_url=BASE_URL).status_code == 401


def test_one_card_too_many_is_told_with_the_limit_and_what_to_do(tool, lea):
    first = write(lea)
    with session_of(tool) as session:
        idea = session.execute(select(Idea.__table__)).mappings().one()
        version = session.execute(select(IdeaVersion.__table__)).mappings().one()
        ids = [new_id() for _ in range(MOST_OWN - 1)]
        session.execute(insert(Idea), [{**idea, "id": one} for one in ids])
        session.execute(insert(IdeaVersion), [{**version, "idea_id": one} for one in ids])
        session.commit()
    for answer in (lea.go("ideas/new"), lea.post("ideas/new", csrf=lea.csrf, **WHOLE)):
        assert answer.status_code == 409
        assert "Sie haben schon 200 Karten" in lea.text
        assert "löschen Sie unter „Meine Karten“ eine" in lea.text
    lea.go(f"ideas/own/{first}")
    lea.press("Karte löschen")
    assert write(lea) != first
