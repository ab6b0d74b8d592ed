"""Every rule of the checker: one change that breaks it, and the exact words its author reads."""

from __future__ import annotations

from datetime import date

import pytest

from lti_tool.curriculum.checks import check
from lti_tool.curriculum.errors import ContentErrors, Severity
from lti_tool.curriculum.loader import load_catalogue
from lti_tool.curriculum.media_types import MEDIA_TYPES
from tests.unit.curriculum.conftest import SVG, ContentFolder

TODAY = date(2026, 11, 22)
MODULE, QUIZ = "modules/wasser/module.yaml", "modules/wasser/quiz.yaml"
PAGE, SECOND = "modules/wasser/pages/01-pegel.md", "modules/wasser/pages/02-regen.md"
CATALOGUE, PROBE = "catalogue.yaml", "certifications/probe.yaml"


def findings(content: ContentFolder) -> list[str]:
    return [str(p).removeprefix(f"{content.path.as_posix()}/") for p in check(content.path, today=TODAY)]


def test_a_correct_folder_has_no_findings(content: ContentFolder) -> None:
    assert findings(content) == []


MODULE_RULES = [
    ("summary: Wasser in", "sumary: Wasser in", [
        ":1:1: Die Angabe »summary« fehlt – »summary: …« ergänzen",
        ":3:1: Unbekannte Angabe »sumary« – meinten Sie »summary«?",
    ]),
    ("    url: https://example.org/gesetz", "    link: https://example.org", [
        ":17:5: Unbekannte Angabe »link« – erlaubt sind: id, title, kind, stand, url",
    ]),
    ("https://example.org/gesetz", "http://example.org/gesetz", [
        (":17:10: »url: http://example.org/gesetz« hat unerlaubte Zeichen oder eine falsche Form"
        " – mit https:// beginnen, ohne Leerzeichen"),
    ]),
    ("kind: gesetz", "kind: gestz", [":16:11: »kind: gestz« gibt es nicht – meinten Sie »gesetz«?"]),
    ("    stand: 2026-01-01\n", "", [":14:5: Die Angabe »stand« fehlt – »stand: …« ergänzen"]),
    ("stand: 2026-01-01", "stand: gestern", [
        ":18:12: »stand: gestern« ist kein Datum – als JJJJ-MM-TT schreiben, zum Beispiel 2026-11-22",
    ]),
    ("minutes: 30", "minutes: 0", [":5:10: »minutes: 0« liegt außerhalb des Erlaubten – mindestens 1 angeben"]),
    ("minutes: 30", 'minutes: "30"', [
        ":5:10: »minutes« muss eine ganze Zahl sein – ohne Anführungszeichen und Komma schreiben",
    ]),
    ("title: Wasser\n", "title: 12\n", [":2:8: »title« muss Text sein – in Anführungszeichen setzen"]),
    ("title: Wasser\n", 'title: " "\n', [":2:8: »title« ist zu kurz oder leer – ausfüllen"]),
    ("objectives: [Sie kennen den Pegel.]", "objectives: Pegel", [
        ":6:13: »objectives« muss eine Liste sein – jeden Eintrag in eine eigene Zeile mit »- « schreiben",
    ]),
    ("SC-11: 2", "Wasser: 2", [
        ":7:15: »Wasser: Wasser« hat unerlaubte Zeichen oder eine falsche Form – schreiben wie SC-05",
    ]),
    ("SC-11: 2", "SC-11: 5", [":7:22: »SC-11: 5« liegt außerhalb des Erlaubten – höchstens 4 angeben"]),
    ("id: wasser", "id: wasser!", [
        (":1:5: »id: wasser!« hat unerlaubte Zeichen oder eine falsche Form"
        " – nur A–Z, a–z, 0–9, Punkt, Unter- und Bindestrich verwenden"),
    ]),
    ("id: wasser", f"id: {'w' * 65}", [":1:5: »id« ist zu lang – höchstens 64 Zeichen"]),
    ("[Sie kennen den Pegel.]", "[gut, 2]", [
        ":6:19: »objectives, 2. Eintrag« muss Text sein – in Anführungszeichen setzen",
    ]),
    ("stand: 2026-11-01", "stand: 2026-13-01", [":11:8: »2026-13-01« ist nicht lesbar – Schreibweise prüfen"]),
    ("provider: Testinstitut", "provider: Test\x01", [
        ":1:1: Die Datei enthält Steuerzeichen – als UTF-8-Text neu speichern",
    ]),
    ("id: wasser", "id: wasserlauf", [":1:5: Der Ordner heißt wasser – Ordner und id gleich nennen"]),
    ("minutes: 30", "minutes: 30\nminutes: 31", [":6:1: »minutes« steht zweimal da – eine der Angaben entfernen"]),
    ("title: Wasser\n", "title: &t Wasser\nprovider2: *t\n", [
        ":2:8: Verweise (& und *) sind nicht erlaubt – den Text ausschreiben",
    ]),
    ("authors: [Ada Beispiel]", "authors: [Ada Beispiel", [
        (":10:8: Das ist kein gültiges YAML (while parsing a flow sequence did not find expected ',' or ']')"
        " – Einrückung prüfen"),
    ]),
    ("review_due: 2027-11-01", "review_due: 2026-11-01", [
        ":12:13: review_due liegt nicht nach stand – ein späteres Datum angeben",
    ]),
    ("review_due: 2027-11-01", "review_due: 2026-11-21", [
        ":12:13: Die Prüfung war am 21.11.2026 fällig – Inhalt prüfen, stand und review_due neu setzen",
    ]),
    ("minutes: 30", "minutes: 19", [
        ":5:10: Die Seiten dauern zusammen 20 Minuten, das Modul 19 – Zeiten angleichen",
    ]),
    ("provider: ", "prerequisites: [wassr]\nprovider: ", [
        ":8:17: Das Modul »wassr« gibt es nicht – meinten Sie »wasser«?",
    ]),
    ("provider: ", "prerequisites: [wasser]\nprovider: ", [
        ":8:16: Die Voraussetzungen drehen sich im Kreis: wasser → wasser – eine der Voraussetzungen streichen",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), MODULE_RULES)
def test_module_rules(content: ContentFolder, old: str, new: str, expected: list[str]) -> None:
    content.change(MODULE, old, new)
    assert [line for line in findings(content) if line.startswith(MODULE)] == [MODULE + e for e in expected]


PAGE_RULES = [
    ("(02-regen.md)", "(02-regn.md)", ":7: Die Seite 02-regn.md gibt es nicht – meinten Sie »02-regen.md«?"),
    ("(02-regen.md)", "(regen)", (":7: Der Link regen führt nirgendwohin"
     " – auf eine Seite (02-name.md) oder auf https:// verweisen")),
    ("Ein **Pegel** misst.", "Ein <b>Pegel</b>.", ":7: HTML ist nicht erlaubt (<b>) – mit Markdown schreiben; < als &lt;"),
    ("Ein **Pegel** misst.", "Ein\nPegel <script>", (":8: HTML ist nicht erlaubt (<script>)"
     " – mit Markdown schreiben; < als &lt;")),
    ("## Tabelle", "<div>\n\n## Tabelle", ":9: HTML ist nicht erlaubt (<div>) – mit Markdown schreiben; < als &lt;"),
    ("## Tabelle", "# Tabelle", ":9: Die Überschrift der Seite steht im Kopf (title) – hier mit ## beginnen"),
    ("## Tabelle", "### Tabelle", ":9: Überschrift springt von Ebene 1 auf 3 – ## verwenden"),
    ("## Tabelle", "##### Zu tief", ":9: Überschriften gehen höchstens bis #### – den Abschnitt teilen"),
    ("::: callout info Merken", "::: xyz Merken", ":17: Den Kasten »xyz« gibt es nicht – vorhanden: accordion, audio, callout, check, practice, video"),
    ("## Tabelle", "## Tabelle\n\n#### Zu tief", ":11: Überschrift springt von Ebene 2 auf 4 – ### verwenden"),
    ("| Ort | Stand |", "|  | Stand |", ":11: Die Tabelle hat eine leere Kopfzelle – jede Spalte benennen"),
    ("![Ein Pegel]", "![]", (":15: Das Bild media/pegel.svg hat keinen Alternativtext"
     " – ![Was ist zu sehen?](…) ergänzen")),
    (' "Pegel an der Brücke"', "", (":15: Das Bild media/pegel.svg hat keine Bildunterschrift"
     ' – ![…](datei "Bildunterschrift") ergänzen')),
    ("media/pegel.svg", "media/pegl.svg", ":15: Die Datei media/pegl.svg gibt es nicht – meinten Sie »media/pegel.svg«?"),
    ("media/pegel.svg", "https://example.org/x.svg", (":15: Das Bild https://example.org/x.svg liegt nicht im Modul"
     " – in den Ordner media/ legen")),
    ("![Ein Pegel]", "Text ![Ein Pegel]", ":15: Das Bild steht mitten im Text – in einen eigenen Absatz setzen"),
    ("::: callout info Merken", "::: calout info Merken", ":17: Den Kasten »calout« gibt es nicht – meinten Sie »callout«?"),
    ("callout info Merken", "callout infos Merken", ":17: Die Art »infos« gibt es nicht – meinten Sie »info«?"),
    ("callout info Merken", "callout info", ":17: Der Kasten hat keinen Titel – hinter die Art einen Titel schreiben"),
    ("::: practice Musterstadt\nText\n:::", "::: practice Musterstadt\nText", (":21: Der Kasten ist nicht geschlossen"
     " – mit einer Zeile ::: beenden")),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), PAGE_RULES)
