"""Between the HTML of question banks and our Markdown."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from lti_tool.curriculum.exchange.bank import Lose
from lti_tool.curriculum.exchange.html_blocks import Blocks

_BOX = re.compile(r"^:{3,} *(?P<name>[a-z]+)?(?: (?:info|warning|success))?(?P<title>[^\n]*)$", re.MULTILINE)
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_PLAIN = {"p", "div", "span", "br", "html", "body", "tbody", "thead", "font"}
_SILENT = {"script", "style", "head"}
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
_HEADINGS = {"h1": "## ", "h2": "## ", "h3": "### ", "h4": "#### ", "h5": "#### ", "h6": "#### "}


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def line_html(text: str) -> str:
    """Return the HTML of a single run of Markdown."""
    return str(_markdown().renderInline(text)).strip()


def block_html(text: str, lose: Lose) -> str:
    """Return the HTML of Markdown with blocks."""
    if _BOX.search(text):
        lose("Kästen werden zu gewöhnlichen Absätzen")
        text = _BOX.sub(lambda box: f"**{box['title'].strip()}**\n" if box["title"].strip() else "", text)
    if _IMAGE.search(text):
        lose("Bilder gehen nicht mit, nur ihr Alternativtext")
        text = _IMAGE.sub(r"\1", text)
    return str(_markdown().render(text)).strip()


def line_markdown(html: str, lose: Lose, *, links: bool = True) -> str:
    """Return one run of Markdown; blocks come one behind the other."""
    blocks = _converted(html, lose, links=links)
    if len(blocks) > 1:
        lose("Absätze stehen jetzt hintereinander")
    return " ".join(line.strip().lstrip("-").strip() for block in blocks for line in block.splitlines()).strip()


def block_markdown(html: str, lose: Lose) -> str:
    """Return Markdown with blocks."""
    return "\n\n".join(_converted(html, lose, links=True))


def _converted(html: str, lose: Lose, *, links: bool) -> list[str]:
    reader = _Reader(lose, links=links)
    reader.feed(html)
    reader.close()
    return reader.blocks.finished()


class _Reader(HTMLParser):
    """Writes Markdown while it reads HTML."""

    def __init__(self, lose: Lose, *, links: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks = Blocks()
        self._lose = lose
        self._links = links
        self._addresses: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
            self._lose(f"<{tag}> ist nicht erlaubt")
        elif tag in _MARKS:
            self.blocks.open_mark(_MARKS[tag])
        elif tag == "a":
            self._open_link(dict(attrs).get("href") or "")
        elif tag == "img":
            self._lose("Ein Bild geht nicht mit, nur sein Alternativtext")
            self.blocks.write(dict(attrs).get("alt") or "")
        elif not self._block(tag) and tag not in _PLAIN:
            self._lose(f"Die Formatierung <{tag}> geht verloren")

    def _block(self, tag: str) -> bool:
        """Begin a block, if the tag begins one."""
        if tag in _HEADINGS:
            self.blocks.begin(_HEADINGS[tag])
        elif tag in {"p", "div"}:
            self.blocks.begin()
        elif tag in {"ul", "ol"}:
            self.blocks.open_list("- " if tag == "ul" else "1. ")
        elif tag == "li":
            self.blocks.begin_item()
        elif tag == "blockquote":
            self.blocks.begin("> ")
        elif tag in {"table", "tr", "td", "th"}:
            self.blocks.table(tag)
        elif tag == "br":
            self.blocks.write(" ")
        else:
            return False
        return True

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _MARKS:
            self.blocks.close_mark(_MARKS[tag])
        elif tag == "a" and self._addresses:
            address = self._addresses.pop()
            self.blocks.raw(f"]({address})" if address else "")
        elif tag in {"ul", "ol"}:
            self.blocks.close_list()
        elif tag == "table":
            self.blocks.end_table()
        elif tag in {"p", "div", "li", "blockquote", *_HEADINGS}:
            self.blocks.begin()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.blocks.write(data)

    def _open_link(self, address: str) -> None:
        usable = self._links and address.startswith("https://") and not re.search(r"[\s()<>]", address)
        if not usable:
            self._lose("Ein Link geht nicht mit, nur sein Text")
        self._addresses.append(address if usable else "")
        self.blocks.raw("[" if usable else "")
