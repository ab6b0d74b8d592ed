"""Rules for Markdown: each is a small function that yields what breaks it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import unquote

from markdown_it.token import Token

from lti_tool.curriculum.errors import Problem
from lti_tool.curriculum.markup import BOX_OPEN, FIGURE, Markup, parse_box
from lti_tool.curriculum.render import MEDIA_FOLDER, PAGE_LINK
from lti_tool.curriculum.schema_words import closest

Finding = tuple[int, str, str]
"""Line, what is wrong, how to mend it."""

_BOXES = ["callout", "practice"]
_CALLOUTS = ["info", "warning", "success"]


@dataclass(frozen=True, slots=True)
class Reach:
    """What a text may refer to.

    Attributes:
        pages: file names of the module's pages; empty where no page may be linked (in a quiz).
        media: names of the files in the module's media folder.
        label: the text stands in a form label, where neither links nor images may be.
    """

    pages: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()
    label: bool = False


def check_markup(file: str, markup: Markup, reach: Reach) -> Iterator[Problem]:
    """Run all rules over one text."""
    for rule in _RULES:
        for line, what, mend in rule(markup, reach):
            yield Problem(file, line, 1, what, mend)


def raw_html(markup: Markup, _reach: Reach) -> Iterator[Finding]:
    blocks = ((token, markup.line(token)) for token in markup.tokens)
    for token, line in (*blocks, *markup.spans()):
        if token.type in {"html_block", "html_inline"}:
            yield (
                line,
                f"HTML ist nicht erlaubt ({token.content.strip()[:30]})",
                "mit Markdown schreiben; < als &lt;",
            )


def headings(markup: Markup, _reach: Reach) -> Iterator[Finding]:
    above = 1
    for token in markup.tokens:
        if token.type != "heading_open":
            continue
        level, line = int(token.tag[1]), markup.line(token)
        if level == 1:
            yield line, "Die Überschrift der Seite steht im Kopf (title)", "hier mit ## beginnen"
        elif level > 4:  # noqa: PLR2004 -- h4, the deepest level the pages' styles know
            yield line, "Überschriften gehen höchstens bis ####", "den Abschnitt teilen"
        elif level > above + 1:
            yield line, f"Überschrift springt von Ebene {above} auf {level}", f"{'#' * (above + 1)} verwenden"
        above = level


def images(markup: Markup, reach: Reach) -> Iterator[Finding]:
    for token, line in markup.spans():
        if token.type == "image":
            yield from _image(token, line, reach)


def _image(token: Token, line: int, reach: Reach) -> Iterator[Finding]:
    source = unquote(str(token.attrs["src"]))
    if not token.content.strip():
        yield line, f"Das Bild {source} hat keinen Alternativtext", "![Was ist zu sehen?](…) ergänzen"
    if not str(token.attrs.get("title", "")).strip():
        yield line, f"Das Bild {source} hat keine Bildunterschrift", '![…](datei "Bildunterschrift") ergänzen'
    if not source.startswith(MEDIA_FOLDER):
        yield line, f"Das Bild {source} liegt nicht im Modul", f"in den Ordner {MEDIA_FOLDER} legen"
    elif source.removeprefix(MEDIA_FOLDER) not in reach.media:
        yield line, f"Die Datei {source} gibt es nicht", _meant(source, [MEDIA_FOLDER + m for m in reach.media])


def lone_images(markup: Markup, _reach: Reach) -> Iterator[Finding]:
    for block in markup.tokens:
        if block.type != FIGURE and any(child.type == "image" for child in block.children or ()):
            yield markup.line(block), "Das Bild steht mitten im Text", "in einen eigenen Absatz setzen"


def links(markup: Markup, reach: Reach) -> Iterator[Finding]:
    for token, line in markup.spans():
        if token.type != "link_open":
            continue
        href = unquote(str(token.attrs["href"]))
        if reach.label:
            yield line, "In Frage und Antwort stehen keine Links", "den Link in die Erläuterung setzen"
        elif re.match(PAGE_LINK, href):
            yield from _page_link(href, line, reach)
        elif not href.startswith(("https://", "mailto:")):
            yield (
                line,
                f"Der Link {href} führt nirgendwohin",
                "auf eine Seite (02-name.md) oder auf https:// verweisen",
            )


def _page_link(href: str, line: int, reach: Reach) -> Iterator[Finding]:
    if not reach.pages:
        yield line, "Ein Quiz verweist nicht im Text auf Seiten", "»page« bei der Frage angeben"
    elif href not in reach.pages:
        yield line, f"Die Seite {href} gibt es nicht", _meant(href, list(reach.pages))


def table_headers(markup: Markup, _reach: Reach) -> Iterator[Finding]:
    line = markup.first_line
    for before, token in pairwise(markup.tokens):
        line = markup.line(before) if before.map else line
        if before.type == "th_open" and not token.content.strip():
            yield line, "Die Tabelle hat eine leere Kopfzelle", "jede Spalte benennen"


def boxes(markup: Markup, _reach: Reach) -> Iterator[Finding]:
    lines = markup.text.splitlines()
    for token in markup.tokens:
        if token.type != BOX_OPEN:
            continue
        yield from _box(token, markup.line(token))
        _, end = token.map or (0, len(lines))
        if end >= len(lines) or not lines[end].strip().startswith(":::"):
            yield markup.line(token), "Der Kasten ist nicht geschlossen", "mit einer Zeile ::: beenden"


def _box(token: Token, line: int) -> Iterator[Finding]:
    box = parse_box(token.info)
    if box.name not in _BOXES:
        yield line, f"Den Kasten »{box.name}« gibt es nicht", _meant(box.name, _BOXES)
        return
    if box.name == "callout" and box.kind not in _CALLOUTS:
        yield line, f"Die Art »{box.kind}« gibt es nicht", _meant(box.kind, _CALLOUTS)
    elif not box.title:
        yield line, "Der Kasten hat keinen Titel", "hinter die Art einen Titel schreiben"


def _meant(word: str, known: list[str]) -> str:
    meant = closest(word, known)
    if meant:
        return f"meinten Sie »{meant}«?"
    return f"vorhanden: {', '.join(sorted(known)) or 'nichts'}"


_RULES: tuple[Callable[[Markup, Reach], Iterator[Finding]], ...] = (
    raw_html,
    headings,
    images,
    lone_images,
    links,
    table_headers,
    boxes,
)
