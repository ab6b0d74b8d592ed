"""The Markdown of pages and questions: CommonMark, tables, boxes (`::: practice Titel`) and figures.

Parsing keeps raw HTML as tokens so that the checker can name its line; the renderer never lets it through.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

BOX_OPEN, BOX_CLOSE = "container_box_open", "container_box_close"
FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Box:
    """What stands behind `:::`.

    Attributes:
        name: "callout" or "practice", if the author wrote one of these.
        kind: a callout's "info", "warning" or "success"; "" for other boxes.
    """

    name: str
    kind: str
    title: str


def parse_box(info: str) -> Box:
    name, _, rest = info.strip().partition(" ")
    if name != "callout":
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
    parser.core.ruler.push("figures", _lift_figures)
    return parser


def _lift_figures(state: StateCore) -> None:
    """Make a paragraph that holds nothing but one image a figure."""
    tokens: list[Token] = []
    for token in state.tokens:
        tokens.append(token)
        if token.type == "paragraph_close" and _is_lone_image(tokens[-2]):
            inline = tokens[-2]
            figure = Token(FIGURE, "figure", 0, map=inline.map, children=inline.children, block=True)
            tokens[-3:] = [figure]
    state.tokens = tokens


def _is_lone_image(inline: Token) -> bool:
    children = inline.children or []
    return len(children) == 1 and children[0].type == "image"
