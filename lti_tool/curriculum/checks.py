"""Rules for modules, quizzes, certifications and the catalogue: small functions that yield what breaks them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

from lti_tool.curriculum.errors import Problem, Severity, in_reading_order
from lti_tool.curriculum.files import (
    CertificationFile,
    ContentFiles,
    ModuleFiles,
    PageFile,
    QuizFile,
    Told,
    in_silence,
    read_content,
)
from lti_tool.curriculum.markup import parse, parse_inline
from lti_tool.curriculum.markup_checks import Reach, check_markup
from lti_tool.curriculum.media_checks import check_media
from lti_tool.curriculum.model import QuestionKind
from lti_tool.curriculum.schema import CatalogueSchema, QuestionSchema
from lti_tool.curriculum.schema_words import closest
from lti_tool.curriculum.yaml_source import Loc, YamlSource


def check(content_dir: Path, *, today: date | None = None, told: Told = in_silence) -> list[Problem]:
    """Return everything that is wrong with a content folder: errors, warnings and hints, in reading order."""
    _, problems = examine(content_dir, today, told)
    return list(in_reading_order(problems))


def examine(
    content_dir: Path, today: date | None = None, told: Told = in_silence
) -> tuple[ContentFiles, list[Problem]]:
    """Read a content folder and run every rule over everything that could be read.

    Args:
        content_dir: holds catalogue.yaml, modules/ and certifications/.
        today: the day overdue reviews are judged by; by default the present one.
        told: is called with the steps done and all steps, for a bar that shows them.
    """
    problems: list[Problem] = []
    content = read_content(content_dir, problems.append, lambda done, modules: told(done, 2 * modules))
    modules = len(content.modules)
    for number, module in enumerate(content.modules.values(), 1):
        problems.extend(_module(module, content, today or datetime.now(tz=UTC).date()))
        told(modules + number, 2 * modules)
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
    yield from _doubles(source, [(("sources", i, "id"), s.id) for i, s in enumerate(body.sources)])
    yield from _doubles(source, [(("glossary", i, "id"), term.id) for i, term in enumerate(body.glossary)])
    known = content.module_names()
    for index, needed in enumerate(body.prerequisites):
        if known and needed not in known:
            yield _unknown(source, ("prerequisites", index), "Das Modul", needed, known)
    yield from _pages(module)
    if module.quiz:
        yield from _quiz(module.quiz, module)
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
            yield _unknown(page.source, ("sources", index), "Die Quelle", name, known)
    if not page.head.sources:
        yield page.source.problem((), "Die Seite nennt keine Quelle", "»sources: […]« ergänzen", Severity.WARNING)
    if not page.body.tokens:
        yield Problem(page.source.file, page.body.first_line, 1, "Die Seite ist leer", "Text schreiben")
    terms = frozenset(term.id for term in module.body.glossary)
    reach = Reach(pages=module.page_names, media=frozenset(module.media), terms=terms)
    yield from check_markup(page.source.file, page.body, reach)


def _quiz(quiz: QuizFile, module: ModuleFiles) -> Iterator[Problem]:
    questions = quiz.body.questions
    yield from _doubles(quiz.source, [(("questions", i, "id"), q.id) for i, q in enumerate(questions)])
    sources = [source.id for source in module.body.sources]
    slugs = module.slugs()
    for index, question in enumerate(questions):
        loc: Loc = ("questions", index)
        if question.source not in sources:
            yield _unknown(quiz.source, (*loc, "source"), "Die Quelle", question.source, sources)
        if question.page is not None and question.page not in slugs:
            yield _unknown(quiz.source, (*loc, "page"), "Die Seite", question.page, slugs)
        yield from _options(quiz.source, loc, question)
        yield from _question_texts(quiz.source, loc, question, frozenset(module.media))


def _options(source: YamlSource, loc: Loc, question: QuestionSchema) -> Iterator[Problem]:
    yield from _doubles(source, [((*loc, "options", i, "id"), o.id) for i, o in enumerate(question.options)])
    right = sum(option.correct for option in question.options)
    if not right:
        what = f"Die Frage »{question.id}« hat keine richtige Antwort"
        yield source.problem((*loc, "options"), what, "bei einer Antwort »correct: true« ergänzen")
    elif right > 1 and question.kind is QuestionKind.SINGLE:
        what = f"Die Frage »{question.id}« hat {right} richtige Antworten, aber kind: single"
        yield source.problem((*loc, "options"), what, "kind: multiple wählen oder nur eine als richtig führen")
    elif right == len(question.options):
        what = f"In der Frage »{question.id}« sind alle Antworten richtig"
        yield source.problem((*loc, "options"), what, "eine falsche Antwort ergänzen", Severity.WARNING)


def _question_texts(source: YamlSource, loc: Loc, question: QuestionSchema, media: frozenset[str]) -> Iterator[Problem]:
    labels = [((*loc, "prompt"), question.prompt)]
    labels += [((*loc, "options", i, "text"), o.text) for i, o in enumerate(question.options)]
    feedback = [((*loc, "options", i, "feedback"), o.feedback) for i, o in enumerate(question.options)]
    for at, text in labels:
        yield from check_markup(source.file, parse_inline(text, source.texts[at]), Reach(label=True))
    for at, text in feedback:
        yield from check_markup(source.file, parse_inline(text, source.texts[at]), Reach())
    explain = parse(question.explain, source.texts[(*loc, "explain")])
    yield from check_markup(source.file, explain, Reach(media=media))


def _certification(name: str, certification: CertificationFile, content: ContentFiles) -> Iterator[Problem]:
    source, body = certification.source, certification.body
    if body.id != name:
        yield source.problem(("id",), f"Die Datei heißt {name}", "Datei und id gleich nennen")
    named: list[tuple[Loc, str]] = [(("required", i), m) for i, m in enumerate(body.required)]
    named += [(("electives", i), m) for i, m in enumerate(body.electives)]
    yield from _doubles(source, named)
    known = content.module_names()
    for loc, module_id in named:
        if known and module_id not in known:
            yield _unknown(source, loc, "Das Modul", module_id, known)
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
    yield from _doubles(source, modules)
    yield from _doubles(source, rules)
    there = set(content.module_folders)
    for loc, name in modules:
        if name not in there and name not in body.planned:
            yield source.problem(loc, f"Den Ordner modules/{name} gibt es nicht", "anlegen oder unter planned führen")
    yield from _planned(source, body, there)
    for loc, name in rules:
        if name not in content.certification_names:
            yield _unknown(source, loc, "Der Lehrgang", name, content.certification_names)
    yield from _unlisted(source, ("modules",), sorted(there - set(body.modules)))
    yield from _unlisted(source, ("certifications",), sorted({*content.certification_names} - {*body.certifications}))


def _planned(source: YamlSource, body: CatalogueSchema, there: set[str]) -> Iterator[Problem]:
    for name in body.planned:
        if name in there:
            yield source.problem(("planned", name), f"Das Modul {name} ist schon da", "unter planned streichen")
        elif name not in body.modules:
            yield source.problem(("planned", name), f"{name} fehlt unter modules", "dort einreihen")


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


def _doubles(source: YamlSource, named: Sequence[tuple[Loc, str]]) -> Iterator[Problem]:
    in_order = sorted(enumerate(named), key=lambda entry: (entry[1][1], entry[0]))
    for (_, (_, before)), (_, (loc, name)) in pairwise(in_order):
        if before == name:
            yield source.problem(loc, f"»{name}« kommt zweimal vor", "jeden Namen nur einmal vergeben")


def _unknown(source: YamlSource, loc: Loc, what: str, name: str, known: Iterable[str]) -> Problem:
    names = sorted(known)
    meant = closest(name, names)
    mend = f"meinten Sie »{meant}«?" if meant else f"vorhanden: {', '.join(names) or 'nichts'}"
    return source.problem(loc, f"{what} »{name}« gibt es nicht", mend)
