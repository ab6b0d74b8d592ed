"""„Auf dem Weg zum Zertifikat“: how far the people of a course are on a whole way, as far as the town shows it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lti_tool.curriculum.model import Certification
from lti_tool.domain.certification import Station
from lti_tool.domain.disclosure import published
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.statistics import FEWEST_PEOPLE
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.course_export import CourseExport
from lti_tool.services.course_ways import CourseWay, CourseWays, Walker, Wanted, Wayfaring
from lti_tool.web.course_export import download, wanted_form
from lti_tool.web.instructor import PEOPLE_PER_PAGE, bp
from lti_tool.web.launch_session import current_actor
from lti_tool.web.reports import db_for_reports, may_be_older
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db
from lti_tool.web.way_words import Section, ahead, exactly, stages
from lti_tool.web.wording import percent

BY_PROGRESS = "progress"


@bp.get("/way")
@may_be_older
def way() -> ResponseReturnValue:
    """Numbers first; below them people, a page at a time, where results may be seen."""
    course = _ways().course()
    certifications = certifications_of(course)
    chosen = _chosen(certifications)
    words, order = request.args.get("q", "").strip()[:100], request.args.get("order", "")
    page = min(max(request.args.get("page", 1, int), 1), 100_000)
    wanted = Wanted(words, _nameless(), order == BY_PROGRESS, PEOPLE_PER_PAGE, (page - 1) * PEOPLE_PER_PAGE)
    seen = _ways().of(chosen, wanted if course.shows_results else None)
    return render_template(
        "class_way.html",
        course=course,
        certifications=certifications,
        chosen=chosen,
        figures=seen.figures,
        sections=_sections(course, seen),
        people=seen.people,
        found=seen.found,
        words=words,
        order=order if order == BY_PROGRESS else None,
        page_number=page,
        pages=max(1, -(-seen.found // PEOPLE_PER_PAGE)),
        fewest=FEWEST_PEOPLE,
        shown_name=_shown_name,
    )


@bp.post("/way/export")
def export_way() -> ResponseReturnValue:
    """Make the file of one way, of all people or of the numbers, and note in the audit log that there is one."""
    form, actor = wanted_form(), current_actor()
    chosen, course, seen = _read()
    head, rows = _people(seen.people) if course.shows_results else numbers_table(_sections(course, seen))
    log = AuditLog(db(), current_tool().clock, Who.INSTRUCTOR)
    log.record(
        Action.WAYS_EXPORTED,
        registration_id=actor.registration_id,
        course=str(actor.context_id),
        way=chosen.id,
        people=len(seen.people),
        form=form,
    )
    commit()
    title = gettext("zertifikatsweg")
    return download(CourseExport(head, rows), f"{title}-{chosen.id}", form)


def certifications_of(course: Wayfaring) -> Sequence[Certification]:
    """Return the ways that the course's activities are about, the nearest first; all where it is about none."""
    every = current_tool().catalogue.certifications.values()
    common = {one.id: len(course.contents & {one.id, *one.module_ids}) for one in every}
    return sorted((one for one in every if common[one.id] or not any(common.values())), key=lambda one: -common[one.id])


def numbers_table(sections: Sequence[Section]) -> tuple[list[str], list[list[str]]]:
    """Return numbers as a table for a file."""
    head = [gettext("Abschnitt"), gettext("Angabe"), gettext("Personen")]
    return head, [[section.heading, row.words, row.number] for section in sections for row in section.rows]


@may_be_older
def _read() -> tuple[Certification, Wayfaring, CourseWay]:
    course = _ways().course()
    chosen = _chosen(certifications_of(course))
    return chosen, course, _ways().of(chosen, Wanted() if course.shows_results else None)


def _sections(course: Wayfaring, seen: CourseWay) -> Sequence[Section]:
    """Exact where every person is listed anyway; else rounded, and nothing at all of fewer than five people."""
    catalogue, show = current_tool().catalogue, exactly if course.shows_results else published
    if not course.shows_results and seen.figures.people < FEWEST_PEOPLE:
        return ()
    return (stages(seen.figures, show), ahead(seen.figures, catalogue, show))


def _people(people: Sequence[Walker]) -> tuple[list[str], list[list[str]]]:
    head = [gettext("Person"), gettext("Module bestanden"), gettext("Module nötig"), gettext("Weg")]
    head += [gettext("Als Nächstes"), gettext("Zertifikat")]
    rows = []
    for person in people:
        route = person.route
        row = [_shown_name(person), str(route.done), str(route.needed), percent(route.share), _next(route.next)]
        rows.append([*row, gettext("ausgestellt") if person.has_certificate else gettext("noch nicht ausgestellt")])
    return head, rows


def _next(station: Station | None) -> str:
    return station.title if station else "–"


def _chosen(certifications: Sequence[Certification]) -> Certification:
    asked = request.values.get("way", "")
    chosen = next((one for one in certifications if asked in {"", one.id}), None)
    if chosen is None:
        raise Refusal(Code.NOT_FOUND, "no such certification in this course")
    return chosen


def _shown_name(person: Walker) -> str:
    return person.name or _nameless() + person.alias


def _nameless() -> str:
    """What stands before the alias of a person without a name."""
    return gettext("Person %(alias)s", alias="")


def _ways() -> CourseWays:
    tool = current_tool()
    return CourseWays(db_for_reports(), tool.clock, tool.catalogue, current_actor())
