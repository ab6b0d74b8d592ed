"""The packaged content with questions that a person marks: two texts in a quiz, one in an assignment."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

from lti_tool.settings import PACKAGED_CONTENT

_ESSAYS = """
  - id: einsatz
    kind: essay
    prompt: Welche Daten erhebt Ihr Amt, und wofür?
    source: dsgvo
    rubric:
      - {id: zweck, text: Der Zweck ist benannt., points: 2}
      - {id: beispiel, text: Ein Beispiel aus dem Amt steht da., points: 1, hint: Ein Satz genügt.}
    snippets: [Der Zweck fehlt noch., Gut gewähltes Beispiel.]
    explain: Eine gute Antwort nennt Zweck und Rechtsgrundlage.
  - id: risiko
    kind: essay
    prompt: Welches Risiko sehen Sie?
    source: dsgvo
    rubric:
      - {id: risiko, text: Ein Risiko ist benannt., points: 2}
    explain: Eine gute Antwort nennt ein Risiko.
"""
ASSIGNMENT = """
title: Transferaufgabe
minutes: 60
pass_share: 0.5
intro: Schreiben Sie auf, was sich ändern soll.
questions:
  - id: transfer
    kind: essay
    prompt: Was ändern Sie?
    source: dsgvo
    rubric:
      - {id: idee, text: Die Idee ist klar., points: 4}
    explain: Eine gute Antwort ist kurz.
"""


def with_essays(folder: Path) -> Path:
    """Copy the content and add the questions; return the copy."""
    content = folder / "content"
    copytree(PACKAGED_CONTENT, content)
    module = content / "modules" / "datenrecht"
    quiz = module / "quiz.yaml"
    quiz.write_text(quiz.read_text(encoding="utf-8") + _ESSAYS, encoding="utf-8")
    (module / "assignment.yaml").write_text(ASSIGNMENT, encoding="utf-8")
    return content
