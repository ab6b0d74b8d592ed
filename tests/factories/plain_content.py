"""The packaged content with one quiz that never changes: choices only, all of them asked, in the order of the file.

Tests of launches, grades and pages answer it by heart; what authors write into the packaged quizzes does not disturb
them. Each process has a copy of its own.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from lti_tool.curriculum.loader import load_catalogue
from lti_tool.curriculum.model import Catalogue
from lti_tool.settings import PACKAGED_CONTENT

PLAIN_QUIZ = Path(__file__).parents[1] / "cases" / "plain_quiz.yaml"
TYPED_QUIZ = Path(__file__).parents[1] / "cases" / "typed_quiz.yaml"
"""The same questions, with a number to type: for tests of what is saved while somebody types."""
PLAIN_MODULE = "datenrecht"


def content_with(quiz: Path, packaged: Path = PACKAGED_CONTENT) -> Path:
    """Return a folder with the packaged content, or that of another version, and this quiz in the plain module."""
    folder = tempfile.TemporaryDirectory(prefix="plain-content-")
    atexit.register(folder.cleanup)
    content = Path(folder.name) / "content"
    shutil.copytree(packaged, content)
    shutil.copyfile(quiz, content / "modules" / PLAIN_MODULE / "quiz.yaml")
    return content


PLAIN_CONTENT = content_with(PLAIN_QUIZ)
"""A folder for `content_dir`."""


@cache
def plain_catalogue() -> Catalogue:
    """What lies there, compiled once for all tests that answer its questions by heart."""
    return load_catalogue(PLAIN_CONTENT)
