from __future__ import annotations

from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.curriculum.markup import parse, parse_inline
from lti_tool.curriculum.render import Surroundings, to_html
from lti_tool.curriculum.sanitiser import clean

HERE = Surroundings("/content/wasser/v1")


def html(text: str, at: Surroundings = HERE) -> str:
    return to_html(parse(text), at)


def test_a_table_lies_in_a_scroll_region_that_the_keyboard_reaches() -> None:
    out = html("| Ort | Menge |\n|---|--:|\n| Brücke | 12 |\n")
    assert '<div class="table-scroll" role="region" tabindex="0" aria-label="Tabelle: Ort, Menge">' in out
    assert '<th scope="col" class="kern-table__header">Ort</th>' in out
    assert '<td class="kern-table__cell kern-table__cell--numeric">12</td>' in out
    assert "style=" not in out


def test_a_callout_says_its_kind_in_words() -> None:
    out = html("::: callout warning Frist & Form\nText\n:::")
    assert 'class="callout kern-alert kern-alert--warning" role="note"' in out
    assert '<span class="kern-sr-only">Achtung: </span>Frist &amp; Form' in out
    assert "<p>Text</p>" in out


def test_a_practice_box_is_labelled() -> None:
    out = html("::: practice Musterstadt\n- eins\n:::")
    assert '<p class="practice__label">Aus der Praxis</p><p class="practice__title">Musterstadt</p>' in out
    assert "<li>eins</li>" in out


def test_an_english_module_gets_english_labels() -> None:
    out = html("::: practice X\n:::\n\n[a](https://example.org)", Surroundings("", language="en"))
    assert "From practice" in out
    assert "(opens a new tab)" in out


def test_a_figure_has_alternative_text_and_caption() -> None:
    assert html('![Ein *"Pegel"*](media/p.svg "Am <Fluss>")') == (
        '<figure class="figure"><img src="/content/wasser/v1/p.svg" alt="Ein &quot;Pegel&quot;">'
        "<figcaption>Am &lt;Fluss&gt;</figcaption></figure>"
    )


def test_an_external_link_opens_a_tab_and_says_so() -> None:
    assert html("[Gesetz](https://example.org/?a=1&b=2)") == (
        '<p><a class="kern-link" href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">'
        'Gesetz<span class="kern-sr-only"> (öffnet neuen Tab)</span></a></p>'
    )


def test_a_link_to_a_page_names_its_sibling() -> None:
    assert html("[weiter](02-regen-und-wind.md)") == '<p><a class="kern-link" href="regen-und-wind">weiter</a></p>'


def test_addresses_that_are_not_https_or_mail_are_dropped() -> None:
    assert html("[a](ftp://example.org)") == '<p><a class="kern-link">a</a></p>'
    assert 'href="mailto:a@example.org"' in html("[a](mailto:a@example.org)")


def test_what_the_list_does_not_name_is_dropped_even_if_the_renderer_writes_it() -> None:
    assert html("```python\nx\n```") == "<pre><code>x\n</code></pre>"


def test_headings_stay_on_their_level() -> None:
    assert html("## Zwei\n\n### Drei") == "<h2>Zwei</h2>\n<h3>Drei</h3>"


def test_an_inline_text_makes_no_blocks() -> None:
    assert to_html(parse_inline("# 1 < 2 *ja*"), HERE) == "# 1 &lt; 2 <em>ja</em>"


ATTACKS = [
    "<script>alert(1)</script>",
    "Text <img src=x onerror=alert(1)>",
    "<iframe src='https://example.org'></iframe>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,x)",
    "[x](vbscript:x)",
    '![x](javascript:alert(1) "y")',
    '::: callout "onmouseover=alert(1) x\nText\n:::',
    "::: practice <b onclick=x>\nText\n:::",
    "| <script> |\n|---|\n| x |",
    '<a href="https://x" style="position:fixed">x</a>',
    "`<script>`",
]  # fmt: skip


class _Seen(HTMLParser):
    """Collects what a browser would see as tags, attributes and addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]


def assert_harmless(text: str) -> None:
    seen = _Seen(html(text))
    assert not seen.tags & {"script", "iframe", "style", "object", "embed", "form", "svg", "base", "meta", "link"}
    assert not {name for name in seen.attributes if name.startswith("on") or name in {"style", "id", "name"}}
    assert not [a for a in seen.addresses if a.strip().lower().startswith(("javascript:", "data:", "vbscript:"))]


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_that_runs_comes_through(text: str) -> None:
    assert_harmless(text)


@given(st.text(alphabet=st.sampled_from(list("<>&\"'`[](){}!:|-#*\n abhrefscript=/.")), max_size=120))
def test_nothing_that_runs_comes_out_of_any_text(text: str) -> None:
    assert_harmless(text)


@given(st.text(max_size=200))
def test_any_text_can_be_rendered(text: str) -> None:
    assert isinstance(html(text), str)


@given(st.text(alphabet="aäß <>&\"'\u00a0\u00ad\t.–", max_size=30))
def test_plain_words_come_out_as_the_sanitiser_would_write_them(text: str) -> None:
    assert to_html(parse_inline(text), HERE) == clean(escape(parse_inline(text).tokens[0].content))
