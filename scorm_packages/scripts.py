"""The player: small modules, joined to one script."""

from __future__ import annotations

import re
from pathlib import Path

from lti_tool import curriculum
from scorm_packages.plan import Edition

RUNTIME = Path(__file__).parent / "runtime"
SHARED = Path(curriculum.__file__).parent / "static"
_SCORM = ("scorm.js", "find_api.js", "session.js", "connect.js")
_ADAPTERS = {
    Edition.SCORM12: (*_SCORM, "api_scorm12.js"),
    Edition.SCORM2004: (*_SCORM, "api_scorm2004.js"),
    Edition.SCORM2004_3RD: (*_SCORM, "api_scorm2004.js"),
    Edition.CMI5: ("statements.js", "lrs.js", "session_cmi5.js", "connect_cmi5.js"),
}
"""What speaks with the LMS, among it what `api.js`, `session.js` and `connect.js` stand for."""
_BEFORE = ("grade.js", "ordering.js", "sha256.js", "seal.js", "drawing.js", "suspend.js", "responses.js", "report.js")
_AFTER = ("answers.js", "views.js", "review.js", "quiz.js", "player.js")
_IMPORT = re.compile(r"^import .*?;\n", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export (?:function|class|const) ([\w$]+)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*)\n", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)


def script(edition: Edition) -> str:
    """Join the modules into one classic script.

    Modules of their own would not load from a disk, nor from an LMS that names them with another media type. Each
    becomes a block with its own names; what it exports is handed on.
    """
    sources = [_source(name) for name in (*_BEFORE, *_ADAPTERS[edition], *_AFTER)]
    exported = sorted({name for source in sources for name in _EXPORT.findall(source)})
    joined = f'(() => {{\n"use strict";\nlet {", ".join(exported)};\n{"".join(map(_block, sources))}}})();\n'
    return _INDENT.sub("", joined)


def _source(name: str) -> str:
    path = RUNTIME / name
    return (path if path.exists() else SHARED / name).read_text(encoding="utf-8")


def _block(source: str) -> str:
    body = _COMMENT.sub("", _IMPORT.sub("", source))
    names = _EXPORT.findall(body)
    inner = re.sub(r"^export ", "", body, flags=re.MULTILINE)
    if not names:
        return f"(() => {{\n{inner}}})();\n"
    return f"({{ {', '.join(names)} }} = (() => {{\n{inner}return {{ {', '.join(names)} }};\n}})());\n"
