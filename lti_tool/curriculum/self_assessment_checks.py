"""Rules for the self-assessment: every competence is asked for once, and every role says what it needs of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lti_tool.curriculum.errors import Problem, Severity
from lti_tool.curriculum.files import ContentFiles
from lti_tool.curriculum.name_checks import doubles, unknown
from lti_tool.curriculum.self_assessment_schema import RoleSchema, SelfAssessmentSchema
from lti_tool.curriculum.translation_checks import complete, other_language
from lti_tool.curriculum.yaml_source import Loc, YamlSource


def check_self_assessment(content: ContentFiles) -> Iterator[Problem]:
    """Run all rules over self_assessment.yaml, if there is one."""
    if content.self_assessment is None:
        return
    source, body = content.self_assessment.source, content.self_assessment.body
    named = content.body.competences if content.body else {}
    asked = [situation.competence for situation in body.situations]
    yield from doubles(source, [(("roles", i, "id"), role.id) for i, role in enumerate(body.roles)])
    yield from doubles(source, [(("situations", i, "id"), s.id) for i, s in enumerate(body.situations)])
    yield from doubles(source, [(("situations", i, "competence"), tag) for i, tag in enumerate(asked)])
    yield from _competences(source, asked, named)
    for index, role in enumerate(body.roles):
        yield from _targets(source, index, role, asked)
    yield from _translations(source, body)


def _translations(source: YamlSource, body: SelfAssessmentSchema) -> Iterator[Problem]:
    yield from other_language(source, body.translations, body.language)
    for language, words in body.translations.items():
        at: Loc = ("translations", language)
        yield from complete(source, (*at, "roles"), "Die Rolle", words.roles, [role.id for role in body.roles])
        asked = [situation.id for situation in body.situations]
        yield from complete(source, (*at, "situations"), "Die Situation", words.situations, asked)


def _competences(source: YamlSource, asked: Sequence[str], named: Mapping[str, str]) -> Iterator[Problem]:
    for index, tag in enumerate(asked):
        if named and tag not in named:
            yield unknown(source, ("situations", index, "competence"), "Die Kompetenz", tag, named)
    for tag in named:
        if tag not in asked:
            what = f"Nach der Kompetenz {tag} fragt keine Situation"
            yield source.problem(("situations",), what, "eine Situation ergänzen", Severity.WARNING)


def _targets(source: YamlSource, index: int, role: RoleSchema, asked: Sequence[str]) -> Iterator[Problem]:
    for tag in role.targets:
        if tag not in asked:
            yield unknown(source, ("roles", index, "targets", tag), "Eine Situation zur Kompetenz", tag, asked)
    for tag in sorted(set(asked) - set(role.targets)):
        what = f"Die Rolle {role.id} nennt kein Soll für {tag}"
        yield source.problem(("roles", index, "targets"), what, f"»{tag}: 0« bis »{tag}: 4« ergänzen")
