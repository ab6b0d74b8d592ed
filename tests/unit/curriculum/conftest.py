"""A small, correct content folder that tests break in one place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

CATALOGUE = """\
modules:
  - wasser
  - energie
planned:
  energie: {title: Energie, minutes: 60}
certifications: [probe]
"""

CERTIFICATION = """\
id: probe
title: Musterlehrgang
summary: Zum Testen.
issuer: Akademie Musterstadt (fiktiv)
rule: Ein Modul ist bestanden.
required: [wasser]
electives: [energie]
electives_needed: 0
"""

MODULE = """\
id: wasser
title: Wasser
summary: Wasser in der Stadt.
summary_easy: Es geht um Wasser.
minutes: 30
objectives: [Sie kennen den Pegel.]
competences: {SC-11: 2}
provider: Testinstitut
authors: [Ada Beispiel]
licence: CC BY 4.0
stand: 2026-11-01
review_due: 2027-11-01
sources:
  - id: gesetz
    title: Wassergesetz
    kind: gesetz
    url: https://example.org/gesetz
    stand: 2026-01-01
"""

FIRST_PAGE = """\
---
title: Der Pegel
minutes: 10
sources: [gesetz]
---

Ein **Pegel** misst. Weiter auf [Seite zwei](02-regen.md).

## Tabelle

| Ort | Stand |
|---|--:|
| Brücke | 12 |

![Ein Pegel](media/pegel.svg "Pegel an der Brücke")

::: callout info Merken
Text
:::

::: practice Musterstadt
Text
:::
"""

SECOND_PAGE = """\
---
title: Regen
minutes: 10
stand: 2026-10-01
required: false
sources: [gesetz]
---

Es regnet.
"""

QUIZ = """\
pass_share: 0.6
attempts_limit: 3
questions:
  - id: eins
    kind: single
    prompt: Was misst ein *Pegel*?
    page: pegel
    source: gesetz
    options:
      - {id: a, text: Wasser, correct: true, feedback: Richtig.}
      - {id: b, text: Wind, feedback: Das misst ein Anemometer.}
    explain: |
      Ein Pegel misst den Wasserstand.
  - id: zwei
    kind: multiple
    points: 2
    prompt: Was hilft bei Starkregen?
    source: gesetz
    options:
      - {id: a, text: Mulden, correct: true, feedback: Ja.}
      - {id: b, text: Gründächer, correct: true, feedback: Ja.}
      - {id: c, text: Asphalt, feedback: Nein.}
    explain: Wasser soll versickern.
"""

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>Pegel</title><rect width="9" height="9"/></svg>'


@dataclass(frozen=True)
class ContentFolder:
    path: Path

    def write(self, file: str, text: str | bytes) -> None:
        target = self.path / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())

    def change(self, file: str, old: str, new: str) -> None:
        text = (self.path / file).read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        self.write(file, text.replace(old, new))

    def remove(self, file: str) -> None:
        (self.path / file).unlink()


@pytest.fixture
def content(tmp_path: Path) -> ContentFolder:
    folder = ContentFolder(tmp_path)
    folder.write("catalogue.yaml", CATALOGUE)
    folder.write("certifications/probe.yaml", CERTIFICATION)
    folder.write("modules/wasser/module.yaml", MODULE)
    folder.write("modules/wasser/pages/01-pegel.md", FIRST_PAGE)
    folder.write("modules/wasser/pages/02-regen.md", SECOND_PAGE)
    folder.write("modules/wasser/quiz.yaml", QUIZ)
    folder.write("modules/wasser/media/pegel.svg", SVG)
    return folder
