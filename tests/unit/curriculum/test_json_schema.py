"""What editors are told agrees with what the checker says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import lti_tool
from lti_tool.curriculum.json_schema import FILES, json_schemas

STARTER = Path(lti_tool.__file__).parent / "content"
KINDS = {
    "catalogue": "catalogue.yaml",
    "module": "modules/*/module.yaml",
    "quiz": "modules/*/quiz.yaml",
    "certification": "certifications/*.yaml",
    "page": "modules/*/pages/*.md",
}


def as_json(path: Path) -> Any:
    """A file's YAML as JSON has it: days are text there."""
    text = path.read_text("utf-8")
    head = text.split("---")[1] if path.suffix == ".md" else text
    return json.loads(json.dumps(yaml.safe_load(head), default=str))


@pytest.mark.parametrize("kind", KINDS)
def test_the_starter_content_fits_its_schema(kind: str) -> None:
    files = sorted(STARTER.glob(KINDS[kind]))
    assert files
    schema = json_schemas()[kind]
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in files:
        jsonschema.validate(as_json(path), schema)


def test_an_unknown_key_does_not_fit() -> None:
    module = as_json(STARTER / "modules/datenrecht/module.yaml")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(module | {"sumary": "x"}, json_schemas()["module"])


def test_every_kind_of_file_has_a_schema() -> None:
    assert json_schemas().keys() == FILES.keys()
