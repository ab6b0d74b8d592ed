"""The packaged content with one quiz that never changes: choices only, all of them asked, in the order of the file.

Tests of launches, grades and pages answer it by heart; what authors write into the packaged quizzes does not disturb
them. Each process has a copy of its own.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from lti_tool.settings import PACKAGED_CONTENT

PLAIN_QUIZ = Path(__file__).parents[1] / "cases" / "plain_quiz.yaml"
PLAIN_MODULE = "datenrecht"


def _copy() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="plain-content-")
    atexit.register(folder.cleanup)
    content = Path(folder.name) / "content"
    shutil.copytree(PACKAGED_CONTENT, content)
    shutil.copyfile(PLAIN_QUIZ, content / "modules" / PLAIN_MODULE / "quiz.yaml")
    return content


PLAIN_CONTENT = _copy()
"""A folder for `content_dir`."""
