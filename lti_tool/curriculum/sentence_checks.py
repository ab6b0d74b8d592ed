"""Advice on sentences: long ones are hard to read, above all for people who read slowly."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token

from lti_tool.curriculum.findings import Finding, Reach
from lti_tool.curriculum.lifting import ANSWER
from lti_tool.curriculum.markup import Markup

LONGEST = 25
_SHOWN = 5

_END = re.compile(r"(?<=[.!?:;])[“”»«\"')]*\s+")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(„»])(?:z\. ?B|d\. ?h|u\. ?a|z|d|u|i|Art|Abs|Nr|Nrn|S|Bd|bzw|ca|etc|usw|vgl|Dr|Prof|Mio|Mrd|St|Str"
    r"|Tel|ggf|inkl|max|min|sog|evtl|e\.g|i\.e)\.$"
)
_ORDINAL = re.compile(r"(?:^|(?:^|[\s(])[a-zäöüß]+\s)[1-9]\d?\.$")
"""A number behind a small word is a day or a place in a row; behind a noun ("Artikel 6.") it ends the sentence."""
_WORD = re.compile(r"[^\W_][\w./*-]*")
_CONTENT = {"text", "code_inline"}
_BREAKS = {"softbreak", "hardbreak"}


def long_sentences(markup: Markup, _reach: Reach) -> Iterator[Finding]:
    for block in markup.tokens:
        if block.type not in {"inline", ANSWER}:
            continue
        line = markup.line(block)
        for sentence, offset in _sentences(_plain(block)):
            words = _WORD.findall(sentence)
            if len(words) > LONGEST:
                start = " ".join(sentence.split()[:_SHOWN])
                what = f"Der Satz »{start} …« hat {len(words)} Wörter"
                yield line + offset, what, f"kürzen oder teilen, höchstens {LONGEST}"


def _plain(block: Token) -> str:
    """The text as read, with line breaks where the source has them; an image's text is no sentence of the page."""
    parts = []
    for child in block.children or ():
        if child.type in _CONTENT:
            parts.append(child.content)
        elif child.type in _BREAKS:
            parts.append("\n")
    return "".join(parts)


def _sentences(text: str) -> Iterator[tuple[str, int]]:
    """Yield each sentence with the number of lines before it."""
    start = 0
    for end in _END.finditer(text):
        said = text[start : end.start()]
        if not (_ABBREVIATED.search(said) or _ORDINAL.search(said)):
            yield said, text.count("\n", 0, start)
            start = end.end()
    yield text[start:], text.count("\n", 0, start)
