"""The list of the class page to keep: what is in it, and not more, is on the page as well."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.scores import Delivery
from lti_tool.domain.standing import Standing
from lti_tool.domain.town_time import shown
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.course_export import CourseExport
from lti_tool.services.gradebook import Cell, Gradebook
from lti_tool.web.instructor import Class, bp, current_class, shown_name
from lti_tool.web.launch_session import current_actor
from lti_tool.web.reports import db_for_reports, may_be_older
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db
from lti_tool.web.wording import percent

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.post("/export")
def export() -> ResponseReturnValue:
    """Make the file and note in the audit log that there is one."""
    form = wanted_form()
    room, head, rows = _read()
    actor = current_actor()
    log = AuditLog(db(), current_tool().clock, Who.INSTRUCTOR)
    log.record(
        Action.RESULTS_EXPORTED,
        registration_id=actor.registration_id,
        course=str(actor.context_id),
        people=len(room.people),
        form=form,
    )
    commit()
    return download(CourseExport(head, rows), gettext("kursstand"), form)


def wanted_form() -> str:
    """Return which kind of file was asked for."""
    form = request.form.get("form", "")
    if form not in {"csv", "xlsx"}:
        raise Refusal(Code.BAD_REQUEST, "neither CSV nor XLSX")
    return form


def download(file: CourseExport, title: str, form: str) -> Response:
    """Answer with a file that is named after what it holds and the day."""
    body, kind = (file.csv(), "text/csv; charset=utf-8") if form == "csv" else (file.xlsx(), _SPREADSHEET)
    name = f"{title}-{shown(current_tool().clock()):%Y-%m-%d}.{form}"
    return Response(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@may_be_older
def _read() -> tuple[Class, list[str], list[list[str]]]:
    room = current_class()
    return room, *_table(room)


def _table(room: Class) -> tuple[list[str], list[list[str]]]:
    """One column per module with its state; where results are shown one more; one for what the LMS has not got yet."""
    cells = Gradebook(db_for_reports()).cells(current_actor(), room.course, room.people)
    words = {
        Standing.FINISHED: gettext("bestanden"),
        Standing.BEGUN: gettext("begonnen"),
        Standing.OPEN: gettext("offen"),
    }
    shows = room.course.shows_results
    head = [gettext("Person")]
    for column in room.columns:
        head += [column.title, *([gettext("%(title)s: Ergebnis", title=column.title)] if shows else [])]
    head.append(gettext("Übertragung"))
    rows = []
    for person in room.people:
        row, late = [shown_name(person)], []
        for column in room.columns:
            cell = cells.cell(person, column.module.id, column.part)
            row += [words[cell.standing], *([percent(cell.best) if cell.best is not None else ""] if shows else [])]
            late += _late(cell, column.title)
        rows.append([*row, "; ".join(late)])
    return head, rows


def _late(cell: Cell, title: str) -> list[str]:
    if cell.delivery is Delivery.FAILED:
        return [gettext("Fehler bei %(title)s", title=title)]
    return [gettext("%(title)s wartet", title=title)] if cell.delivery is Delivery.WAITING else []
