"""What authors type: a new module, the grammar for their editor."""

from __future__ import annotations

import json

import pytest


def test_a_new_module_passes_the_strict_check(smartcity, tmp_path):
    done = smartcity("content", "new", "starkregen", "inhalt")
    assert done.code == 0, done.err
    assert "smartcity content preview starkregen --dir inhalt" in done.out
    assert smartcity("content", "check", "inhalt", "--strict").out == "Keine Probleme gefunden.\n"
    smartcity("content", "new", "pegel", "inhalt", "--title", "Pegel: messen und melden")
    assert smartcity("content", "check", "inhalt", "--strict").out == "Keine Probleme gefunden.\n"
    assert (tmp_path / "inhalt/catalogue.yaml").read_text() == "modules:\n  - starkregen\n  - pegel\n"
    assert 'title: "Pegel: messen und melden"' in (tmp_path / "inhalt/modules/pegel/module.yaml").read_text("utf-8")


def test_an_announced_module_keeps_its_title_and_time(smartcity, tmp_path):
    (tmp_path / "catalogue.yaml").write_text(
        "modules: [klima]\nplanned:\n  klima: {title: Klima vor Ort, minutes: 90}\n", "utf-8"
    )
    assert smartcity("content", "new", "klima").code == 0
    module = (tmp_path / "modules/klima/module.yaml").read_text("utf-8")
    assert 'title: "Klima vor Ort"' in module
    assert "minutes: 90" in module
    assert smartcity("content", "check", ".", "--strict").out == "Keine Probleme gefunden.\n"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("k lima", "„k lima“ geht nicht als Name. Verwenden Sie A–Z, a–z, 0–9, Punkt, Unter- und Bindestrich."),
        ("da", "Den Ordner modules/da gibt es schon. Wählen Sie einen anderen Namen."),
        ("neu", "catalogue.yaml lässt sich nicht ergänzen. Tragen Sie neu unter „modules“ selbst ein."),
    ],
)
def test_what_cannot_be_started_is_said_and_changes_nothing(smartcity, tmp_path, name, sentence):
    (tmp_path / "modules/da").mkdir(parents=True)
    (tmp_path / "catalogue.yaml").write_text("modules: []\n")
    done = smartcity("content", "new", name)
    assert (done.code, done.err) == (1, f"Fehler: {sentence}\n")
    assert [path.name for path in (tmp_path / "modules").iterdir()] == ["da"]


def test_the_grammar_comes_as_one_text_or_as_files(smartcity, tmp_path):
    printed = json.loads(smartcity("content", "schema").out)
    assert set(printed) == {*("catalogue", "module", "page", "quiz", "assignment", "certification", "self_assessment")}
    done = smartcity("content", "schema", "--out", "schemata")
    assert done.out.startswith("7 Dateien liegen in schemata.")
    assert json.loads((tmp_path / "schemata/quiz.schema.json").read_text("utf-8")) == printed["quiz"]


def test_hints_fail_neither_way_and_warnings_only_when_strict(smartcity, tmp_path):
    smartcity("content", "new", "pegel")
    page = tmp_path / "modules/pegel/pages/01-einstieg.md"
    page.write_text(page.read_text("utf-8") + "\nWer " + "sehr " * 30 + "lange liest.\n", "utf-8")
    done = smartcity("content", "check", ".", "--strict")
    assert done.code == 0
    assert "Hinweis:  " in done.out
    assert done.out.endswith("0 Fehler, 0 Warnungen, 1 Hinweise\n")
    page.write_text(page.read_text("utf-8").replace("sources: [quelle]\n", ""), "utf-8")
    assert smartcity("content", "check", ".").code == 0
    assert smartcity("content", "check", ".", "--strict").code == 1
    rows = json.loads(smartcity("content", "check", ".", "--json").out)
    assert [row["severity"] for row in rows] == ["warning", "hint"]
    assert {*rows[0]} == {"file", "line", "column", "severity", "what", "mend"}


def test_questions_go_out_and_come_in_again(smartcity, tmp_path):
    smartcity("content", "new", "pegel")
    done = smartcity("content", "export", "pegel", "--format", "moodle-xml", "--out", "bank.xml", "--dir", ".")
    assert done.code == 0, done.err
    assert done.err == (
        "2 Fragen stehen in bank.xml.\nNur zum Teil übernommen:\n"
        "  Die Seite zum Nachlesen »ueberblick« geht nicht mit: frage-1, frage-2\n"
        "  Die Quelle »quelle« geht nicht mit: frage-1, frage-2\n"
    )
    done = smartcity("content", "import", "bank.xml", "--module", "pegel", "--dir", ".")
    assert done.code == 0, done.err
    assert done.out.startswith("2 Fragen stehen jetzt in modules/pegel/quiz.yaml.\n")
    quiz = (tmp_path / "modules/pegel/quiz.yaml").read_text("utf-8")
    assert quiz.count("\n  - id: ") == 4
    assert "  - id: frage-1-2\n" in quiz
    assert "# Anteil der Punkte" in quiz  # what the author wrote stays
    assert smartcity("content", "check", ".", "--strict").out == "Keine Probleme gefunden.\n"


def test_gift_is_printed_and_what_it_lacks_is_told(smartcity):
    done = smartcity("content", "export", "datenrecht", "--format", "gift")
    assert done.code == 0
    assert done.out.startswith("$CATEGORY: $course$/top/Datenschutz und Datenrecht\n\n// [id:")
    assert "Die Punkte gehen nicht mit: " in done.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["import", "no.xml", "--module", "pegel"], "no.xml ist nicht lesbar (No such file or directory)."),
        (["import", "bad.xml", "--module", "pegel"], "bad.xml: Das ist kein lesbares XML"),
        (["import", "bad.xml", "--module", "pegl"], "Das Modul modules/pegl gibt es nicht"),
        (["import", "bad.xml", "--module", "pegel", "--source", "x"], "Die Quelle „x“ gibt es im Modul nicht. Vorhanden: quelle."),
        (["import", "bad.xml", "--module", "pegel", "--to", "module.yaml"],
         "modules/pegel/module.yaml lässt sich nicht ergänzen: „questions“ muss die letzte Angabe sein."),
        (["export", "pegl", "--format", "gift"], "Das Modul modules/pegl gibt es nicht"),
    ],
)  # fmt: skip
def test_what_cannot_be_carried_at_all_is_one_sentence(smartcity, tmp_path, arguments, sentence):
    smartcity("content", "new", "pegel")
    (tmp_path / "bad.xml").write_text("<quiz><question>")
    done = smartcity("content", *arguments, "--dir", ".")
    assert done.code == 1
    assert done.err.startswith(f"Fehler: {sentence}")
    assert len(done.err.splitlines()) == 1


def test_an_unknown_format_names_the_known_ones(smartcity):
    done = smartcity("content", "export", "pegel", "--format", "word")
    assert "Der Wert für --format passt nicht: erwartet ist moodle-xml oder gift." in done.err
