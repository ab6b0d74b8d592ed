"""The rules for self_assessment.yaml, in the exact words their author reads."""

from __future__ import annotations

from datetime import date

import pytest

from lti_tool.curriculum.checks import check
from lti_tool.curriculum.loader import load_catalogue
from tests.unit.curriculum.conftest import ContentFolder

FILE = "self_assessment.yaml"
QUESTIONS = """\
levels: [nie, kennen, anwenden, gestalten, verantworten]
roles:
  - id: amt
    title: Amt
    summary: Sie arbeiten im Amt.
    targets: {SC-11: 2}
situations:
  - id: wasser
    competence: SC-11
    text: Ich kann Wasser messen.
"""


@pytest.fixture
def asking(content: ContentFolder) -> ContentFolder:
    content.write(FILE, QUESTIONS)
    content.change("catalogue.yaml", "certifications: [probe]", "certifications: [probe]\ncompetences: {SC-11: Wasser}")
    return content


def findings(content: ContentFolder) -> list[str]:
    return [
        str(problem).removeprefix(f"{content.path.as_posix()}/{FILE}")
        for problem in check(content.path, today=date(2026, 11, 22))
    ]


def test_a_content_folder_may_ask_or_not(asking: ContentFolder) -> None:
    assert findings(asking) == []
    assessment = load_catalogue(asking.path).self_assessment
    assert assessment is not None
    assert assessment.situations[0].text == "Ich kann Wasser messen."
    assert (role := assessment.role("amt")) is not None
    assert dict(role.targets) == {"SC-11": 2}
    asking.remove(FILE)
    assert findings(asking) == []
    assert load_catalogue(asking.path).self_assessment is None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("competence: SC-11", "competence: SC-12", [
            ":6:14: Die Rolle amt nennt kein Soll für SC-12 – »SC-12: 0« bis »SC-12: 4« ergänzen",
            ":6:22: Eine Situation zur Kompetenz »SC-11« gibt es nicht – meinten Sie »SC-12«?",
            ":8:3: Nach der Kompetenz SC-11 fragt keine Situation – eine Situation ergänzen",
            ":9:17: Die Kompetenz »SC-12« gibt es nicht – meinten Sie »SC-11«?",
        ]),
        ("{SC-11: 2}", "{SC-11: 5}", [
            ":6:22: »SC-11: 5« liegt außerhalb des Erlaubten – höchstens 4 angeben",
        ]),
        ("situations:\n", "situations:\n  - {id: wasser, competence: SC-11, text: Ich kann Wasser finden.}\n", [
            ":9:9: »wasser« kommt zweimal vor – jeden Namen nur einmal vergeben",
            ":10:17: »SC-11« kommt zweimal vor – jeden Namen nur einmal vergeben",
        ]),
        ("levels:", "translations: {de: {levels: [a, b, c, d, e], roles: {}, situations: {}}}\nlevels:", [
            ":1:20: In de steht schon der Text selbst – hier streichen oder »language« ändern",
            ":1:53: Die Übersetzung von »amt« fehlt – ergänzen oder die Sprache ganz weglassen",
            ":1:69: Die Übersetzung von »wasser« fehlt – ergänzen oder die Sprache ganz weglassen",
        ]),
        (", verantworten]", "]", [":1:9: »levels« ist zu kurz oder leer – ausfüllen"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(asking: ContentFolder, old: str, new: str, expected: list[str]) -> None:
    asking.change(FILE, old, new)
    assert findings(asking) == expected


def test_a_translation_stands_beside_the_original(asking: ContentFolder) -> None:
    words = "{levels: [a, b, c, d, e], roles: {amt: {title: Office, summary: You.}}, situations: {wasser: I can.}}"
    asking.change(FILE, "levels:", f"translations: {{en: {words}}}\nlevels:")
    assert findings(asking) == []
    assessment = load_catalogue(asking.path).self_assessment
    assert assessment is not None
    english = assessment.told_in("en")
    assert (english.language, english.situations[0].text, english.roles[0].targets) == ("en", "I can.", {"SC-11": 2})
    assert assessment.told_in("fr").language == "de"
