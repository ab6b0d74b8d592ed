"""Rules for certifications and for the way through the modules: who needs what, and whether it can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from lti_tool.curriculum.errors import Problem, Severity
from lti_tool.curriculum.files import CertificationFile, ContentFiles
from lti_tool.curriculum.name_checks import doubles, unknown
from lti_tool.curriculum.schema import CertificationSchema
from lti_tool.curriculum.translation_checks import other_language
from lti_tool.curriculum.yaml_source import Loc, YamlSource


def check_certification(name: str, certification: CertificationFile, content: ContentFiles) -> Iterator[Problem]:
    """Run all rules over one certification."""
    source, body = certification.source, certification.body
    if body.id != name:
        yield source.problem(("id",), f"Die Datei heißt {name}", "Datei und id gleich nennen")
    stations: list[tuple[Loc, str]] = [(("required", i), m) for i, m in enumerate(body.required)]
    stations += [(("electives", i), m) for i, m in enumerate(body.electives)]
    yield from doubles(source, stations)
    yield from _known(source, body, stations, content.module_names())
    if body.electives_needed > len(body.electives):
        what = f"{body.electives_needed} Wahlmodule sind nötig, {len(body.electives)} stehen zur Wahl"
        yield source.problem(("electives_needed",), what, "weniger verlangen oder mehr anbieten")
    if body.live_hours and body.live_hours * 60 % 1:
        what = f"{body.live_hours} Stunden sind keine ganze Zahl von Minuten"
        yield source.problem(("live_hours",), what, "so runden, dass es ganze Minuten werden, zum Beispiel 1.5")
    if not stations:
        yield source.problem((), "Der Lehrgang verlangt kein Modul", "»required« oder »electives« ergänzen")
    yield from other_language(source, body.translations, body.language)
    yield from _refresher(source, body, content)
    yield from _capstone(source, body, content)
    yield from _out_of_reach(source, stations, content)


def _known(
    source: YamlSource, body: CertificationSchema, stations: list[tuple[Loc, str]], known: list[str] | None
) -> Iterator[Problem]:
    named = [*stations, *((("refresher", i), m) for i, m in enumerate(body.refresher))]
    if body.capstone:
        named.append((("capstone", "module"), body.capstone.module))
    for loc, module_id in named:
        if known and module_id not in known:
            yield unknown(source, loc, "Das Modul", module_id, known)


def _refresher(source: YamlSource, body: CertificationSchema, content: ContentFiles) -> Iterator[Problem]:
    for key in ("refresher", "refresh_months"):
        if getattr(body, key) and not body.validity_months:
            what = "Eine Auffrischung ist genannt, aber das Zertifikat läuft nicht ab"
            yield source.problem((key,), what, f"»validity_months: …« ergänzen oder »{key}« streichen")
    if body.validity_months and (body.refresh_months or 0) > body.validity_months:
        what = f"Erneuern lässt sich das Zertifikat {body.refresh_months} Monate vorher, es gilt aber kürzer"
        yield source.problem(("refresh_months",), what, f"höchstens {body.validity_months} Monate nennen")
    planned = content.body.planned if content.body else {}
    for index, name in enumerate(body.refresher):
        module = content.modules.get(name)
        if name in planned or (module and not module.has_quiz):
            what = f"Das Modul {name} hat kein Quiz, das man zur Auffrischung noch einmal bestehen kann"
            yield source.problem(("refresher", index), what, "quiz.yaml anlegen oder ein anderes Modul nennen")


def _capstone(source: YamlSource, body: CertificationSchema, content: ContentFiles) -> Iterator[Problem]:
    module = content.modules.get(body.capstone.module) if body.capstone else None
    if module and not module.has_assignment:
        what = f"Das Modul {module.folder} hat keine Aufgabe, die Abschlussarbeit sein kann"
        yield source.problem(("capstone", "module"), what, "assignment.yaml anlegen oder ein anderes Modul nennen")


def _out_of_reach(source: YamlSource, stations: list[tuple[Loc, str]], content: ContentFiles) -> Iterator[Problem]:
    """Advise where a station builds on a module that is not on the way."""
    on_the_way = {name for _, name in stations}
    for loc, name in stations:
        module = content.modules.get(name)
        for needed in module.body.prerequisites if module else ():
            if needed not in on_the_way:
                what = f"{name} setzt {needed} voraus, das nicht zum Lehrgang gehört"
                yield source.problem(loc, what, f"{needed} aufnehmen oder die Voraussetzung streichen", Severity.HINT)


def check_prerequisites(content: ContentFiles) -> Iterator[Problem]:
    """Run the rules for what modules build on: it exists, it can be learned today, and nothing runs in a circle."""
    known = content.module_names()
    planned = content.body.planned if content.body else {}
    for name, module in content.modules.items():
        for index, needed in enumerate(module.body.prerequisites):
            loc: Loc = ("prerequisites", index)
            if known and needed not in known:
                yield unknown(module.source, loc, "Das Modul", needed, known)
            elif needed in planned:
                what = f"{name} setzt {needed} voraus, das erst angekündigt ist"
                yield module.source.problem(loc, what, f"{needed} schreiben oder hier streichen", Severity.HINT)
    yield from _cycles(content)


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
