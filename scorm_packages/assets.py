"""What all modules of an archive share: one stylesheet, one script, the fonts, the licences. Made once per process."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from pathlib import Path

from lti_tool import curriculum
from scorm_packages.plan import Edition

RUNTIME = Path(__file__).parent / "runtime"
SHARED = Path(curriculum.__file__).parent / "static"
FONTS = ("FiraSans-Regular.woff2", "FiraSans-SemiBold.woff2")
_SAME = ("grade.js", "ordering.js", "sha256.js", "seal.js", "drawing.js", "suspend.js", "report.js")
_PARTS = ("answers.js", "views.js", "review.js", "quiz.js", "player.js")
_SCORM = ("find_api.js", "api.js", "session.js", "connect.js")
_CMI5 = ("statements.js", "lrs.js", "session_cmi5.js", "connect_cmi5.js")
_ADAPTERS = {
    Edition.SCORM12: "api_scorm12.js",
    Edition.SCORM2004: "api_scorm2004.js",
    Edition.SCORM2004_3RD: "api_scorm2004.js",
}
_IMPORT = re.compile(r"^import .*?;\n", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export (?:function|class|const) ([\w$]+)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*)\n", re.MULTILINE)

_INDENT = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)

_KEPT = re.compile(
    r"kern-(alert|btn|form-check|icon--(info|warning|success)$|icon$|label|link|sr-only$|table$|table__|table--small|title$)"
)
_KERN_CLASS = re.compile(r"\.(kern-[\w-]+)")
_RULE = re.compile(
    r"(?P<head>[^{}]+)\{(?P<body>[^{}]*)\}|(?P<group>@[^{};]+)\{(?P<inner>(?:[^{}]+\{[^{}]*\})*)\}|@charset[^;]+;"
)
_DARK = ("prefers-color-scheme: dark", "data-kern-theme=dark", ".kern-dark")


@lru_cache
def shared_files(edition: Edition) -> dict[str, bytes]:
    """Return every file that does not depend on a module, by its path."""
    kern = SHARED / "kern"
    fonts = {f"fonts/{name}": (kern / "fonts" / name).read_bytes() for name in FONTS}
    return {
        "style.css": stylesheet().encode(),
        "player.js": script(edition).encode(),
        **fonts,
        "licences/fonts-ofl.txt": (kern / "fonts" / "OFL.txt").read_bytes(),
        "licences/kern-eupl.txt": (kern / "LICENSE.md").read_bytes(),
    }


def signpost_files() -> dict[str, bytes]:
    """Return what a package needs that only points to a module: no script, no font."""
    return {"style.css": (RUNTIME / "signpost.css").read_bytes()}


def script(edition: Edition) -> str:
    """Join the modules into one classic script.

    Modules of their own would not load from a disk, nor from an LMS that names them with another media type. Each
    becomes a block with its own names; what it exports is handed on.
    """
    modules = (*_SAME, *(_CMI5 if edition is Edition.CMI5 else _SCORM), *_PARTS)
    blocks = [_block(_source(name, edition)) for name in modules]
    exported = sorted({name for module in modules for name in _exports(_source(module, edition))})
    joined = f'(() => {{\n"use strict";\nlet {", ".join(exported)};\n{"".join(blocks)}}})();\n'
    return _INDENT.sub("", joined)


def _source(name: str, edition: Edition) -> str:
    if name == "api.js":
        name = _ADAPTERS[edition]
    folder = SHARED if name in {"grade.js", "ordering.js"} else RUNTIME
    return (folder / name).read_text(encoding="utf-8")


def _exports(source: str) -> list[str]:
    return _EXPORT.findall(source)


def _block(source: str) -> str:
    body = _COMMENT.sub("", _IMPORT.sub("", source))
    names = _exports(body)
    inner = re.sub(r"^export ", "", body, flags=re.MULTILINE)
    if not names:
        return f"(() => {{\n{inner}}})();\n"
    return f"({{ {', '.join(names)} }} = (() => {{\n{inner}return {{ {', '.join(names)} }};\n}})());\n"


@lru_cache
def stylesheet() -> str:
    """Join the stylesheets; of the design system's, the part that is used."""
    faces = "".join(
        f'@font-face{{font-family:"Fira Sans";src:url("fonts/{name}") format("woff2");'
        f"font-weight:{weight};font-style:normal;font-display:swap}}\n"
        for name, weight in zip(FONTS, (400, 600), strict=True)
    )
    own = [(SHARED / name).read_text(encoding="utf-8") for name in ("learning.css", "quiz.css")]
    picture = base64.b64encode((SHARED / "practice.svg").read_bytes()).decode("ascii")
    own[0] = own[0].replace('"practice.svg"', f'"data:image/svg+xml;base64,{picture}"')  # a disk gives no masks
    kern = (SHARED / "kern" / "kern.min.css").read_text(encoding="utf-8")
    return "\n".join([faces, used_rules(kern), *own, (RUNTIME / "player.css").read_text(encoding="utf-8")])


def used_rules(css: str) -> str:
    """Leave out the rules for parts of the design system that no page of a package has, and its dark colours."""
    return "".join(filter(None, (_used(found) for found in _RULE.finditer(css))))


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
    return not any(word in selector for word in _DARK) and all(
        _KEPT.match(name) for name in _KERN_CLASS.findall(selector)
    )
