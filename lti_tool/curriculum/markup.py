"""The Markdown of pages and questions: CommonMark, tables, boxes (`::: practice Titel`), figures and answers.

Parsing keeps raw HTML as tokens so that the checker can name its line; the renderer never lets it through.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from lti_tool.curriculum.lifting import lift_answers, lift_figures

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
    return Markup(text, _parser().parse(text), first_line)


def parse_inline(text: str, first_line: int = 1) -> Markup:
    """Parse a single run of text; a heading or a list in it stays plain characters."""
    return Markup(text, _parser().parseInline(text), first_line)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    container_plugin(parser, "box", validate=lambda params, _markup: bool(params.strip()))
    parser.core.ruler.push("figures", lift_figures)
    parser.core.ruler.push("answers", lift_answers)
    return parser
