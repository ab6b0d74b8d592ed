"""What may come out of rendering: anything that is not on this list is dropped."""

from __future__ import annotations

import nh3

_CLASSES = {
    "div": {
        "callout",
        "check",
        "check__feedback",
        "kern-accordion__body",
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
        "download__facts",
        "kern-icon",
        "kern-icon--info",
        "kern-icon--warning",
        "kern-icon--success",
        "kern-sr-only",
        "kern-title",
        "term",
        "term__name",
        "term__text",
    },
    "p": {"practice__label", "practice__title", "check__label", "check__prompt"},
    "strong": {"check__verdict"},
    "details": {"kern-accordion", "check__option", "check__option--right"},
    "summary": {"kern-accordion__header", "check__answer"},
    "table": {"kern-table"},
    "tr": {"kern-table__row"},
    "th": {"kern-table__header", "kern-table__header--numeric"},
    "td": {"kern-table__cell", "kern-table__cell--numeric"},
    "figure": {"figure", "figure--media"},
    "video": {"player", "player--audio"},
    "a": {"kern-link", "download"},
}

_CLEANER = nh3.Cleaner(
    tags={
        *("a", "blockquote", "br", "code", "details", "div", "em", "figcaption", "figure", "h2", "h3", "h4", "hr"),
        *("img", "li", "ol", "p", "pre", "source", "span", "strong", "summary", "table", "tbody", "td", "th", "thead"),
        *("tr", "track", "ul", "video"),
    },
    clean_content_tags={"script", "style"},
    attributes={
        "a": {"href"},
        "div": {"aria-label"},
        "img": {"src", "alt"},
        "ol": {"start"},
        "source": {"src"},
        "track": {"src", "label", "srclang"},
        "video": {"aria-label"},
    },
    tag_attribute_values={
        "a": {"target": {"_blank"}, "rel": {"noopener noreferrer"}, "download": {""}},
        "div": {"role": {"region", "note", "group"}, "tabindex": {"0"}},
        "source": {"type": {"video/mp4", "video/webm", "audio/mpeg", "audio/ogg", "audio/mp4"}},
        "span": {"aria-hidden": {"true"}},
        "th": {"scope": {"col"}},
        "track": {"kind": {"captions"}, "default": {""}},
        "video": {"controls": {""}, "preload": {"metadata"}},
    },
    allowed_classes=_CLASSES,
    url_schemes={"https", "mailto"},
    link_rel=None,
)


def clean(html: str) -> str:
    """Drop whatever the list does not name."""
    return _CLEANER.clean(html).strip()
