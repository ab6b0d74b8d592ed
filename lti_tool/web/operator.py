"""The operator's console: find a town, see how it is, switch what must be switched.

Everything here can be done on the command line as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.registration import Registration
from lti_tool.services.audit import Action, AuditLog, Who, read_audit_log
from lti_tool.services.identities import Identities
from lti_tool.services.invitations import Invitations
from lti_tool.services.operators import Operators
from lti_tool.services.platform_page import DeploymentRow, PlatformPage
from lti_tool.services.platform_switches import PlatformSwitches
from lti_tool.services.refused_launches import RefusedLaunches
from lti_tool.services.registrations import RegistrationReader
from lti_tool.services.tool_keys import KeyRing
from lti_tool.services.towns import Towns
from lti_tool.web.operation_words import ACTIONS, KEY_STATES, WHO, closing_words, reason_words
from lti_tool.web.operator_invitations import show_new
from lti_tool.web.operator_session import PATH, credential, for_operators, in_no_frame, start_session
from lti_tool.web.reports import db_for_reports, may_be_older
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

entrance = Blueprint("operator_entrance", __name__, url_prefix=PATH)
entrance.after_request(in_no_frame)
bp = for_operators(Blueprint("operator", __name__, url_prefix=PATH))

_LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class PlatformView:
    """One platform on its town's page."""

    registration: Registration
    deployments: list[DeploymentRow]


@entrance.get("/enter/<code>")
def offer_entry(code: str) -> ResponseReturnValue:
    """Show a button: programs that fetch links in advance must not use this one up."""
    return render_template("operator_enter.html", code=code)


@entrance.post("/enter/<code>")
def enter(code: str) -> ResponseReturnValue:
    """Use the link up."""
    secret = Operators(db(), current_tool().clock).enter(code)
    commit()
    return start_session(make_response(redirect(url_for("operator.towns"), 303)), secret)


@bp.post("/leave")
def leave() -> ResponseReturnValue:
    """End the session."""
    Operators(db(), current_tool().clock).leave(credential())
    commit()
    response = make_response(render_template("operator_left.html"))
    response.delete_cookie("operator", path=PATH, secure=True, httponly=True, samesite="Strict")
    return response


@bp.get("/")
@may_be_older
def towns() -> ResponseReturnValue:
    """Search first: a town, an issuer, a client id or a reference number."""
    words = request.args.get("q", "").strip()[:_LONGEST_SEARCH]
    found = Towns(db_for_reports()).find(words, request.args.get("after", ""))
    refusals = RefusedLaunches(db_for_reports(), current_tool().clock).by_reference(words) if words else []
    places = {
        refusal.registration_id: Towns(db_for_reports()).of_platform(refusal.registration_id)
        for refusal in refusals
        if refusal.registration_id is not None
    }
    return render_template("operator_towns.html", words=words, found=found, refusals=refusals, places=places)


@bp.get("/towns/<int:town_id>")
@may_be_older
def town(town_id: int) -> ResponseReturnValue:
    """Platforms, deployments, grades by state and age, refusals and invitations of a municipality."""
    clock = current_tool().clock
    name = Towns(db_for_reports()).name(town_id)
    numbers = Towns(db_for_reports()).platforms(town_id)
    page = PlatformPage(db_for_reports(), clock)
    return render_template(
        "operator_town.html",
        town_id=town_id,
        name=name,
        platforms=list(_platforms(page, numbers)),
        grades=page.grades(numbers),
        ages=page.waiting_ages(numbers),
        refusals=RefusedLaunches(db_for_reports(), clock).latest(numbers),
        invitations=Invitations(db_for_reports(), clock).all(name),
        closing=Towns(db_for_reports()).closing(town_id),
        closing_words=closing_words,
        reason_words=reason_words,
    )


@bp.post("/towns/<int:town_id>")
def rename_town(town_id: int) -> ResponseReturnValue:
    """Give a municipality another name."""
    _switches().rename_town(town_id, request.form.get("name", ""))
    return _back_to(town_id)


@bp.post("/towns/<int:town_id>/invitations")
def invite(town_id: int) -> ResponseReturnValue:
    """Make an invitation for another platform of a town that is known here."""
    return show_new(Towns(db()).name(town_id), town_id=town_id)


@bp.post("/platforms/<int:number>")
def switch(number: int) -> ResponseReturnValue:
    """Pause, resume, decide about a deployment, send failed grades again."""
    switches, deployment = _switches(), request.form.get("deployment_id", "")
    ways: dict[str, Callable[[], object]] = {
        "pause": lambda: switches.pause(number),
        "resume": lambda: switches.resume(number),
        "approve": lambda: switches.approve(number, deployment),
        "decline": lambda: switches.decline(number, deployment),
        "send-again": lambda: switches.send_failed_again(number),
    }
    way = ways.get(request.form.get("decision", ""))
    if way is None:
        raise Refusal(Code.BAD_REQUEST, "no such decision")
    way()
    return _back_to(Towns(db()).of_platform(number))


@bp.get("/platforms/<int:number>/identities")
def identities(number: int) -> ResponseReturnValue:
    """Merges of a platform, and the form for another one."""
    town_id = Towns(db()).of_platform(number)
    merges = _identities().merges(number)
    return render_template("operator_identities.html", number=number, town_id=town_id, merges=merges)


@bp.post("/platforms/<int:number>/identities")
def merge(number: int) -> ResponseReturnValue:
    """Merge two identities, or undo a merge."""
    undo = request.form.get("undo")
    if undo:
        _identities().undo(number, _uuid(undo))
    else:
        subjects = (request.form.get(name, "").strip() for name in ("from", "to"))
        _identities().merge(number, *subjects)
    commit()
    return redirect(url_for("operator.identities", number=number), 303)


@bp.get("/keys")
def keys() -> ResponseReturnValue:
    """The tool's own keys."""
    return render_template("operator_keys.html", lives=_key_ring().lives(), states=KEY_STATES)


@bp.post("/keys")
def rotate_keys() -> ResponseReturnValue:
    """Publish a next key, which signs from tomorrow."""
    life = _key_ring().rotate()
    AuditLog(db(), current_tool().clock, Who.OPERATOR).record(Action.KEY_ROTATED, life.kid)
    commit()
    current_tool().tool_keys.forget()
    return redirect(url_for("operator.keys"), 303)


@bp.get("/audit")
def audit() -> ResponseReturnValue:
    """The audit log, newest first."""
    entries = read_audit_log(db(), before=request.args.get("before", type=int))
    return render_template("operator_audit.html", entries=entries, actions=ACTIONS, who=WHO)


def _platforms(page: PlatformPage, numbers: list[int]) -> Iterator[PlatformView]:
    for number in numbers:
        registration = RegistrationReader(db_for_reports()).one(number)
        if registration is not None:
            yield PlatformView(registration, page.deployments(number))


def _switches() -> PlatformSwitches:
    return PlatformSwitches(db(), current_tool().clock, Who.OPERATOR)


def _identities() -> Identities:
    return Identities(db(), current_tool().clock, Who.OPERATOR)


def _key_ring() -> KeyRing:
    tool = current_tool()
    return KeyRing(db(), tool.clock, tool.settings.secret_key.get_secret_value())


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise Refusal(Code.BAD_REQUEST, "not an id") from None


def _back_to(town_id: int) -> ResponseReturnValue:
    commit()
    current_tool().registrations.forget()
    return redirect(url_for("operator.town", town_id=town_id), 303)
