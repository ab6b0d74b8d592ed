"""From parsed Markdown to HTML that is safe to print: what is not on the list below does not come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

import nh3
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from lti_tool.curriculum.markup import Box, Markup, parse_box

MEDIA_FOLDER = "media/"
PAGE_LINK = r"^[0-9]{2}-(?P<slug>[A-Za-z0-9._-]+)\.md$"

_WORDS = {
    "de": {
        "info": "Hinweis",
        "warning": "Achtung",
        "success": "Merksatz",
        "practice": "Aus der Praxis",
        "table": "Tabelle",
        "tab": "(öffnet neuen Tab)",
        "true": "Richtig",
        "false": "Falsch",
    },
    "en": {
        "info": "Note",
        "warning": "Caution",
        "success": "Remember",
        "practice": "From practice",
        "table": "Table",
        "tab": "(opens a new tab)",
        "true": "True",
        "false": "False",
    },
}

_CLASSES = {
    "div": {
        "callout",
        "kern-alert",
        "kern-alert--info",
        "kern-alert--warning",
        "kern-alert--success",
        "kern-alert__header",
        "kern-alert__body",
        "practice",
        "practice__body",
        "table-scroll",
    },
    "span": {
        "kern-icon",
        "kern-icon--info",
        "kern-icon--warning",
        "kern-icon--success",
        "kern-sr-only",
        "kern-title",
    },
    "p": {"practice__label", "practice__title"},
    "table": {"kern-table"},
    "tr": {"kern-table__row"},
    "th": {"kern-table__header", "kern-table__header--numeric"},
    "td": {"kern-table__cell", "kern-table__cell--numeric"},
    "figure": {"figure"},
    "a": {"kern-link"},
}

_CLEANER = nh3.Cleaner(
    tags={
        *("a", "blockquote", "br", "code", "div", "em", "figcaption", "figure", "h2", "h3", "h4", "hr", "img"),
        *("li", "ol", "p", "pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
    },
    clean_content_tags={"script", "style"},
    attributes={"a": {"href"}, "img": {"src", "alt"}, "div": {"aria-label"}, "ol": {"start"}},
    tag_attribute_values={
        "a": {"target": {"_blank"}, "rel": {"noopener noreferrer"}},
        "div": {"role": {"region", "note"}, "tabindex": {"0"}},
        "span": {"aria-hidden": {"true"}},
        "th": {"scope": {"col"}},
    },
    allowed_classes=_CLASSES,
    url_schemes={"https", "mailto"},
    link_rel=None,
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a text needs to know about the place it is shown in.

    Attributes:
        media_base: address of the module's media folder, without a slash at the end.
        page_href: pattern for the address of another page of the module, with `{slug}`.
        language: of the text, for the few words the renderer adds.
    """

    media_base: str
    page_href: str = "{slug}"
    language: str = "de"

    def word(self, key: str) -> str:
        return _WORDS.get(self.language, _WORDS["en"])[key]


def to_html(markup: Markup, surroundings: Surroundings) -> str:
    """Render and sanitise."""
    html = _RENDERER.render(markup.tokens, _OPTIONS, {"at": surroundings})
    return _CLEANER.clean(html).strip()


