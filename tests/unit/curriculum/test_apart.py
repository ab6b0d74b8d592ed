"""Content compiled in a process of its own is the same content, with the same faults."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from lti_tool.curriculum import apart, loader
from lti_tool.curriculum.checks import check
from lti_tool.curriculum.errors import ContentErrors, Severity
from tests.unit.curriculum.conftest import ContentFolder

PROGRAM = """
import sys
from pathlib import Path
from lti_tool.curriculum import apart
from lti_tool.curriculum.errors import ContentErrors

folder = Path(sys.argv[1])
try:
    made = apart.load_catalogue(folder, "/content")
except ContentErrors as errors:
    sys.exit("\\n".join(problem.what for problem in errors.problems))
print(sorted({"pydantic", "yaml", "markdown_it", "nh3"} & set(sys.modules)))

from lti_tool.curriculum import loader
print(made == loader.load_catalogue(folder, "/content"))
"""


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", PROGRAM, folder], capture_output=True, text=True, check=False)


def test_whoever_has_content_compiled_loads_no_parser(content: ContentFolder) -> None:
    done = run(content.path)
    assert (done.stdout.splitlines(), done.stderr) == (["[]", "True"], "")


def test_faults_are_told_as_ever(content: ContentFolder) -> None:
    catalogue = content.path / "catalogue.yaml"
    catalogue.write_text(catalogue.read_text().replace("- wasser", "- feuer"))
    with pytest.raises(ContentErrors) as caught:
        loader.load_catalogue(content.path)
    done = run(content.path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [problem.what for problem in caught.value.problems]


def test_a_process_with_threads_is_not_copied(content: ContentFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("copied with a thread running"))
    enough = threading.Event()
    thread = threading.Thread(target=enough.wait)
    thread.start()
    try:
        made = apart.load_catalogue(content.path, "/content")
    finally:
        enough.set()
        thread.join()
    assert made == loader.load_catalogue(content.path, "/content")


def test_a_copy_that_dies_without_a_word_leaves_the_work_to_its_process(
    content: ContentFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fork", lambda: os.posix_spawn(sys.executable, [sys.executable, "-c", ""], {}))
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    assert apart.load_catalogue(content.path, "/content") == loader.load_catalogue(content.path, "/content")


def test_a_catalogue_knows_how_many_warnings_the_check_would_give_on_any_day(content: ContentFolder) -> None:
    catalogue = loader.load_catalogue(content.path)
    last = max(module.review_due for module in catalogue.modules.values())
    for day in (last - timedelta(days=9_000), last, last + timedelta(days=1)):
        told = [problem for problem in check(content.path, today=day) if problem.severity is Severity.WARNING]
        assert catalogue.warnings_on(day) == len(told)
    assert catalogue.warnings_on(last) < catalogue.warnings_on(last + timedelta(days=1))
