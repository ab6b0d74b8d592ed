"""Ideas are found by German words and filters, as far as the reader may read them, whatever is typed."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from lti_tool.db.models import Context, PublishedIdea
from lti_tool.domain.ids import new_id
from lti_tool.services.idea_search import PAGE, IdeaSearch, Wanted
from lti_tool.worker.idea_words import IdeaWords
from tests.factories.ideas import IdeaBoard
from tests.factories.visit import Visit
from tests.functional.test_ideas import come_from_siegen

LINK = {"content": "ideas"}


@pytest.fixture
def reader(tool):
    return Visit(tool.client, tool.launch_as(custom=LINK))


@pytest.fixture
def board(tool, reader):
    with tool.app.extensions["smartcity"].sessions() as session:
        yield IdeaBoard(session, tool.platform.registration_id, tool.clock())


@pytest.fixture
def publish(tool, board):
    """Write ideas and let others see them at once."""

    def write(*cards):
        for number, card in enumerate(cards):
            board.publish(**{"days_ago": number, **card})
        board.session.commit()

    return write


def titles(reader, **asked):
    page = reader.go("ideas/", query_string=asked)
    assert page.status_code == 200, page.text
    return re.findall(r'<h2 class="heading"><a [^>]*>([^<]*)</a>', page.text)


def test_german_words_are_found_however_they_are_written(reader, publish):
    publish(
        {"title": "Bürgerbeteiligung am Marktplatz"},
        {"title": "Weniger Lärm", "problem": "Vor den Schulen hupen die Autos auf der Straße."},
        {"title": "Die neuen Häuser", "solution": "Ein Formular für den Bauantrag"},
    )
    for words in ("bürgerbeteiligung", "BUERGERBETEILIGUNG", "Bürgerbet", "burgerbeteiligung markt"):
        assert titles(reader, q=words) == ["Bürgerbeteiligung am Marktplatz"], words
    for words in ("Schule", "Strasse", "laerm", "die Straße vor der Schule"):
        assert titles(reader, q=words) == ["Weniger Lärm"], words
    for words in ("Haus", "haeuser", "Formulare", "bauanträge"):
        assert titles(reader, q=words) == ["Die neuen Häuser"], words
    assert titles(reader, q="Schule Marktplatz") == [], "all words are asked for"
    assert "Keine Idee passt" in reader.text
    assert len(titles(reader, q="der die das")) == 3, "words that say nothing are no filter"


def test_a_compound_is_found_by_any_of_its_parts_also_on_cards_of_before(tool, reader, publish):
    publish(
        {"title": "Ein Bürgerserviceportal"},
        {"title": "Licht", "problem": "Die Straßenbeleuchtungen brannten die ganze Nacht."},
        {"title": "Beratung", "problem": "Ein Vortrag über Fördermittel"},
    )

    def found():
        asked = ("Portal", "portale", "Serviceportal", "Service", "bürger", "Beleuchtung", "Mittel", "rat", "ortal")
        return [titles(reader, q=words) for words in asked]

    portal, light, money = (["Ein Bürgerserviceportal"], ["Licht"], ["Beratung"])
    assert found() == [portal, portal, portal, portal, portal, light, money, [], []]
    extension = tool.app.extensions["smartcity"]
    with extension.sessions.begin() as session:
        session.execute(text("UPDATE published_idea SET search_rules = NULL, search_title = 'alt', search_words = ''"))
    assert titles(reader, q="Portal") == []
    with extension.sessions.begin() as session:
        before = session.scalars(select(PublishedIdea.search_number)).all()
    rewriting = IdeaWords(extension.sessions, tool.clock)
    rewriting()
    assert found() == [portal, portal, portal, portal, portal, light, money, [], []]
    with extension.sessions.begin() as session:
        assert session.scalars(select(PublishedIdea.search_number)).all() == before, "pages go on where they were"
        session.execute(text("UPDATE published_idea SET search_rules = NULL, search_words = 'alt'"))
    rewriting()
    assert titles(reader, q="Beleuchtung") == [], "it has just looked"
    tool.clock.turn(minutes=11)
    rewriting()
    assert titles(reader, q="Beleuchtung") == light


ODD = (
    '"', "'", "NEAR(", "a AND OR NOT", "*", "^x", "-- ; DROP TABLE idea", "title:", "{x}", "a:*", "& | !", "<->", "\\", "%_",
    "\x00", "½ ²", "日本", "🙂", "zztown1", "x" * 5000, "() (", "'' OR 1=1", "\u202e", "a" + "\u0301" * 50,
)  # fmt: skip


def test_no_search_is_a_command_to_the_database(reader, publish):
    publish({"title": "Eine Idee"})
    for words in ODD:
        titles(reader, q=words)
        titles(reader, q=words, order="best", theme="water")
        assert titles(reader, q=f"{words[:50]} idee") in (["Eine Idee"], []), words
    assert titles(reader, after="x", theme="gibt-es-nicht", reach="-", q="idee") == ["Eine Idee"]


def test_filters_go_together_and_at_most_takes_what_is_less(reader, publish):
    publish(
        {"title": "Eins", "themes": ["water"], "competences": ["SC-05"], "effort": "days", "cost": "none"},
        {"title": "Zwei", "themes": ["water", "data"], "effort": "months", "cost": "below_10000"},
        {"title": "Drei", "themes": ["data"], "effort": "weeks", "cost": "above", "reach": "town"},
    )
    assert titles(reader) == ["Eins", "Zwei", "Drei"]
    assert titles(reader, theme="water") == ["Eins", "Zwei"]
    assert titles(reader, theme="data", effort="weeks") == ["Drei"]
    assert titles(reader, effort="months", cost="below_10000") == ["Eins", "Zwei"]
    assert titles(reader, competence="SC-05") == ["Eins"]
    assert titles(reader, reach="town") == ["Drei"]
    assert titles(reader, q="zwei", theme="data") == ["Zwei"]


def test_what_fits_best_comes_first_only_if_that_is_asked_for(reader, publish):
    publish({"title": "Radweg", "problem": "Neben dem Parkplatz"}, {"title": "Parkplatz", "problem": "Parkplatz"})
    assert titles(reader, q="Parkplatz") == ["Radweg", "Parkplatz"]
    assert titles(reader, q="Parkplatz", order="best") == ["Parkplatz", "Radweg"]


def test_nobody_finds_what_they_may_not_read(tool, reader, board):
    elsewhere = new_id()
    board.session.add(
        Context(
            registration_id=board.registration_id,
            id=elsewhere,
            platform_id="c-9",
            deployment_id="1",
            label="c",
            title="Anders",
        )
    )
    board.session.flush()
    board.publish("Im Kurs", reach="course")
    board.publish("In der Kommune", reach="town", days_ago=1)
    board.publish("Im Freibad", reach="course", context_id=elsewhere, days_ago=2)
    gone = board.publish("Zurückgezogen", days_ago=3)
    board.session.execute(
        text("UPDATE published_idea SET gone = 'withdrawn' WHERE id = :id"), {"id": _key(board, gone)}
    )
    board.session.commit()
    seen = ["Im Kurs", "In der Kommune"]
    assert titles(reader) == titles(reader, q="im in der") == seen
    assert titles(reader, q="Kurs") == ["Im Kurs"]
    assert titles(reader, q="zurückgezogen") == titles(reader, q="freibad") == []
    stranger = come_from_siegen(tool)
    for asked in ({}, {"q": "Kurs"}, {"q": "Kommune"}, {"reach": "town"}, {"reach": "course"}, {"q": "zztown1"}):
        assert titles(stranger, **asked) == [], asked


def _key(board, idea_id):
    return idea_id if board.session.get_bind().dialect.name == "postgresql" else idea_id.hex


@pytest.mark.parametrize("asked", [{}, {"q": "Idee"}, {"q": "Idee", "order": "best"}])
def test_pages_go_on_where_the_last_one_ended(reader, publish, asked):
    publish(*({"title": f"Idee {number}"} for number in range(PAGE + 5)))
    first = titles(reader, **asked)
    assert len(first) == PAGE
    assert f"{PAGE + 5} Ideen" in reader.text
    publish({"title": "Idee, ganz neu", "days_ago": -1})
    reader.click("Weitere Ideen")
    second = re.findall(r'<h2 class="heading"><a [^>]*>([^<]*)</a>', reader.page.text)
    every = {f"Idee {number}" for number in range(PAGE + 5)}
    assert {*first, *second} - {"Idee, ganz neu"} == every, "nothing left out, though one came in between"
    assert not set(first) & set(second)
    assert "Zum Anfang der Liste" in reader.text


def test_a_changed_card_is_found_by_its_new_words_only(tool, reader, lea_writes):
    assert titles(reader, q="Sensor") == ["Bäume gießen nach Sensor"]
    lea_writes("Bäume gießen nach Plan")
    assert titles(reader, q="Sensor") == []
    assert titles(reader, q="giessen") == ["Bäume gießen nach Plan"]


@pytest.fixture
def lea_writes(tool, board):
    from lti_tool.db.models import PublishedIdea

    idea_id = board.publish("Bäume gießen nach Sensor")
    board.session.commit()

    def write(title):
        board.session.get_one(PublishedIdea, (board.registration_id, idea_id)).title = title
        board.session.commit()

    return write


def test_the_index_is_used_for_words_and_filters(tool, reader, board):
    for number in range(1500):
        board.publish(f"Wort{number} Idee", days_ago=number / 100, themes=["data"])
    board.session.commit()
    board.session.execute(text("ANALYZE"))
    board.session.commit()

    class Anybody:
        registration_id, context_id = board.registration_id, board.context_id

    search, wanted = IdeaSearch(board.session, Anybody), Wanted(words="wort77")
    statement = search.statement(wanted, search.match(wanted)).limit(21)
    on_sqlite = board.session.get_bind().dialect.name == "sqlite"
    sql = str(statement.compile(board.session.get_bind(), compile_kwargs={"literal_binds": True}))
    connection = board.session.connection()
    if not on_sqlite:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # these few rows it would read faster one by one
        connection.exec_driver_sql("SET LOCAL enable_indexscan = off")
    plan = connection.exec_driver_sql(("EXPLAIN QUERY PLAN " if on_sqlite else "EXPLAIN ") + sql.replace("%", "%%"))
    lines = " ".join(str(row) for row in plan)
    if on_sqlite:
        assert "fulltext_idea VIRTUAL TABLE INDEX" in lines
        assert "TEMP B-TREE" not in lines
        assert "ix_published_idea_search_number" in lines
    else:
        assert "Bitmap Index Scan on fulltext_published_idea" in lines
    assert len(search.find(wanted).ideas) == 11, "wort77, wort770 to wort779"


def test_what_was_found_can_be_taken_along_and_no_spreadsheet_runs_it(reader, publish):
    publish(
        {"title": "=HYPERLINK(1)", "problem": "a;b\nc", "themes": ["water"], "links": [{"address": "https://x.example", "words": ""}]},
        {"title": "Anderes", "author_line": "Frau Ö", "signed": "person"},
    )  # fmt: skip
    titles(reader, q="hyperlink")
    table = reader.go("ideas/export", query_string={"form": "csv", "q": "hyperlink"})
    assert table.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig")), delimiter=";"))
    assert [(row["Titel"], row["Lizenz"]) for row in rows] == [("'=HYPERLINK(1)", "CC BY 4.0")]
    assert rows[0]["Themen"] == "Wasser und Abwasser"
    document = json.loads(reader.go("ideas/export", query_string={"form": "json"}).data)
    assert [(one["title"], one["author"]) for one in document["ideas"]] == [
        ("=HYPERLINK(1)", "Stadt Olpe"), ("Anderes", "Frau Ö, Stadt Olpe"),
    ]  # fmt: skip
    assert reader.go("ideas/export", query_string={"form": "exe"}).status_code == 400


def test_days_in_files_are_those_of_clocks_in_germany(tool, request):
    tool.clock.now = tool.clock.now.replace(hour=23, minute=30)
    reader, publish = (request.getfixturevalue(name) for name in ("reader", "publish"))
    publish({"title": "Spät am Abend"})
    table = reader.go("ideas/export", query_string={"form": "csv"})
    tomorrow = f"{tool.clock() + timedelta(1):%Y-%m-%d}"
    assert f"-{tomorrow}.csv" in table.headers["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(table.data.decode("utf-8-sig")), delimiter=";")
    assert row["Freigegeben am"] == tomorrow
    assert "Adresse" not in row, "those of a launch end with it"
    document = reader.go("ideas/export", query_string={"form": "json"})
    assert f"-{tomorrow}.json" in document.headers["Content-Disposition"]
