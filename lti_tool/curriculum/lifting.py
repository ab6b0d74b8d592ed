"""What stands alone becomes more than a paragraph: a lone image a figure, the list in a knowledge check its answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

FIGURE, ANSWER = "figure", "answer"
LIST_OPEN, LIST_CLOSE = "bullet_list_open", "bullet_list_close"
BOX_OPEN, BOX_CLOSE = "container_box_open", "container_box_close"

_MARK = re.compile(r"^\[(?P<mark>[ xX])\]\s+")
_PARAGRAPH = ["list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close"]


def lift_figures(state: StateCore) -> None:
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


def lift_answers(state: StateCore) -> None:
    """Make each item of the list in a knowledge check one answer, where every item is a single paragraph."""
    tokens: list[Token] = []
    boxes: list[str] = []
    position = 0
    while position < len(state.tokens):
        token = state.tokens[position]
        taken = [token]
        if token.type == BOX_OPEN:
            boxes.append(token.info.strip().partition(" ")[0])
        elif token.type == BOX_CLOSE:
            boxes.pop()
        elif token.type == LIST_OPEN and boxes and boxes[-1] == "check":
            taken = _list(state.tokens, position)
        tokens.extend(_answers(taken) or taken)
        position += len(taken)
    state.tokens = tokens


def _list(tokens: Sequence[Token], start: int) -> list[Token]:
    """Return the list that opens at `start`, with its closing token."""
    level = tokens[start].level
    end = next(i for i in range(start, len(tokens)) if tokens[i].type == LIST_CLOSE and tokens[i].level == level)
    return list(tokens[start : end + 1])


def _answers(tokens: Sequence[Token]) -> list[Token]:
    """Return one token per answer; nothing if this is no list of plain paragraphs."""
    items = tokens[1:-1]
    size = len(_PARAGRAPH)
    if not items or [token.type for token in items] != _PARAGRAPH * (len(items) // size):
        return []
    return [_answer(items[i + 2]) for i in range(0, len(items), size)]


def _answer(inline: Token) -> Token:
    children = list(inline.children or [])
    mark = ""
    if children and (found := _MARK.match(children[0].content)):
        mark = found["mark"].lower()
        children[0].content = children[0].content[found.end() :]
    return Token(ANSWER, "", 0, map=inline.map, children=children, meta={"mark": mark}, block=True)


def halves(answer: Token) -> tuple[list[Token], list[Token]]:
    """Return an answer's own line and the feedback below it."""
    children = answer.children or []
    for index, child in enumerate(children):
        if child.type in {"softbreak", "hardbreak"}:
            return children[:index], children[index + 1 :]
    return children, []


def answers_in_boxes(tokens: Sequence[Token]) -> Iterator[tuple[Token, list[Token]]]:
    """Yield each knowledge check's opening token with all that stands in it."""
    for start, token in enumerate(tokens):
        if token.type == BOX_OPEN and token.info.strip().partition(" ")[0] == "check":
            end = next(i for i in range(start, len(tokens)) if _closes(tokens[i], token))
            yield token, list(tokens[start + 1 : end])


def _closes(token: Token, opening: Token) -> bool:
    return token.type == BOX_CLOSE and token.level == opening.level
