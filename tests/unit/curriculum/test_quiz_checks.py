"""The rules for each kind of question: one change that breaks one, and the exact words its author reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from lti_tool.curriculum.checks import check
from tests.factories.content import ALL_KINDS, content_with_all_kinds

QUIZ, ASSIGNMENT = "quiz.yaml", "assignment.yaml"

RULES = [
    (QUIZ, "image: media/kreis.svg", "image: media/kries.svg", [":35:27: Die Datei »media/kries.svg« gibt es nicht – meinten Sie »media/kreis.svg«?"]),
    (QUIZ, "image: media/kreis.svg", "image: kreis.svg", [":35:27: »image: kreis.svg« hat unerlaubte Zeichen oder eine falsche Form – schreiben wie media/bild.svg"]),
    (QUIZ, " alt: Eine runde Fläche,", "", [":35:9: Die Angabe »alt« fehlt – »alt: …« ergänzen"]),
    (QUIZ, "alt: Eine runde Fläche, correct: true,", "alt: Eine runde Fläche,", [":35:7: Die Frage »bild« hat keine richtige Antwort – bei einer Antwort »correct: true« ergänzen"]),
    (QUIZ, "answer: 72\n", "answer: drei\n", [":42:13: »answer« muss eine Zahl sein – mit Punkt schreiben, zum Beispiel 0.6"]),
    (QUIZ, "tolerance: 1\n", "tolerance: -1\n", [":43:16: »tolerance: -1« liegt außerhalb des Erlaubten – mindestens 0 angeben"]),
    (QUIZ, "    feedback_right: Genau.\n    feedback_wrong: Drei", "    feedback_wrong: Drei", [":38:5: Die Angabe »feedback_right« fehlt – »feedback_right: …« ergänzen"]),
    (QUIZ, "accept: [Gemeinwohl, das Gemeinwohl]", 'accept: [Gemeinwohl, "?"]', [":52:26: »?« enthält weder Buchstaben noch Ziffern – ein Wort angeben"]),
    (QUIZ, "[[jahr]]", "[[jahre]]", [":61:11: Die Lücke »jahre« gibt es nicht – meinten Sie »jahr«?", ":64:9: Die Lücke »jahr« kommt im Text nicht vor – [[jahr]] in den Text schreiben"]),
    (QUIZ, "[[jahr]]", "2017", [":64:9: Die Lücke »jahr« kommt im Text nicht vor – [[jahr]] in den Text schreiben"]),
    (QUIZ, "[[zweck]]", "[[jahr]] [[zweck]]", [":61:11: Die Lücke »jahr« steht zweimal im Text – eine umbenennen"]),
    (QUIZ, '{text: "2017", correct: true}', '{text: "2017"}', [":64:43: Die Lücke »jahr« hat keine richtige Antwort – »correct: true« ergänzen"]),
    (QUIZ, '{text: "2021"}', '{text: "2007"}', [":64:91: »2007« kommt zweimal vor – jeden Namen nur einmal vergeben"]),
    (QUIZ, "kind: choice", "kind: choise", [":64:26: »kind: choise« gibt es nicht – meinten Sie »choice«?"]),
    (QUIZ, "{id: zweck, kind: text, accept: [Gemeinwohl]}", "{id: zweck, kind: text, answer: 4}", [":65:9: Die Angabe »accept« fehlt – »accept: …« ergänzen", ":65:33: Unbekannte Angabe »answer« – erlaubt sind: id, kind, accept"]),
    (QUIZ, "      - {id: m3, text: Beschluss}\n      - {id: m4, text: Umsetzung}\n", "", [":76:7: »items« ist zu kurz oder leer – ausfüllen"]),
    (QUIZ, "{id: m4, text: Umsetzung}", "{id: m3, text: Umsetzung}", [":79:14: »m3« kommt zweimal vor – jeden Namen nur einmal vergeben"]),
    (QUIZ, "distractors: [Steuern]", "distractors: [Schutz von Personen]", [":91:19: »Schutz von Personen« gehört schon zu einem Paar – eine andere rechte Seite angeben"]),
    (QUIZ, "left: DNG", "left: DSGVO", [":90:24: »DSGVO« kommt zweimal vor – jeden Namen nur einmal vergeben"]),
    (QUIZ, "hint: Er steht am Fluss.", 'hint: "[Fluss](https://example.org)"', [":6:1: In Frage und Antwort stehen keine Links – den Link in die Erläuterung setzen"]),
    (QUIZ, "shuffle: false\n", "shuffel: false\n", [":1:1: Unbekannte Angabe »shuffel« – meinten Sie »shuffle«?"]),
    (QUIZ, "shuffle: false\n", "counts: worst\n", [":1:9: »counts: worst« gibt es nicht – erlaubt sind: best, last, average"]),
    (QUIZ, "shuffle: false\n", "pools: {recht: 2}\n", [":1:16: Aus »recht« sollen 2 Fragen gezogen werden, es gibt aber 0 – weniger ziehen oder Fragen ergänzen"]),
    (QUIZ, "    hint: Er", "    pool: recht\n    hint: Er", [":6:11: Den Topf »recht« gibt es nicht – vorhanden: nichts"]),
    (QUIZ, "  - id: eine\n    kind: single\n", "  - id: eine\n", [":3:5: Die Angabe »kind« fehlt – »kind: …« ergänzen"]),
    (QUIZ, "kind: true_false", "kind: multiple", [":22:5: Die Angabe »options« fehlt – »options: …« ergänzen", ":26:5: Unbekannte Angabe »correct« – erlaubt sind: id, prompt, pool, page, source, hint, explain, shuffle, points, kind, options", ":27:5: Unbekannte Angabe »feedback_true« – erlaubt sind: id, prompt, pool, page, source, hint, explain, shuffle, points, kind, options", ":28:5: Unbekannte Angabe »feedback_false« – erlaubt sind: id, prompt, pool, page, source, hint, explain, shuffle, points, kind, options"]),
    (ASSIGNMENT, "kind: file", "kind: numeric", [":18:11: »kind: numeric« gibt es nicht – erlaubt sind: essay, file"]),
    (ASSIGNMENT, "words: [5, 20]", "words: [20, 5]", [":11:12: Der Umfang ist verkehrt herum – erst die kleinere Zahl angeben"]),
    (ASSIGNMENT, "words: [5, 20]", "points: 10", [":11:5: Unbekannte Angabe »points« – streichen, die Punkte ergeben sich aus »rubric«"]),
    (ASSIGNMENT, "max_mib: 1\n", "max_mib: 100\n", [":21:14: »max_mib: 100« liegt außerhalb des Erlaubten – höchstens 20 angeben"]),
    (ASSIGNMENT, "{id: loesung,", "{id: problem,", [":15:14: »problem« kommt zweimal vor – jeden Namen nur einmal vergeben"]),
    (ASSIGNMENT, "source: quelle\n    max_mib", "source: quele\n    max_mib", [":20:13: Die Quelle »quele« gibt es nicht – meinten Sie »quelle«?"]),
    (ASSIGNMENT, "intro: Beschreiben", 'intro: "<b>x</b>" #', [":5:1: HTML ist nicht erlaubt (</b>) – mit Markdown schreiben; < als &lt;", ":5:1: HTML ist nicht erlaubt (<b>) – mit Markdown schreiben; < als &lt;"]),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "expected"), RULES)
def test_rules_of_the_kinds(tmp_path: Path, file: str, old: str, new: str, expected: list[str]) -> None:
    folder = content_with_all_kinds(tmp_path / "content")
    path = folder / "modules" / ALL_KINDS / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    assert [str(problem).removeprefix(str(path)) for problem in check(folder)] == expected


def test_questions_of_one_pool_have_the_same_points_and_are_more_than_are_drawn(tmp_path: Path) -> None:
    folder = content_with_all_kinds(tmp_path / "content", quiz="pools: {leicht: 2}", pool=("eine", "mehrere"))
    assert [problem.what for problem in check(folder)] == [
        "Aus »leicht« werden 2 von 2 Fragen gezogen",
        "Im Topf »leicht« haben nicht alle Fragen gleich viele Punkte",
    ]
