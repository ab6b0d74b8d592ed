"""Rules for modules, their pages and the catalogue: small functions that yield what breaks them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from lti_tool.curriculum.certification_checks import check_certification, check_prerequisites
from lti_tool.curriculum.errors import Problem, Severity, in_reading_order
from lti_tool.curriculum.files import (
    ContentFiles,
    ModuleFiles,
    PageFile,
    read_content,
)
from lti_tool.curriculum.markup_checks import Reach, check_markup
from lti_tool.curriculum.media_checks import check_media
from lti_tool.curriculum.name_checks import doubles, unknown
from lti_tool.curriculum.quiz_checks import check_questions
from lti_tool.curriculum.schema import CatalogueSchema
from lti_tool.curriculum.self_assessment_checks import check_self_assessment
from lti_tool.curriculum.translation_checks import check_catalogue_translations
from lti_tool.curriculum.yaml_source import Loc, YamlSource

Told = Callable[[int, int], None]
"""Is called with the steps done and all steps, for a bar that shows them."""
Take = Callable[[ModuleFiles], None]
"""Is given each module that has no error of its own, while its texts are at hand."""


def check(content_dir: Path, *, today: date | None = None, told: Told | None = None) -> list[Problem]:
    """Return everything that is wrong with a content folder: errors, warnings and hints, in reading order."""
    _, problems = examine(content_dir, today, told=told)
    return list(in_reading_order(problems))


def examine(
    content_dir: Path, today: date | None = None, *, take: Take | None = None, told: Told | None = None
) -> tuple[ContentFiles, list[Problem]]:
    """Read a content folder and run every rule over everything that could be read.

    Args:
        content_dir: holds catalogue.yaml, modules/ and certifications/.
        today: the day overdue reviews are judged by; by default the present one.
        take: is given what can be used.
        told: is told how far it is.
    """
    problems: list[Problem] = []
    day = today or datetime.now(tz=UTC).date()

    def visit(module: ModuleFiles | None, number: int, modules: int) -> None:
        own = list(check_module(module, day)) if module else []
        problems.extend(own)
        if module and take and not any(problem.severity is Severity.ERROR for problem in own):
            take(module)
        if told:
            told(number, modules)

    content = read_content(content_dir, problems.append, visit)
    for name, certification in content.certifications.items():
        problems.extend(check_certification(name, certification, content))
    problems.extend(_catalogue(content))
    problems.extend(check_prerequisites(content))
    problems.extend(check_self_assessment(content))
    return content, problems


def check_module(module: ModuleFiles, today: date) -> Iterator[Problem]:
    """Run all rules over one module that need no other."""
    source, body = module.source, module.body
    if body.id != module.folder:
        yield source.problem(("id",), f"Der Ordner heißt {module.folder}", "Ordner und id gleich nennen")
    if body.review_due <= body.stand:
        yield source.problem(("review_due",), "review_due liegt nicht nach stand", "ein späteres Datum angeben")
    elif body.review_due < today:
        what = f"Die Prüfung war am {body.review_due:%d.%m.%Y} fällig"
        mend = "Inhalt prüfen, stand und review_due neu setzen"
        yield source.problem(("review_due",), what, mend, Severity.WARNING)
    yield from doubles(source, [(("sources", i, "id"), s.id) for i, s in enumerate(body.sources)])
    yield from doubles(source, [(("glossary", i, "id"), term.id) for i, term in enumerate(body.glossary)])
    yield from _pages(module)
    for graded in (module.quiz, module.assignment):
        if graded:
            yield from check_questions(graded, module)
    yield from check_media(module.media_folder, module.media)


def _pages(module: ModuleFiles) -> Iterator[Problem]:
    if not module.page_names:
        yield module.source.problem((), "Das Modul hat keine Seite", "pages/01-name.md anlegen")
    for slug, count in Counter(page.slug for page in module.pages).items():
        if count > 1:
            page = next(p for p in reversed(module.pages) if p.slug == slug)
            yield Problem(page.source.file, 1, 1, f"Zwei Seiten heißen {slug}", "eine der Dateien umbenennen")
    minutes = sum(page.head.minutes for page in module.pages)
    if minutes > module.body.minutes:
        what = f"Die Seiten dauern zusammen {minutes} Minuten, das Modul {module.body.minutes}"
        yield module.source.problem(("minutes",), what, "Zeiten angleichen", Severity.WARNING)
    for page in module.pages:
        yield from _page(page, module)


def _page(page: PageFile, module: ModuleFiles) -> Iterator[Problem]:
    known = [source.id for source in module.body.sources]
    for index, name in enumerate(page.head.sources):
        if name not in known:
            yield unknown(page.source, ("sources", index), "Die Quelle", name, known)
    if not page.head.sources:
        yield page.source.problem((), "Die Seite nennt keine Quelle", "»sources: […]« ergänzen", Severity.WARNING)
    if not page.body.tokens:
        yield Problem(page.source.file, page.body.first_line, 1, "Die Seite ist leer", "Text schreiben")
    terms = frozenset(term.id for term in module.body.glossary)
    reach = Reach(pages=module.page_names, media=frozenset(module.media), terms=terms)
    yield from check_markup(page.source.file, page.body, reach)


def _catalogue(content: ContentFiles) -> Iterator[Problem]:
    body, source = content.body, content.source
    if body is None:
        return
    modules: list[tuple[Loc, str]] = [(("modules", i), name) for i, name in enumerate(body.modules)]
    rules: list[tuple[Loc, str]] = [(("certifications", i), name) for i, name in enumerate(body.certifications)]
    yield from doubles(source, modules)
    yield from doubles(source, rules)
    there = set(content.module_folders)
    for loc, name in modules:
        if name not in there and name not in body.planned:
            yield source.problem(loc, f"Den Ordner modules/{name} gibt es nicht", "anlegen oder unter planned führen")
    yield from _planned(source, body, there)
    yield from _unnamed_competences(content, body)
    yield from check_catalogue_translations(source, body)
    for loc, name in rules:
        if name not in content.certification_names:
            yield unknown(source, loc, "Der Lehrgang", name, content.certification_names)
    yield from _unlisted(source, ("modules",), sorted(there - set(body.modules)))
    yield from _unlisted(source, ("certifications",), sorted({*content.certification_names} - {*body.certifications}))


def _planned(source: YamlSource, body: CatalogueSchema, there: set[str]) -> Iterator[Problem]:
    for name in body.planned:
        if name in there:
            yield source.problem(("planned", name), f"Das Modul {name} ist schon da", "unter planned streichen")
        elif name not in body.modules:
            yield source.problem(("planned", name), f"{name} fehlt unter modules", "dort einreihen")


def _unnamed_competences(content: ContentFiles, catalogue: CatalogueSchema) -> Iterator[Problem]:
    """Report tags without a name, once a catalogue names competences at all: certificates print the names."""
    if not catalogue.competences:
        return
    for module in content.modules.values():
        for tag in module.body.competences:
            if tag not in catalogue.competences:
                yield unknown(module.source, ("competences", tag), "Die Kompetenz", tag, catalogue.competences)


def _unlisted(source: YamlSource, loc: Loc, names: Iterable[str]) -> Iterator[Problem]:
    for name in names:
        what = f"{name} liegt im Ordner {loc[0]}, steht aber nicht im Katalog"
        yield source.problem(loc, what, "unter »" + str(loc[0]) + "« einreihen")
