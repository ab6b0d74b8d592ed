"""Can the LMS keep the state of our own packages, whatever a learner does?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from scorm_packages.errors import Finding
from scorm_packages.suspension import LIMIT, longest_state

_COURSE = re.compile(r'<script type="application/json" id="course">(.*?)</script>', re.DOTALL)


def check_saving(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Prove for each of our documents that its longest state fits; other documents say nothing about theirs."""
    for name, data in files.items():
        found = _COURSE.search(data.decode("utf-8", "replace")) if name.endswith("index.html") else None
        if not found:
            continue
        try:
            course = json.loads(found[1])
            longest = longest_state(course["quiz"], len(course["pages"]), course["typedLimit"])
        except (ValueError, KeyError, TypeError):
            yield Finding(name, "Die Angaben für das Abspielprogramm sind beschädigt", "das Paket neu bauen")
            continue
        if longest > LIMIT:
            yield Finding(
                name,
                f"Der Zwischenstand kann {longest} Zeichen lang werden, {LIMIT} sind erlaubt",
                "Lückentexte und Kurzantworten kürzen",
            )
