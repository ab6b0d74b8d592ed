"""The HTML around a box (`::: name …`): what opens it and what closes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import PurePosixPath

from lti_tool.curriculum.markup import Box
from lti_tool.curriculum.media_types import captions_for, media_type
from lti_tool.curriculum.surroundings import Surroundings

Opening = Callable[[Box, Surroundings], str]

CALLOUTS = ("info", "warning", "success")


def callout(box: Box, at: Surroundings) -> str:
    kind = box.kind if box.kind in CALLOUTS else "info"
    return (
        f'<div class="callout kern-alert kern-alert--{kind}" role="note"><div class="kern-alert__header">'
        f'<span class="kern-icon kern-icon--{kind}" aria-hidden="true"></span>'
        f'<span class="kern-title"><span class="kern-sr-only">{escape(at.word(kind))}: </span>'
        f'{escape(box.title)}</span></div><div class="kern-alert__body">\n'
    )


def practice(box: Box, at: Surroundings) -> str:
    return (
        f'<div class="practice" role="note"><p class="practice__label">{escape(at.word("practice"))}</p>'
        f'<p class="practice__title">{escape(box.title)}</p><div class="practice__body">\n'
    )


def accordion(box: Box, _at: Surroundings) -> str:
    return _folded(box.title)


def check(box: Box, at: Surroundings) -> str:
    label = at.word("check")
    return (
        f'<div class="check" role="group" aria-label="{escape(label)}: {escape(box.title)}">'
        f'<p class="check__label">{escape(label)}</p><p class="check__prompt">{escape(box.title)}</p>\n'
    )


def player(box: Box, at: Surroundings) -> str:
    """A video; also a sound, as browsers show captions in a video element alone. The box's text is its transcript."""
    file = PurePosixPath(box.kind).name
    shape = " player--audio" if box.name == "audio" else ""
    transcript = f"{at.word('transcript')}: {box.title}"
    return (
        f'<figure class="figure figure--media"><video class="player{shape}" controls="" preload="metadata" '
        f'aria-label="{escape(box.title)}"><source src="{escape(at.media(file))}" type="{media_type(file)}">'
        f'<track kind="captions" src="{escape(at.media(captions_for(file)))}" srclang="{escape(at.language)}" '
        f'label="{escape(at.word("captions"))}" default=""></video>'
        f"<figcaption>{escape(box.title)}</figcaption></figure>{_folded(transcript)}"
    )


def _folded(title: str) -> str:
    return (
        '<details class="kern-accordion"><summary class="kern-accordion__header">'
        f'<span class="kern-title">{escape(title)}</span></summary><div class="kern-accordion__body">\n'
    )


OPENINGS: Mapping[str, Opening] = {
    "callout": callout,
    "practice": practice,
    "accordion": accordion,
    "check": check,
    "video": player,
    "audio": player,
}
CLOSINGS: Mapping[str, str] = {
    "callout": "</div></div>\n",
    "practice": "</div></div>\n",
    "check": "</div>\n",
}
FOLDED_CLOSING = "</div></details>\n"


def opening(box: Box, at: Surroundings) -> str:
    """Return what stands before a box's text; a box nobody knows is shown as a notice."""
    return OPENINGS.get(box.name, callout)(box, at)


def closing(box: Box) -> str:
    """Return what stands behind a box's text."""
    if box.name not in OPENINGS:
        return CLOSINGS["callout"]
    return CLOSINGS.get(box.name, FOLDED_CLOSING)
