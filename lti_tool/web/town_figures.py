"""„Lernstand in Zahlen“: how far everybody of a platform is, for its administrators; no person, no course."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lti_tool.curriculum.model import Certification
from lti_tool.domain.disclosure import published, published_sum
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.statistics import FEWEST_PEOPLE
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.course_export import CourseExport
from lti_tool.services.town_ways import RESTS_AFTER, TownWay, TownWays
from lti_tool.web.admin import bp
from lti_tool.web.course_export import download, wanted_form
from lti_tool.web.course_ways import numbers_table
from lti_tool.web.launch_session import current_actor
from lti_tool.web.reports import db_for_reports, may_be_older
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db
from lti_tool.web.way_words import Section, ahead, forecast_words, pace_words, resting, stages, window_days


@bp.get("/figures")
def figures() -> ResponseReturnValue:
    """One way at a time; `?way=lotse` switches."""
    chosen = _chosen()
    seen = _seen(chosen)
    return render_template(
        "platform_figures.html",
        certifications=list(current_tool().catalogue.certifications.values()),
        chosen=chosen,
        sections=_sections(seen),
        people=published_sum(seen.figures.stages),
        estimate=forecast_words(seen.forecast),
        pace=pace_words(seen.figures) if seen.forecast else (),
        active=published(seen.figures.pace.people),
        days=window_days(),
        rests_after=RESTS_AFTER.days,
        fewest=FEWEST_PEOPLE,
    )


@bp.post("/figures/export")
def export_figures() -> ResponseReturnValue:
    """Make the file, and note in the audit log that there is one."""
    form, chosen = wanted_form(), _chosen()
    seen = _seen(chosen)
    head, rows = numbers_table(_sections(seen))
    if words := forecast_words(seen.forecast):
        rows.append([_heading(), gettext("Zertifikate in den nächsten %(days)s Tagen", days=window_days()), words])
    log = AuditLog(db(), current_tool().clock, Who.ADMINISTRATOR)
    log.record(Action.FIGURES_EXPORTED, registration_id=current_actor().registration_id, way=chosen.id, form=form)
    commit()
    title = gettext("lernstand")
    return download(CourseExport(head, rows), f"{title}-{chosen.id}", form)


def _sections(seen: TownWay) -> Sequence[Section]:
    if seen.figures.people < FEWEST_PEOPLE:
        return ()
    catalogue = current_tool().catalogue
    return (stages(seen.figures), ahead(seen.figures, catalogue), resting(seen.resting, catalogue))


def _heading() -> str:
    return gettext("Schätzung")


@may_be_older
def _seen(chosen: Certification) -> TownWay:
    tool = current_tool()
    return TownWays(db_for_reports(), tool.clock, tool.catalogue).of(current_actor().registration_id, chosen)


def _chosen() -> Certification:
    asked = request.values.get("way", "")
    every = current_tool().catalogue.certifications.values()
    chosen = next((one for one in every if asked in {"", one.id}), None)
    if chosen is None:
        raise Refusal(Code.NOT_FOUND, "no such certification")
    return chosen