class _Renderer(RendererHTML):
    """CommonMark's HTML with the classes of the design system; a method is named after the token it prints."""

    def html_block(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: Any) -> str:
        return escape(tokens[idx].content)

    def html_inline(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: Any) -> str:
        return escape(tokens[idx].content)

    def table_open(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: Any) -> str:
        label = escape(f"{env['at'].word('table')}: {', '.join(_header_texts(tokens[idx:]))}")
        return f'<div class="table-scroll" role="region" tabindex="0" aria-label="{label}"><table class="kern-table">\n'

    def table_close(self, _tokens: Sequence[Token], _idx: int, _options: OptionsDict, _env: Any) -> str:
        return "</table></div>\n"

    def tr_open(self, _tokens: Sequence[Token], _idx: int, _options: OptionsDict, _env: Any) -> str:
        return '<tr class="kern-table__row">'

    def th_open(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: Any) -> str:
        return f'<th scope="col" class="{_cell_classes(tokens[idx], "kern-table__header")}">'

    def td_open(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: Any) -> str:
        return f'<td class="{_cell_classes(tokens[idx], "kern-table__cell")}">'

    def link_open(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: Any) -> str:
        href = str(tokens[idx].attrs["href"])
        if is_external(href):
            rel = 'target="_blank" rel="noopener noreferrer"'
            return f'<a class="kern-link" href="{escape(href)}" {rel}>'
        return f'<a class="kern-link" href="{escape(_internal(href, env["at"]))}">'

    def link_close(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: Any) -> str:
        if is_external(_href_of_open_link(tokens, idx)):
            return f'<span class="kern-sr-only"> {escape(env["at"].word("tab"))}</span></a>'
        return "</a>"

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        name = PurePosixPath(str(tokens[idx].attrs["src"])).name
        source = f"{env['at'].media_base}/{name}"
        words = self.renderInlineAsText(tokens[idx].children or [], options, env)
        return f'<img src="{escape(source)}" alt="{escape(words)}">'

    def figure(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        images = tokens[idx].children or []
        caption = escape(str(images[0].attrs.get("title", "")))
        image = self.image(images, 0, options, env)
        return f'<figure class="figure">{image}<figcaption>{caption}</figcaption></figure>\n'

    def container_box_open(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: Any) -> str:
        box = parse_box(tokens[idx].info)
        return (_practice_open if box.name == "practice" else _callout_open)(box, env["at"])

    def container_box_close(self, _tokens: Sequence[Token], _idx: int, _options: OptionsDict, _env: Any) -> str:
        return "</div></div>\n"


_RENDERER = _Renderer()
_OPTIONS = OptionsDict(
    {
        "maxNesting": 20,
        "html": False,
        "linkify": False,
        "typographer": False,
        "quotes": "„“‚‘",
        "xhtmlOut": False,
        "breaks": False,
        "langPrefix": "language-",
        "highlight": None,
    }
)


def is_external(href: str) -> bool:
    return href.startswith("https://")


def _practice_open(box: Box, at: Surroundings) -> str:
    return (
        f'<div class="practice" role="note"><p class="practice__label">{escape(at.word("practice"))}</p>'
        f'<p class="practice__title">{escape(box.title)}</p><div class="practice__body">\n'
    )


def _callout_open(box: Box, at: Surroundings) -> str:
    kind = box.kind if box.kind in {"info", "warning", "success"} else "info"
    return (
        f'<div class="callout kern-alert kern-alert--{kind}" role="note"><div class="kern-alert__header">'
        f'<span class="kern-icon kern-icon--{kind}" aria-hidden="true"></span>'
        f'<span class="kern-title"><span class="kern-sr-only">{escape(at.word(kind))}: </span>'
        f'{escape(box.title)}</span></div><div class="kern-alert__body">\n'
    )


def _internal(href: str, at: Surroundings) -> str:
    """The address of another page: `02-charta.md` in the source, wherever that page lies when shown."""
    if href.endswith(".md"):
        return at.page_href.format(slug=href.removesuffix(".md").partition("-")[2])
    return href


def _href_of_open_link(tokens: Sequence[Token], idx: int) -> str:
    return next(str(t.attrs["href"]) for t in reversed(tokens[:idx]) if t.type == "link_open")


def _header_texts(tokens: Sequence[Token]) -> list[str]:
    texts = []
    for before, token in pairwise(tokens):
        if before.type == "thead_close":
            break
        if before.type == "th_open":
            texts.append("".join(child.content for child in token.children or ()))
    return texts


def _cell_classes(token: Token, name: str) -> str:
    """Right-aligned columns hold numbers; a style attribute would not pass the content security policy."""
    return f"{name} {name}--numeric" if "right" in str(token.attrs.get("style", "")) else name
