"""Content compiled in a process of its own, which then ends.

Parsers, checkers and all that they leave behind end with it: whoever only shows content never loads them, and its
memory holds nothing but the catalogue.
"""

from __future__ import annotations

import contextlib
import copyreg
import os
import pickle
import threading
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lti_tool.curriculum.errors import ContentErrors, Problem
from lti_tool.curriculum.model import Catalogue


def _frozen(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


copyreg.pickle(MappingProxyType, lambda frozen: (_frozen, (dict(frozen),)))


def load_catalogue(content_dir: Path, media_prefix: str) -> Catalogue:
    """Read, check and compile a content folder, as `loader.load_catalogue` does.

    A process with threads cannot be copied safely, so it compiles for itself; and so does one whose copy has failed
    without a word, as that says in the usual way what was wrong.

    Raises:
        ContentErrors: with all problems, if at least one is an error.
    """
    made = _compiled_by_a_copy(content_dir, media_prefix) if threading.active_count() == 1 else None
    made = made or _compiled(content_dir, media_prefix)
    if isinstance(made, Catalogue):
        return made
    raise ContentErrors(made)


def _compiled(content_dir: Path, media_prefix: str) -> Catalogue | tuple[Problem, ...]:
    from lti_tool.curriculum import loader  # noqa: PLC0415 -- what this file is about

    try:
        return loader.load_catalogue(content_dir, media_prefix)
    except ContentErrors as errors:
        return errors.problems


def _compiled_by_a_copy(content_dir: Path, media_prefix: str) -> Catalogue | tuple[Problem, ...] | None:
    reading, writing = os.pipe()
    copy = os.fork()
    if copy == 0:
        status = 1
        with contextlib.suppress(Exception):
            with open(writing, "wb") as pipe:  # noqa: PTH123 -- a number, not a path
                pickle.dump(_compiled(content_dir, media_prefix), pipe)
            status = 0
        os._exit(status)  # nothing of the other process is closed, flushed or said twice
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123 -- as above
        told = pipe.read()
    with contextlib.suppress(ChildProcessError):  # gunicorn's master collects every child, this one too
        os.waitpid(copy, 0)
    return pickle.loads(told) if told else None  # noqa: S301 -- written by our own copy
