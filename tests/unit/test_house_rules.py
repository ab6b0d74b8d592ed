"""Rules of the house that neither ruff nor import-linter can check. Each names the offenders."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = sorted(
    path
    for room in ("lti_tool", "scorm_packages")
    for path in (ROOT / room).rglob("*.py")
    if "versions" not in path.parts
)
OURS = [*CODE, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "scripts").rglob("*.py"))]
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
DOWNLOADING = re.compile(r"<a\b[^>]*\sdownload\b(?![\w(.])")
CLAIM = "purl.imsglobal.org/spec/lti/claim"
FORBIDDEN_NAMES = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}


def _shown(path: Path, line: int | None = None) -> str:
    return f"{path.relative_to(ROOT)}" + (f":{line}" if line else "")


def _nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))


def committing_lines(path: Path) -> list[int]:
    return [
        node.lineno
        for node in _nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]


def naive_datetime_lines(path: Path) -> list[int]:
    """Lines that ask the clock for a datetime without a zone."""
    calls = (node for node in _nodes(path) if isinstance(node, ast.Call))
    return [call.lineno for call in calls if _is_naive(ast.unparse(call.func), bool(call.args or call.keywords))]


def _is_naive(function: str, has_arguments: bool) -> bool:
    if function.endswith("datetime.now"):
        return not has_arguments
    return function.endswith(("datetime.utcnow", "datetime.utcfromtimestamp", "datetime.today"))


def test_services_never_commit():
    services = [path for path in CODE if "services" in path.parts]
    assert services
    assert [_shown(path, line) for path in services for line in committing_lines(path)] == []


def test_no_datetime_is_made_without_a_zone():
    assert [_shown(path, line) for path in CODE for line in naive_datetime_lines(path)] == []


def test_no_file_is_too_long_to_read():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}
    assert [f"{_shown(path)} ({length})" for path, length in lengths.items() if length > LONGEST_FILE] == []


def test_no_function_is_too_long_to_read():
    found = []
    for path in CODE:
        for node in _nodes(path):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    found.append(f"{_shown(path, node.lineno)} {node.name} ({length})")
    assert found == []


def unexplained_suppressions(path: Path) -> list[int]:
    """Lines that silence a checker without naming the rule and the reason; mypy reads no tests."""
    marks = [("# noqa", re.compile(r"# noqa: [A-Z]+\d+(, ?[A-Z]+\d+)* --? \S.{4}"))]
    if path in CODE:
        marks.append(("# type: ignore", re.compile(r"# type: ignore\[[\w, -]+\]  # \S.{4}")))
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        number
        for number, line in enumerate(lines, 1)
        for mark, explained in marks
        if mark in line and not explained.search(line)
    ]


def test_no_link_downloads_by_an_attribute():
    """In a frame, browsers ask for such a file without the partitioned cookie: only answers say that they are attachments."""
    templates = sorted((ROOT / "lti_tool" / "web" / "templates").rglob("*.html"))
    assert templates
    assert [_shown(path) for path in templates if DOWNLOADING.search(path.read_text("utf-8"))] == []
    assert DOWNLOADING.search('<a class="kern-link" href="/file" download>')


def test_every_suppressed_rule_is_named_with_its_reason():
    others = [path for path in OURS if path != Path(__file__)]
    assert [_shown(path, line) for path in others for line in unexplained_suppressions(path)] == []


def test_claim_uris_are_known_to_one_file_and_to_the_practice_lms():
    allowed = ROOT / "lti_tool" / "lti" / "claims.py"
    found = [
        _shown(path)
        for path in CODE
        if path != allowed and "sandbox" not in path.parts and CLAIM in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_every_file_says_in_its_name_what_it_is():
    assert [_shown(path) for path in CODE if path.stem in FORBIDDEN_NAMES] == []


def test_decision_records_have_a_number_of_their_own_a_status_and_the_same_headings():
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert records
    assert len({path.name[:4] for path in records}) == len(records)
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]} – "), _shown(path)
        assert re.search(r"^Status: (accepted|superseded by \d{4}), \d{4}-\d\d-\d\d$", text, re.MULTILINE), _shown(path)
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], _shown(path)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (committing_lines, "session.commit()"),
        (unexplained_suppressions, "x = 1  # noqa"),
        (unexplained_suppressions, "x = 1  # noqa: E741"),
        (naive_datetime_lines, "datetime.now()"),
        (naive_datetime_lines, "datetime.datetime.utcnow()"),
    ],
)
def test_the_rules_find_what_they_forbid(rule, code, tmp_path):
    path = tmp_path / "offender.py"
    path.write_text(code)
    assert rule(path) == [1]
