"""The guide's example is real: what it prints loads without a finding."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from lti_tool.curriculum import question_schema, schema
from lti_tool.curriculum.checks import check
from lti_tool.curriculum.loader import load_catalogue
from lti_tool.curriculum.schema_types import Strict

GUIDE = (Path(__file__).parents[3] / "docs/authoring.md").read_text("utf-8")
FILE = re.compile(r"^\*\*`(?P<name>[^`]+)`\*\*[^\n]*\n\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_example_in_the_guide_loads_without_a_finding(tmp_path: Path) -> None:
    files = list(FILE.finditer(GUIDE))
    assert len(files) == 10
    for file in files:
        target = tmp_path / file["name"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file["text"], "utf-8")
    (tmp_path / "modules/pegel-verstehen/media/ablesen.mp4").write_bytes(b"a video")
    assert [str(problem) for problem in check(tmp_path, today=date(2026, 11, 22))] == []
    module = load_catalogue(tmp_path).modules["pegel-verstehen"]
    assert [page.slug for page in module.pages] == ["was-misst-er", "wer-reagiert"]


def test_the_example_shows_every_key_there_is() -> None:
    questions = [kind for kind in vars(question_schema).values() if isinstance(kind, type) and issubclass(kind, Strict)]
    for part in (schema.ModuleSchema, schema.SourceSchema, schema.QuizSchema, schema.AssignmentSchema, *questions,
                 schema.CertificationSchema, schema.CatalogueSchema, schema.PageSchema, schema.TermSchema,
                 schema.CapstoneSchema):  # fmt: skip
        for key in part.model_fields:
            assert f"{key}:" in GUIDE, f"{part.__name__}.{key} is not in the guide"
