"""The Markdown of pages and questions: CommonMark, tables, boxes (`::: practice Titel`), figures and answers.

Parsing keeps raw HTML as tokens so that the checker can name its line; the renderer never lets it through.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from lti_tool.curriculum.lifting import lift_answers, lift_figures

_REMEMBERED = 256
"""Texts of about one module: each is parsed to be checked, and soon again to be rendered."""
_WORDS = {"text", "softbreak", "strong_open", "strong_close", "em_open", "em_close"}
_WITH_KIND = {"callout", "video", "audio"}


@dataclass(frozen=True, slots=True)
class Box:
    """What stands behind `:::`.

    Attributes:
        name: "callout", "practice", "accordion", "check", "video" or "audio", if the author wrote one of these.
        kind: a callout's "info", "warning" or "success", the file of a video or audio; "" for other boxes.
    """

    name: str
    kind: str
    title: str


def parse_box(info: str) -> Box:
    name, _, rest = info.strip().partition(" ")
    if name not in _WITH_KIND:
        return Box(name, "", rest.strip())
    kind, _, title = rest.strip().partition(" ")
    return Box(name, kind, title.strip())


@dataclass(frozen=True, slots=True)
class Markup:
    """A parsed text.

    Attributes:
        first_line: the line of its file on which the text starts.
    """

    text: str
    tokens: Sequence[Token]
    first_line: int

    def line(self, token: Token) -> int:
        return self.first_line + (token.map[0] if token.map else 0)

    @property
    def is_plain(self) -> bool:
        """Whether it is one run of text that holds nothing but words."""
        if len(self.tokens) != 1 or self.tokens[0].type != "inline":
            return False
        return all(child.type in _WORDS for child in self.tokens[0].children or ())

    @property
    def only_words(self) -> str | None:
        """The text, if it is a single line of plain words, as most of a quiz is."""
        children = self.tokens[0].children or [] if len(self.tokens) == 1 and self.tokens[0].type == "inline" else []
        if len(children) != 1 or children[0].type != "text" or not children[0].content.isprintable():
            return None
        return children[0].content.strip()

    def spans(self) -> Iterator[tuple[Token, int]]:
        """Yield every inline token with the line it stands on."""
        for block in self.tokens:
            line = self.line(block)
            for child in block.children or ():
                yield child, line
                if child.type in {"softbreak", "hardbreak"}:
                    line += 1


def parse(text: str, first_line: int = 1) -> Markup:
    """Parse a page or another text of blocks."""
    return Markup(text, _blocks(text), first_line)


def parse_inline(text: str, first_line: int = 1) -> Markup:
    """Parse a single run of text; a heading or a list in it stays plain characters."""
    return Markup(text, _run(text), first_line)


@lru_cache(maxsize=_REMEMBERED)
def _run(text: str) -> Sequence[Token]:
    return _parser().parseInline(text)


@lru_cache(maxsize=_REMEMBERED)
def _blocks(text: str) -> Sequence[Token]:
    return _parser().parse(text)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    container_plugin(parser, "box", validate=lambda params, _markup: bool(params.strip()))
    parser.core.ruler.push("figures", lift_figures)
    parser.core.ruler.push("answers", lift_answers)
    return parser
