"""Rules for Markdown: each is a small function that yields what breaks it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from urllib.parse import unquote

from markdown_it.token import Token

from lti_tool.curriculum.box_checks import boxes, knowledge_checks
from lti_tool.curriculum.errors import Problem, Severity
from lti_tool.curriculum.findings import Finding, Reach, Rule, meant, missing_file
from lti_tool.curriculum.lifting import FIGURE
from lti_tool.curriculum.markup import Markup
from lti_tool.curriculum.media_types import DOWNLOADS, is_download
from lti_tool.curriculum.render import PAGE_LINK, TERM_LINK
from lti_tool.curriculum.sentence_checks import long_sentences
from lti_tool.curriculum.surroundings import MEDIA_FOLDER

__all__ = ["Reach", "check_markup"]

_EMPTY_WORDS = {"hier", "link", "mehr", "weiter", "klick", "here", "more", "klicken sie hier"}


def check_markup(file: str, markup: Markup, reach: Reach) -> Iterator[Problem]:
    """Run all rules over one text."""
    for severity, rules in _RULES.items():
        for rule in rules if not markup.is_plain else _RULES_FOR_WORDS.get(severity, ()):
            for line, what, mend in rule(markup, reach):
                yield Problem(file, line, 1, what, mend, severity)


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
        yield line, *missing_file(source, reach)


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
        elif href.startswith(MEDIA_FOLDER):
            yield from _download(href, line, reach)
        elif href.startswith(TERM_LINK):
            yield from _term(href.removeprefix(TERM_LINK), line, reach)
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
        yield line, f"Die Seite {href} gibt es nicht", meant(href, reach.pages)


def _download(href: str, line: int, reach: Reach) -> Iterator[Finding]:
    if href.removeprefix(MEDIA_FOLDER) not in reach.media:
        yield line, *missing_file(href, reach)
    elif not is_download(href):
        yield line, f"Die Datei {href} ist nichts zum Herunterladen", f"vorgesehen sind {', '.join(DOWNLOADS)}"


def _term(name: str, line: int, reach: Reach) -> Iterator[Finding]:
    if name not in reach.terms:
        mend = meant(name, reach.terms) if reach.terms else "in module.yaml unter »glossary« erklären"
        yield line, f"Den Begriff »{name}« gibt es nicht", mend


def table_headers(markup: Markup, _reach: Reach) -> Iterator[Finding]:
    line = markup.first_line
    for before, token in pairwise(markup.tokens):
        line = markup.line(before) if before.map else line
        if before.type == "th_open" and not token.content.strip():
            yield line, "Die Tabelle hat eine leere Kopfzelle", "jede Spalte benennen"


def link_words(markup: Markup, _reach: Reach) -> Iterator[Finding]:
    for block in markup.tokens:
        children = block.children or []
        for before, token in pairwise(children):
            if before.type != "link_open":
                continue
            words = token.content.strip().lower() if token.type == "text" else ""
            if words in _EMPTY_WORDS:
                yield (
                    markup.line(block),
                    f"Der Linktext »{token.content}« sagt nicht, wohin er führt",
                    "das Ziel nennen",
                )


_RULES: Mapping[Severity, tuple[Rule, ...]] = {
    Severity.ERROR: (raw_html, headings, images, lone_images, links, table_headers, boxes, knowledge_checks),
    Severity.HINT: (link_words, long_sentences),
}
_RULES_FOR_WORDS: Mapping[Severity, tuple[Rule, ...]] = {Severity.HINT: (long_sentences,)}