def test_page_rules(content: ContentFolder, old: str, new: str, expected: str) -> None:
    content.change(PAGE, old, new)
    line, _, words = expected[1:].partition(": ")
    assert f"{PAGE}:{line}:1: {words}" in findings(content)


HEAD_RULES = [
    ("title: Der Pegel", "titel: Der Pegel", [
        ":2:1: Die Angabe »title« fehlt – »title: …« ergänzen",
        ":2:1: Unbekannte Angabe »titel« – meinten Sie »title«?",
    ]),
    ("sources: [gesetz]", "sources: [gesetze]", [":4:11: Die Quelle »gesetze« gibt es nicht – meinten Sie »gesetz«?"]),
    ("sources: [gesetz]\n", "", [":2:1: Die Seite nennt keine Quelle – »sources: […]« ergänzen"]),
    ("---\ntitle", "title", [":1:1: Der Kopf der Seite fehlt – mit ---, title, minutes und --- beginnen"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), HEAD_RULES)
def test_front_matter_rules(content: ContentFolder, old: str, new: str, expected: list[str]) -> None:
    content.change(PAGE, old, new)
    assert findings(content) == [PAGE + e for e in expected]


QUIZ_RULES = [
    ("      - {id: a, text: Wasser, correct: true,", "      - {id: a, text: Wasser,",
     ":10:7: Die Frage »eins« hat keine richtige Antwort – bei einer Antwort »correct: true« ergänzen"),
    ("text: Wind,", "text: Wind, correct: true,", (":10:7: Die Frage »eins« hat 2 richtige Antworten, aber kind: single"
     " – kind: multiple wählen oder nur eine als richtig führen")),
    ("text: Asphalt,", "text: Asphalt, correct: true,", (":20:7: In der Frage »zwei« sind alle Antworten richtig"
     " – eine falsche Antwort ergänzen")),
    ("id: zwei", "id: eins", ":14:9: »eins« kommt zweimal vor – jeden Namen nur einmal vergeben"),
    ("{id: b, text: Wind", "{id: a, text: Wind", ":11:14: »a« kommt zweimal vor – jeden Namen nur einmal vergeben"),
    ("    page: pegel", "    page: pegl", ":7:11: Die Seite »pegl« gibt es nicht – meinten Sie »pegel«?"),
    ("    page: pegel\n    source: gesetz", "    page: pegel\n    source: web",
     ":8:13: Die Quelle »web« gibt es nicht – vorhanden: gesetz"),
    ("    page: pegel\n    source: gesetz\n", "    page: pegel\n", ":4:5: Die Angabe »source« fehlt – »source: …« ergänzen"),
    ("    explain: Wasser soll versickern.\n", "", ":14:5: Die Angabe »explain« fehlt – »explain: …« ergänzen"),
    (", feedback: Nein.", "", ":22:9: Die Angabe »feedback« fehlt – »feedback: …« ergänzen"),
    ("kind: single", "kind: singel", ":5:11: »kind: singel« gibt es nicht – meinten Sie »single«?"),
    ("correct: true, feedback: Richtig.", 'correct: "ja", feedback: Richtig.',
     ":10:40: »correct« muss true oder false sein – ohne Anführungszeichen schreiben"),
    ("pass_share: 0.6", "pass_share: 60", ":1:13: »pass_share: 60« liegt außerhalb des Erlaubten – höchstens 1 angeben"),
    ("text: Mulden", 'text: "[Mulden](https://example.org)"',
     ":20:1: In Frage und Antwort stehen keine Links – den Link in die Erläuterung setzen"),
    ("      Ein Pegel misst den", "      Ein\n      Pegel <i>misst</i> den",
     ":14:1: HTML ist nicht erlaubt (<i>) – mit Markdown schreiben; < als &lt;"),
    ("explain: Wasser soll", 'explain: "[Regen](02-regen.md)" #',
     ":23:1: Ein Quiz verweist nicht im Text auf Seiten – »page« bei der Frage angeben"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), QUIZ_RULES)
def test_quiz_rules(content: ContentFolder, old: str, new: str, expected: str) -> None:
    content.change(QUIZ, old, new)
    assert QUIZ + expected in findings(content)


CATALOGUE_RULES = [
    (CATALOGUE, "  - wasser\n", "", ":2:3: wasser liegt im Ordner modules, steht aber nicht im Katalog – unter »modules« einreihen"),
    (CATALOGUE, "  - energie\n", "  - energie\n  - klima\n",
     ":4:5: Den Ordner modules/klima gibt es nicht – anlegen oder unter planned führen"),
    (CATALOGUE, "  - energie\n", "  - energie\n  - wasser\n", ":4:5: »wasser« kommt zweimal vor – jeden Namen nur einmal vergeben"),
    (CATALOGUE, "planned:\n", "planned:\n  wasser: {title: Wasser, minutes: 5}\n",
     ":5:11: Das Modul wasser ist schon da – unter planned streichen"),
    (CATALOGUE, "planned:\n", "planned:\n  klima: {title: Klima, minutes: 5}\n", ":5:10: klima fehlt unter modules – dort einreihen"),
    (CATALOGUE, "[probe]", "[proben]", ":6:18: Der Lehrgang »proben« gibt es nicht – meinten Sie »probe«?"),
    (CATALOGUE, "[probe]", "[]", (":6:17: probe liegt im Ordner certifications, steht aber nicht im Katalog"
     " – unter »certifications« einreihen")),
    (CATALOGUE, "minutes: 60", "minuten: 60", ":5:29: Unbekannte Angabe »minuten« – meinten Sie »minutes«?"),
    (PROBE, "[wasser]", "[waser]", ":6:12: Das Modul »waser« gibt es nicht – meinten Sie »wasser«?"),
    (PROBE, "[energie]", "[wasser]", ":7:13: »wasser« kommt zweimal vor – jeden Namen nur einmal vergeben"),
    (PROBE, "electives_needed: 0", "electives_needed: 2",
     ":8:19: 2 Wahlmodule sind nötig, 1 stehen zur Wahl – weniger verlangen oder mehr anbieten"),
    (PROBE, "id: probe", "id: prob", ":1:5: Die Datei heißt probe – Datei und id gleich nennen"),
    (PROBE, "electives_needed: 0\n", "electives_needed: 0\ncapstone: {module: waser}\n",
     ":9:20: Das Modul »waser« gibt es nicht – meinten Sie »wasser«?"),
    (PROBE, "electives_needed: 0\n", "electives_needed: 0\ncapstone: {module: wasser}\n",
     (":9:20: Das Modul wasser hat keine Aufgabe, die Abschlussarbeit sein kann"
      " – assignment.yaml anlegen oder ein anderes Modul nennen")),
    (PROBE, "electives_needed: 0\n", "electives_needed: 0\ncapstone: {modul: wasser}\n",
     ":9:12: Unbekannte Angabe »modul« – meinten Sie »module«?"),
    (PROBE, "electives_needed: 0\n", "electives_needed: 0\nrefresher: [wasser]\n",
     (":9:12: Eine Auffrischung ist genannt, aber das Zertifikat läuft nicht ab"
      " – »validity_months: …« ergänzen oder »refresher« streichen")),
    (PROBE, "electives_needed: 0\n", "validity_months: 36\nrefresher: [waser]\n",
     ":9:13: Das Modul »waser« gibt es nicht – meinten Sie »wasser«?"),
    (PROBE, "electives_needed: 0\n", "validity_months: 36\nrefresher: [energie]\n",
     (":9:13: Das Modul energie hat kein Quiz, das man zur Auffrischung noch einmal bestehen kann"
      " – quiz.yaml anlegen oder ein anderes Modul nennen")),
    (PROBE, "electives_needed: 0\n", "validity_months: 12\nrefresh_months: 18\n",
     (":9:17: Erneuern lässt sich das Zertifikat 18 Monate vorher, es gilt aber kürzer"
      " – höchstens 12 Monate nennen")),
    (PROBE, "electives_needed: 0\n", "electives_needed: 0\nlive_hours: 0.33\n",
     (":9:13: 0.33 Stunden sind keine ganze Zahl von Minuten"
      " – so runden, dass es ganze Minuten werden, zum Beispiel 1.5")),
    (PROBE, "required: [wasser]\nelectives: [energie]\n", "",
     ":1:1: Der Lehrgang verlangt kein Modul – »required« oder »electives« ergänzen"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "expected"), CATALOGUE_RULES)
def test_catalogue_and_certification_rules(
    content: ContentFolder, file: str, old: str, new: str, expected: str
) -> None:
    content.change(file, old, new)
    assert file + expected in findings(content)


def test_a_prerequisite_that_is_only_announced_is_advice(content: ContentFolder) -> None:
    content.change(MODULE, "provider: ", "prerequisites: [energie]\nprovider: ")
    assert findings(content) == [
        f"{MODULE}:8:17: wasser setzt energie voraus, das erst angekündigt ist – energie schreiben oder hier streichen"
    ]


def test_a_station_that_builds_on_a_module_elsewhere_is_advice(content: ContentFolder) -> None:
    content.change(MODULE, "provider: ", "prerequisites: [energie]\nprovider: ")
    content.change(PROBE, "electives: [energie]\n", "")
    assert findings(content)[0] == (
        f"{PROBE}:6:12: wasser setzt energie voraus, das nicht zum Lehrgang gehört"
        " – energie aufnehmen oder die Voraussetzung streichen"
    )


MEDIA_RULES = [
    ("x y.svg", SVG, "Der Dateiname x y.svg hat unerlaubte Zeichen – nur A–Z, a–z, 0–9, Punkt, Unter- und Bindestrich"),
    ("x.exe", "MZ", f"Dateien mit der Endung ».exe« sind nicht vorgesehen – erlaubt: {', '.join(MEDIA_TYPES)}"),
    ("x.svg", "<svg", "Das SVG ist nicht lesbar (unclosed token: line 1, column 0) – neu aus dem Zeichenprogramm speichern"),
    ("x.svg", f"<!DOCTYPE svg>{SVG}", "Das SVG hat einen DOCTYPE – die Zeile entfernen"),
    ("x.svg", SVG.replace("<title>Pegel</title>", ""), "Das SVG hat kein title-Element – <title>…</title> als erstes Element ergänzen"),
    ("x.svg", SVG.replace(' viewBox="0 0 9 9"', ""), "Das SVG hat keine viewBox – mit viewBox speichern, damit es mit der Seite wächst"),
    ("x.svg", SVG.replace("<rect", "<script>alert(1)</script><rect"), "Das SVG enthält <script> – nur gezeichnete Formen und Text verwenden"),
    ("x.svg", SVG.replace("<rect", '<rect onclick="x()"'), "Das SVG enthält das Attribut onclick – Skripte und Verweise nach außen entfernen"),
    ("x.svg", SVG.replace("<rect", '<rect fill="url(https://example.org/x)"'), "Das SVG enthält das Attribut fill – Skripte und Verweise nach außen entfernen"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "expected"), MEDIA_RULES)
def test_media_rules(content: ContentFolder, name: str, data: str, expected: str) -> None:
    content.write(f"modules/wasser/media/{name}", data)
    assert findings(content) == [f"modules/wasser/media/{name}:1:1: {expected}"]


def test_two_pages_may_not_share_a_name(content: ContentFolder) -> None:
    content.write("modules/wasser/pages/03-regen.md", "---\ntitle: X\nminutes: 1\nsources: [gesetz]\n---\nText\n")
    assert findings(content) == [
        "modules/wasser/pages/03-regen.md:1:1: Zwei Seiten heißen regen – eine der Dateien umbenennen"
    ]


def test_a_page_is_named_by_number_and_slug(content: ContentFolder) -> None:
    content.write("modules/wasser/pages/regen3.md", "Text")
    assert findings(content) == [
        "modules/wasser/pages/regen3.md:1:1: Der Dateiname regen3.md passt nicht – nennen wie 02-ziele.md"
    ]


def test_a_module_needs_a_page(content: ContentFolder) -> None:
    content.remove(PAGE)
    content.remove(SECOND)
    assert f"{MODULE}:1:1: Das Modul hat keine Seite – pages/01-name.md anlegen" in findings(content)


def test_a_file_that_is_a_list_is_named(content: ContentFolder) -> None:
    content.write(PROBE, "- id: probe\n")
    assert findings(content) == [
        f"{PROBE}:1:1: »die Datei« muss eine Gruppe von Angaben sein – als »name: wert« untereinander schreiben"
    ]


def test_an_empty_page_is_named(content: ContentFolder) -> None:
    content.change(SECOND, "\nEs regnet.\n", "")
    assert findings(content) == [f"{SECOND}:8:1: Die Seite ist leer – Text schreiben"]


def test_a_file_in_another_encoding_is_named(content: ContentFolder) -> None:
    content.write(SECOND, b"---\ntitle: B\xe4che\n---\n")
    assert f"{SECOND}:1:1: Die Datei ist kein UTF-8-Text – als UTF-8 speichern" in findings(content)


def test_a_folder_without_a_catalogue_says_so(content: ContentFolder) -> None:
    content.remove(CATALOGUE)
    assert findings(content) == [f"{CATALOGUE}:1:1: Die Datei fehlt oder ist nicht lesbar – anlegen oder Rechte prüfen"]
    with pytest.raises(ContentErrors):
        load_catalogue(content.path)


def test_a_circle_of_prerequisites_is_told_once(content: ContentFolder) -> None:
    content.change(CATALOGUE, "planned:\n  energie: {title: Energie, minutes: 60}\n", "")
    for name, other in (("wasser", "energie"), ("energie", "wasser")):
        text = (content.path / MODULE).read_text("utf-8").partition("prerequisites")[0]
        content.write(
            f"modules/{name}/module.yaml", text.replace("id: wasser", f"id: {name}") + f"prerequisites: [{other}]\n"
        )
    content.write("modules/energie/pages/01-a.md", "---\ntitle: A\nminutes: 1\nsources: [gesetz]\n---\nText\n")
    assert findings(content) == [
        (
            "modules/energie/module.yaml:19:16: Die Voraussetzungen drehen sich im Kreis:"
            " energie → wasser → energie – eine der Voraussetzungen streichen"
        )
    ]


def test_all_problems_of_all_files_are_told_at_once(content: ContentFolder) -> None:
    content.change(MODULE, "minutes: 30", "minuten: 30")
    content.change(PAGE, "## Tabelle", "# Tabelle")
    content.change(QUIZ, "kind: single", "kind: x")
    content.change(PROBE, "title: Musterlehrgang\n", "")
    with pytest.raises(ContentErrors) as caught:
        load_catalogue(content.path, today=TODAY)
    files = {problem.file.rpartition("/")[2] for problem in caught.value.problems}
    assert files == {"module.yaml", "quiz.yaml", "probe.yaml"}
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]


def test_a_warning_does_not_stop_the_start(content: ContentFolder) -> None:
    content.change(MODULE, "review_due: 2027-11-01", "review_due: 2026-11-21")
    assert [problem.severity for problem in check(content.path, today=TODAY)] == [Severity.WARNING]
    assert load_catalogue(content.path, today=TODAY).modules
