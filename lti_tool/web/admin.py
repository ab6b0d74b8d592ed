"""The platform page: what an LMS's administrators see of their connection, and may switch."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.addresses import is_loopback
from lti_tool.credentials.transcript_check import host_of
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.privacy import FEWEST_RETENTION_MONTHS, MOST_RETENTION_MONTHS
from lti_tool.domain.registration import Registration
from lti_tool.domain.self_test import Connection
from lti_tool.services.audit import Who
from lti_tool.services.latest_launches import LatestLaunches
from lti_tool.services.platform_page import PlatformPage
from lti_tool.services.platform_switches import PlatformSwitches
from lti_tool.services.privacy import Privacy
from lti_tool.services.recognition import Recognition
from lti_tool.services.registrations import RegistrationReader
from lti_tool.services.retention import Retention
from lti_tool.services.self_test import SelfTest
from lti_tool.services.towns import Towns
from lti_tool.web.launch_session import PREFIX, current_actor, under_launch
from lti_tool.web.launch_words import content_words, part_words
from lti_tool.web.operation_words import closing_words, reason_words
from lti_tool.web.self_test_words import line
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

bp = under_launch(Blueprint("admin", __name__, url_prefix=f"{PREFIX}/platform"))


@bp.before_request
def _administrators_only() -> None:
    if not current_actor().is_administrator:
        raise Refusal(Code.ROLE_FORBIDDEN, "not an administrator of the platform")


@bp.get("/")
def platform() -> ResponseReturnValue:
    """Everything on one page; the self-test is a button, as it takes seconds."""
    registration = _registration()
    page = PlatformPage(db(), current_tool().clock)
    return render_template(
        "platform.html",
        registration=registration,
        base_url=current_tool().settings.base_url,
        deployments=page.deployments(registration.id),
        grades=page.grades([registration.id]),
        launches=LatestLaunches(db()).of(registration.id),
        refusals=page.refusals(registration.id),
        sighting=page.sighting(registration.id),
        rosters=page.reads_rosters(registration.id),
        reading=page.class_reading(registration.id),
        issuers=Recognition(db(), current_tool().clock, current_tool().catalogue).issuers(registration.id),
        host_of=host_of,
        retention=Retention(db(), current_tool().clock).term(registration.id),
        fewest_months=FEWEST_RETENTION_MONTHS,
        most_months=MOST_RETENTION_MONTHS,
        closing=Towns(db()).closing(Towns(db()).of_platform(registration.id)),
        closing_words=closing_words,
        reason_words=reason_words,
        part_words=part_words,
        content_words=content_words,
        catalogue=current_tool().catalogue,
    )


@bp.post("/self-test")
def self_test() -> ResponseReturnValue:
    """Try everything now, and show what came out."""
    connection = _connection()
    db().rollback()  # other servers may take seconds: nobody shall wait for this request's transaction meanwhile
    findings = SelfTest(current_tool().probe).run(connection)
    return render_template("self_test.html", lines=[line(finding) for finding in findings])


@bp.post("/deployments")
def decide() -> ResponseReturnValue:
    """Approve or decline a deployment."""
    switches = _switches()
    ways: dict[str, Callable[[int, str], None]] = {"approve": switches.approve, "decline": switches.decline}
    way = ways.get(request.form.get("decision", ""))
    if way is None:
        raise Refusal(Code.BAD_REQUEST, "neither approved nor declined")
    way(current_actor().registration_id, request.form.get("deployment_id", ""))
    return _done()


@bp.post("/transcripts")
def decide_transcripts() -> ResponseReturnValue:
    """Accept transcripts of a town, decline them, or accept them no longer."""
    tool, form = current_tool(), request.form
    accept = {"accept": True, "decline": False}.get(form.get("decision", ""))
    if accept is None:
        raise Refusal(Code.BAD_REQUEST, "neither accepted nor declined")
    Recognition(db(), tool.clock, tool.catalogue).decide(
        current_actor().registration_id, form.get("issuer", ""), form.get("town_id", ""), accept=accept
    )
    return _done()


@bp.post("/switches")
def switch() -> ResponseReturnValue:
    """Pause, resume, decide what is kept, shown and sent of people, send failed grades again."""
    switches, number = _switches(), current_actor().registration_id
    ways: dict[str, Callable[[], object]] = {
        "pause": lambda: switches.pause(number),
        "resume": lambda: switches.resume(number),
        "keep-names": lambda: switches.keep_names(number, keep=True),
        "drop-names": lambda: switches.keep_names(number, keep=False),
        "read-rosters": lambda: switches.read_rosters(number, read=True),
        "drop-rosters": lambda: switches.read_rosters(number, read=False),
        "show-results": lambda: switches.show_results(number, show=True),
        "hide-results": lambda: switches.show_results(number, show=False),
        "send-points": lambda: switches.send_points(number, send=True),
        "send-passes": lambda: switches.send_points(number, send=False),
        "mark-anonymously": lambda: switches.mark_anonymously(number, anonymous=True),
        "mark-by-name": lambda: switches.mark_anonymously(number, anonymous=False),
        "send-again": lambda: switches.send_failed_again(number),
    }
    way = ways.get(request.form.get("switch", ""))
    if way is None:
        raise Refusal(Code.BAD_REQUEST, "no such switch")
    way()
    return _done()


@bp.post("/retention")
def retention() -> ResponseReturnValue:
    """Say how long people's data are kept."""
    months = request.form.get("months", type=int)
    if months is None:
        raise Refusal(Code.BAD_REQUEST, "not a number of months")
    Privacy(db(), current_tool().clock, Who.ADMINISTRATOR).set_retention(current_actor().registration_id, months)
    return _done()


def _connection() -> Connection:
    tool, actor, registration = current_tool(), current_actor(), _registration()
    page = PlatformPage(db(), tool.clock)
    return Connection(
        registration=registration,
        base_url=tool.settings.base_url,
        on_this_machine=is_loopback(urlsplit(tool.settings.base_url).hostname or ""),
        published=frozenset(str(key["kid"]) for key in tool.tool_keys.public_jwks()["keys"]),
        sighting=page.sighting(registration.id),
        subject=page.subject(actor),
        now=tool.clock(),
    )


def _registration() -> Registration:
    registration = RegistrationReader(db()).one(current_actor().registration_id)
    if registration is None:
        raise Refusal(Code.NOT_FOUND, "no such platform")
    return registration


def _switches() -> PlatformSwitches:
    return PlatformSwitches(db(), current_tool().clock, Who.ADMINISTRATOR)


def _done() -> ResponseReturnValue:
    commit()
    current_tool().registrations.forget()
    return redirect(url_for("admin.platform"), 303)
