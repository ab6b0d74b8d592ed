"""From checked files to the model: texts are rendered here, once, at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType

from lti_tool.curriculum.files import CertificationFile, ContentFiles, ModuleFiles, PageFile
from lti_tool.curriculum.model import (
    REFRESH_MONTHS,
    Capstone,
    Catalogue,
    Certification,
    CertificationWords,
    Module,
    Page,
    PlannedModule,
    Source,
)
from lti_tool.curriculum.quiz_assembly import QuizAssembly
from lti_tool.curriculum.render import Surroundings, to_html
from lti_tool.curriculum.schema import CapstoneSchema, CatalogueSchema
from lti_tool.curriculum.self_assessment import RoleProfile, SelfAssessment, Situation
from lti_tool.curriculum.self_assessment_schema import SelfAssessmentSchema, SelfAssessmentWords


def assemble(content: ContentFiles, catalogue: CatalogueSchema, modules: Mapping[str, Module]) -> Catalogue:
    """Build the catalogue from content in which the checks found no error.

    Args:
        content: what was read.
        catalogue: catalogue.yaml, which says the order.
        modules: the modules, as `assemble_module` built them.
    """
    written = [modules[name] for name in catalogue.modules if name not in catalogue.planned]
    return Catalogue(
        modules=MappingProxyType({module.id: module for module in written}),
        certifications=MappingProxyType(
            {name: _certification(content.certifications[name]) for name in catalogue.certifications}
        ),
        planned=MappingProxyType(
            {
                name: PlannedModule(
                    id=name, title=catalogue.planned[name].title, minutes=catalogue.planned[name].minutes
                )
                for name in catalogue.modules
                if name in catalogue.planned
            }
        ),
        competences=MappingProxyType(dict(catalogue.competences)),
        competences_in=MappingProxyType(
            {language: MappingProxyType(dict(words.competences)) for language, words in catalogue.translations.items()}
        ),
        self_assessment=_self_assessment(content.self_assessment.body) if content.self_assessment else None,
    )


def surroundings(files: ModuleFiles, media_prefix: str, page_href: str) -> Surroundings:
    """Return what a module's texts need to know."""
    body = files.body
    return Surroundings(
        media_base=f"{media_prefix}/{body.id}/{files.version}",
        page_href=page_href,
        language=body.language,
        sizes={name: file.size for name, file in files.media.items()},
        terms={term.id: term.text for term in body.glossary},
    )


def assemble_module(files: ModuleFiles, media_prefix: str, page_href: str) -> Module:
    """Build a module in which the checks found no error."""
    body = files.body
    at = surroundings(files, media_prefix, page_href)
    sources = {
        entry.id: Source(id=entry.id, title=entry.title, kind=entry.kind, stand=entry.stand, url=entry.url)
        for entry in body.sources
    }
    graded = QuizAssembly(sources, at)
    return Module(
        id=body.id,
        title=body.title,
        summary=body.summary,
        summary_easy=body.summary_easy,
        minutes=body.minutes,
        objectives=tuple(body.objectives),
        competences=MappingProxyType(dict(body.competences)),
        prerequisites=tuple(body.prerequisites),
        provider=body.provider,
        authors=tuple(body.authors),
        licence=body.licence,
        language=body.language,
        stand=body.stand,
        review_due=body.review_due,
        sources=tuple(sources.values()),
        pages=tuple(_page(page, files, sources, at) for page in files.pages),
        quiz=graded.quiz(files.quiz) if files.quiz else None,
        assignment=graded.assignment(files.assignment) if files.assignment else None,
        media=frozenset(files.media),
        version=files.version,
    )


def _page(page: PageFile, module: ModuleFiles, sources: Mapping[str, Source], at: Surroundings) -> Page:
    return Page(
        slug=page.slug,
        title=page.head.title,
        minutes=page.head.minutes,
        html=to_html(page.body, at),
        stand=page.head.stand or module.body.stand,
        sources=tuple(sources[name] for name in page.head.sources),
        required=page.head.required,
    )


def _certification(certification: CertificationFile) -> Certification:
    body = certification.body
    return Certification(
        id=body.id,
        title=body.title,
        summary=body.summary,
        issuer=body.issuer,
        rule=body.rule,
        required=tuple(body.required),
        electives=tuple(body.electives),
        electives_needed=body.electives_needed,
        pass_share=Fraction(body.pass_share),
        participation_share=Fraction(body.participation_share),
        capstone=_capstone(body.capstone) if body.capstone else None,
        live_minutes=int(body.live_hours * 60) if body.live_hours else 0,
        validity_months=body.validity_months,
        refresher=tuple(body.refresher),
        refresh_months=body.refresh_months or REFRESH_MONTHS,
        language=body.language,
        translations=MappingProxyType(
            {
                language: CertificationWords(language=language, **words.model_dump())
                for language, words in body.translations.items()
            }
        ),
    )


def _capstone(capstone: CapstoneSchema) -> Capstone:
    return Capstone(module=capstone.module, pass_share=Fraction(capstone.pass_share))


def _self_assessment(body: SelfAssessmentSchema) -> SelfAssessment:
    roles = tuple(RoleProfile(r.id, r.title, r.summary, MappingProxyType(dict(r.targets))) for r in body.roles)
    situations = tuple(Situation(s.id, s.competence, s.text) for s in body.situations)
    own = SelfAssessment(tuple(body.levels), roles, situations, body.language)
    translations = {language: _told_in(language, words, own) for language, words in body.translations.items()}
    return replace(own, translations=MappingProxyType(translations))


def _told_in(language: str, words: SelfAssessmentWords, own: SelfAssessment) -> SelfAssessment:
    return SelfAssessment(
        tuple(words.levels),
        tuple(
            replace(role, title=words.roles[role.id].title, summary=words.roles[role.id].summary) for role in own.roles
        ),
        tuple(replace(situation, text=words.situations[situation.id]) for situation in own.situations),
        language,
    )
