"""From parsed Markdown to HTML that is safe to print: what the sanitiser's list does not name does not come out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from lti_tool.curriculum.boxes import closing, opening
from lti_tool.curriculum.lifting import BOX_OPEN, halves
from lti_tool.curriculum.markup import Markup, parse_box
from lti_tool.curriculum.media_types import suffix
from lti_tool.curriculum.sanitiser import clean
from lti_tool.curriculum.surroundings import MEDIA_FOLDER, Surroundings
from lti_tool.curriculum.words import file_size

__all__ = ["MEDIA_FOLDER", "PAGE_LINK", "TERM_LINK", "Surroundings", "is_external", "to_html"]

PAGE_LINK = r"^[0-9]{2}-(?P<slug>[A-Za-z0-9._-]+)\.md$"
TERM_LINK = "term:"


def to_html(markup: Markup, surroundings: Surroundings) -> str:
    """Render and sanitise."""
    words = markup.only_words
    if words is not None:
        return escape(words, quote=False)
    return clean(_RENDERER.render(markup.tokens, _OPTIONS, {"at": surroundings}))


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
        if href.startswith(TERM_LINK):
            return '<span class="term"><span class="term__name">'
        if href.startswith(MEDIA_FOLDER):
            return f'<a class="kern-link download" href="{escape(env["at"].media(unquote(href)))}" download="">'
        if is_external(href):
            rel = 'target="_blank" rel="noopener noreferrer"'
            return f'<a class="kern-link" href="{escape(href)}" {rel}>'
        return f'<a class="kern-link" href="{escape(_internal(href, env["at"]))}">'

    def link_close(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: Any) -> str:
        href = _href_of_open_link(tokens, idx)
        if href.startswith(TERM_LINK):
            return f'</span><span class="term__text"> ({escape(_explanation(href, env["at"]))})</span></span>'
        if href.startswith(MEDIA_FOLDER):
            return f' <span class="download__facts">({escape(_facts(href, env["at"]))})</span></a>'
        if is_external(href):
            return f'<span class="kern-sr-only"> {escape(env["at"].word("tab"))}</span></a>'
        return "</a>"

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        source = env["at"].media(str(tokens[idx].attrs["src"]))
        words = self.renderInlineAsText(tokens[idx].children or [], options, env)
        return f'<img src="{escape(source)}" alt="{escape(words)}">'

    def figure(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        images = tokens[idx].children or []
        caption = escape(str(images[0].attrs.get("title", "")))
        image = self.image(images, 0, options, env)
        return f'<figure class="figure">{image}<figcaption>{caption}</figcaption></figure>\n'

    def answer(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        right = tokens[idx].meta["mark"] == "x"
        own, feedback = (self.renderInline(half, options, env) for half in halves(tokens[idx]))
        verdict = escape(env["at"].word("right" if right else "wrong"))
        return (
            f'<details class="check__option{" check__option--right" if right else ""}">'
            f'<summary class="check__answer">{own}</summary><div class="check__feedback">'
            f'<p><strong class="check__verdict">{verdict}</strong> {feedback}</p></div></details>\n'
        )

    def container_box_open(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, env: Any) -> str:
        return opening(parse_box(tokens[idx].info), env["at"])

    def container_box_close(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: Any) -> str:
        level = tokens[idx].level
        opened = next(t for t in reversed(tokens[:idx]) if t.type == BOX_OPEN and t.level == level)
        return closing(parse_box(opened.info))


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


def _internal(href: str, at: Surroundings) -> str:
    """The address of another page: `02-charta.md` in the source, wherever that page lies when shown."""
    if href.endswith(".md"):
        return at.page_href.format(slug=href.removesuffix(".md").partition("-")[2])
    return href


def _explanation(href: str, at: Surroundings) -> str:
    return at.terms.get(unquote(href.removeprefix(TERM_LINK)), "")


def _facts(href: str, at: Surroundings) -> str:
    """A download's kind and size: "PDF, 120 KB"."""
    name = unquote(href.removeprefix(MEDIA_FOLDER))
    return f"{suffix(name).removeprefix('.').upper()}, {file_size(at.sizes.get(name, 0), at.language)}"


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
