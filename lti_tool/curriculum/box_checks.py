"""Rules for boxes: what stands behind `:::`, what a video needs, what a knowledge check needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from markdown_it.token import Token

from lti_tool.curriculum.boxes import CALLOUTS, OPENINGS
from lti_tool.curriculum.findings import Finding, Reach, meant, missing_file
from lti_tool.curriculum.lifting import ANSWER, BOX_CLOSE, BOX_OPEN, answers_in_boxes, halves
from lti_tool.curriculum.markup import Box, Markup, parse_box
from lti_tool.curriculum.media_types import SOUNDS, VIDEOS, captions_for, suffix
from lti_tool.curriculum.surroundings import MEDIA_FOLDER

_PLAYERS: Mapping[str, tuple[str, Mapping[str, str]]] = {"video": ("Das Video", VIDEOS), "audio": ("Der Ton", SOUNDS)}
_FEWEST = 2


def boxes(markup: Markup, reach: Reach) -> Iterator[Finding]:
    lines = markup.text.splitlines()
    for position, token in enumerate(markup.tokens):
        if token.type != BOX_OPEN:
            continue
        line, box = markup.line(token), parse_box(token.info)
        yield from _box(box, line, reach)
        if box.name in _PLAYERS and markup.tokens[position + 1].type == BOX_CLOSE:
            yield line, f"{_PLAYERS[box.name][0]} hat keine Mitschrift", "den gesprochenen Text in den Kasten schreiben"
        _, end = token.map or (0, len(lines))
        if end >= len(lines) or not lines[end].strip().startswith(":::"):
            yield line, "Der Kasten ist nicht geschlossen", "mit einer Zeile ::: beenden"


def _box(box: Box, line: int, reach: Reach) -> Iterator[Finding]:
    if box.name not in OPENINGS:
        yield line, f"Den Kasten »{box.name}« gibt es nicht", meant(box.name, OPENINGS)
    elif box.name == "callout" and box.kind not in CALLOUTS:
        yield line, f"Die Art »{box.kind}« gibt es nicht", meant(box.kind, CALLOUTS)
    elif box.name in _PLAYERS:
        yield from _player(box, line, reach)
    elif not box.title:
        yield line, "Der Kasten hat keinen Titel", "hinter die Art einen Titel schreiben"


def _player(box: Box, line: int, reach: Reach) -> Iterator[Finding]:
    what, types = _PLAYERS[box.name]
    name = box.kind.removeprefix(MEDIA_FOLDER)
    if not box.kind.startswith(MEDIA_FOLDER):
        yield line, f"{what} liegt nicht im Modul", f"schreiben wie ::: {box.name} media/datei{next(iter(types))} Titel"
    elif name not in reach.media:
        yield line, *missing_file(box.kind, reach)
    elif suffix(name) not in types:
        yield line, f"{what} {box.kind} hat eine andere Endung als {', '.join(types)}", "umwandeln"
    elif captions_for(name) not in reach.media:
        yield line, f"{what} {box.kind} hat keine Untertitel", f"{MEDIA_FOLDER}{captions_for(name)} anlegen"
    if not box.title:
        yield line, f"{what} hat keinen Titel", "hinter die Datei einen Titel schreiben"


def knowledge_checks(markup: Markup, _reach: Reach) -> Iterator[Finding]:
    for token, inside in answers_in_boxes(markup.tokens):
        line = markup.line(token)
        answers = [inner for inner in inside if inner.type == ANSWER]
        if len(answers) < _FEWEST:
            yield line, "Die Wissensfrage hat keine zwei Antworten", "je Antwort eine Zeile »- [ ] Antwort« schreiben"
            continue
        yield from _right_ones(line, answers)
        for answer in answers:
            yield from _answer(markup.line(answer), answer)
        if inside[-1].type != ANSWER:
            yield line, "Hinter den Antworten der Wissensfrage steht Text", "in die Rückmeldungen schreiben"


def _right_ones(line: int, answers: Iterable[Token]) -> Iterator[Finding]:
    right = sum(answer.meta["mark"] == "x" for answer in answers)
    if right != 1:
        count = "keine richtige Antwort" if not right else f"{right} richtige Antworten"
        yield line, f"Die Wissensfrage hat {count}", "genau eine Antwort mit [x] kennzeichnen"


def _answer(line: int, answer: Token) -> Iterator[Finding]:
    own, feedback = halves(answer)
    words = "".join(child.content for child in own).strip()
    if not answer.meta["mark"]:
        yield line, f"Vor der Antwort »{words}« fehlt [ ] oder [x]", "»- [ ] …« oder »- [x] …« schreiben"
    if not any(child.content.strip() for child in feedback):
        yield line, f"Die Antwort »{words}« hat keine Rückmeldung", "eingerückt in die nächste Zeile schreiben"
