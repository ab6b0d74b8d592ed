"""Rules for modules, quizzes, certifications and the catalogue: small functions that yield what breaks them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from lti_tool.curriculum.errors import Problem, Severity, in_reading_order
from lti_tool.curriculum.files import CertificationFile, ContentFiles, ModuleFiles, PageFile, read_content
from lti_tool.curriculum.markup_checks import Reach, check_markup
from lti_tool.curriculum.media_checks import check_media
from lti_tool.curriculum.name_checks import doubles, unknown
from lti_tool.curriculum.quiz_checks import check_questions
from lti_tool.curriculum.schema import CatalogueSchema
from lti_tool.curriculum.yaml_source import Loc, YamlSource


def check(content_dir: Path, *, today: date | None = None) -> list[Problem]:
    """Return everything that is wrong with a content folder, errors and warnings, in reading order."""
    _, problems = examine(content_dir, today)
    return list(in_reading_order(problems))


def examine(content_dir: Path, today: date | None = None) -> tuple[ContentFiles, list[Problem]]:
    """Read a content folder and run every rule over everything that could be read.

    Args:
        content_dir: holds catalogue.yaml, modules/ and certifications/.
        today: the day overdue reviews are judged by; by default the present one.
    """
    problems: list[Problem] = []
    content = read_content(content_dir, problems.append)
    for module in content.modules.values():
        problems.extend(_module(module, content, today or datetime.now(tz=UTC).date()))
    for name, certification in content.certifications.items():
        problems.extend(_certification(name, certification, content))
    problems.extend(_catalogue(content))
    problems.extend(_cycles(content))
    return content, problems


def _module(module: ModuleFiles, content: ContentFiles, today: date) -> Iterator[Problem]:
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
    known = content.module_names()
    for index, needed in enumerate(body.prerequisites):
        if known and needed not in known:
            yield unknown(source, ("prerequisites", index), "Das Modul", needed, known)
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
    reach = Reach(pages=module.page_names, media=frozenset(module.media))
    yield from check_markup(page.source.file, page.body, reach)


def _certification(name: str, certification: CertificationFile, content: ContentFiles) -> Iterator[Problem]:
    source, body = certification.source, certification.body
    if body.id != name:
        yield source.problem(("id",), f"Die Datei heißt {name}", "Datei und id gleich nennen")
    named: list[tuple[Loc, str]] = [(("required", i), m) for i, m in enumerate(body.required)]
    named += [(("electives", i), m) for i, m in enumerate(body.electives)]
    yield from doubles(source, named)
    known = content.module_names()
    for loc, module_id in named:
        if known and module_id not in known:
            yield unknown(source, loc, "Das Modul", module_id, known)
    if body.electives_needed > len(body.electives):
        what = f"{body.electives_needed} Wahlmodule sind nötig, {len(body.electives)} stehen zur Wahl"
        yield source.problem(("electives_needed",), what, "weniger verlangen oder mehr anbieten")
    if not named:
        yield source.problem((), "Der Lehrgang verlangt kein Modul", "»required« oder »electives« ergänzen")


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


def _cycles(content: ContentFiles) -> Iterator[Problem]:
    """Report each module whose prerequisites lead back to it, once per circle."""
    told: set[str] = set()
    for name, module in content.modules.items():
        circle = _circle(name, content)
        if circle and not told.intersection(circle):
            told.update(circle)
            what = f"Die Voraussetzungen drehen sich im Kreis: {' → '.join((*circle, name))}"
            yield module.source.problem(("prerequisites",), what, "eine der Voraussetzungen streichen")


def _circle(start: str, content: ContentFiles) -> tuple[str, ...]:
    """Return the modules on a way of prerequisites from `start` back to it; () if there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop()
        module = content.modules.get(way[-1])
        for needed in module.body.prerequisites if module else ():
            if needed == start:
                return way
            if needed not in seen:
                seen.add(needed)
                ways.append((*way, needed))
    return ()
