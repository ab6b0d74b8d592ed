"""The grammar in a form that editors understand: they complete keys and underline what is wrong while it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from lti_tool.curriculum import schema
from lti_tool.curriculum.self_assessment_schema import SelfAssessmentSchema

FILES: Mapping[str, type[BaseModel]] = {
    "catalogue": schema.CatalogueSchema,
    "module": schema.ModuleSchema,
    "page": schema.PageSchema,
    "quiz": schema.QuizSchema,
    "assignment": schema.AssignmentSchema,
    "certification": schema.CertificationSchema,
    "self_assessment": SelfAssessmentSchema,
}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schemas() -> dict[str, dict[str, Any]]:
    """Return a JSON Schema for each kind of file."""
    return {name: {"$schema": _DIALECT, **kind.model_json_schema()} for name, kind in FILES.items()}
