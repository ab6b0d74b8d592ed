"""The look of a package: the tool's own stylesheets without what no page of a package has."""

from __future__ import annotations

import base64
import re
from functools import lru_cache

from scorm_packages.scripts import RUNTIME, SHARED

KERN = SHARED / "kern"
FONTS = ("FiraSans-Regular.woff2", "FiraSans-SemiBold.woff2")
SHEETS = (KERN / "kern.min.css", SHARED / "learning.css", SHARED / "quiz.css", SHARED / "frame.css")
_KEPT = re.compile(
    r"kern-(accordion|alert|btn|form-check|icon--(info|warning|success)$|icon$|label|link|sr-only$|table$|table__|table--small|title$)"
)
_KERN_CLASS = re.compile(r"\.(kern-[\w-]+)")
_ONLY_IN_THE_TOOL = re.compile(r"\.(?:alone|foot|handed-in|nowrap|rubric|field__file|field__input--long|text--wide)\b")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(
    r"(?P<head>[^{}]+)\{(?P<body>[^{}]*)\}|(?P<group>@[^{};]+)\{(?P<inner>(?:[^{}]+\{[^{}]*\})*)\s*\}|@charset[^;]+;"
)
_DARK = ("prefers-color-scheme: dark", "data-kern-theme=dark", ".kern-dark")


@lru_cache
def stylesheet() -> str:
    """Join the stylesheets; of the tool's, the part that is used."""
    faces = "".join(
        f'@font-face{{font-family:"Fira Sans";src:url("fonts/{name}") format("woff2");'
        f"font-weight:{weight};font-style:normal;font-display:swap}}\n"
        for name, weight in zip(FONTS, (400, 600), strict=True)
    )
    shared = "\n".join(used_rules(path.read_text(encoding="utf-8")) for path in SHEETS)
    picture = base64.b64encode((SHARED / "practice.svg").read_bytes()).decode("ascii")
    shared = shared.replace('"practice.svg"', f'"data:image/svg+xml;base64,{picture}"')  # a disk gives no masks
    return "\n".join([faces, shared, (RUNTIME / "player.css").read_text(encoding="utf-8")])


def used_rules(css: str) -> str:
    """Leave out comments, rules for what no page of a package has, and dark colours."""
    return "".join(filter(None, (_used(found) for found in _RULE.finditer(_COMMENT.sub("", css)))))


def _used(found: re.Match[str]) -> str | None:
    if found["group"]:
        inner = used_rules(found["inner"])
        return f"{found['group']}{{{inner}}}" if inner and not any(word in found["group"] for word in _DARK) else None
    if not found["head"]:
        return None
    selectors = [selector for selector in _selectors(found["head"]) if _is_used(selector)]
    return f"{','.join(selectors)}{{{found['body']}}}" if selectors else None


def _selectors(head: str) -> list[str]:
    """Split at commas outside of brackets."""
    return re.split(r",(?![^(]*\))", head.strip())


def _is_used(selector: str) -> bool:
    if _ONLY_IN_THE_TOOL.search(selector) or any(word in selector for word in _DARK):
        return False
    return all(_KEPT.match(name) for name in _KERN_CLASS.findall(selector))
