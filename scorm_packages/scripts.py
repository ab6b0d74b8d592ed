"""The player: small modules, joined to one script."""

from __future__ import annotations

import re
from pathlib import Path

import minify

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
_EXPORT = re.compile(r"^export (?=async|function|class|const)", re.MULTILINE)


def script(edition: Edition) -> str:
    """Join the modules into one classic script, without comments and spaces, names within it shortened.

    Modules of their own would not load from a disk, nor from an LMS that names them with another media type. They share
    one scope then, so no two may declare the same name at their top.
    """
    plain = (_EXPORT.sub("", _IMPORT.sub("", source)) for source in sources(edition).values())
    joined = f'(() => {{\n"use strict";\n{"".join(plain)}}})();\n'
    return str(minify.string("application/javascript", joined))


def sources(edition: Edition) -> dict[str, str]:
    """Return the modules of a player by name, each after those that it needs."""
    names = (*_BEFORE, *_ADAPTERS[edition], *_AFTER)
    return {name: _path(name).read_text(encoding="utf-8") for name in names}


def _path(name: str) -> Path:
    own = RUNTIME / name
    return own if own.exists() else SHARED / name
