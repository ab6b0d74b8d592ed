"""The operator's invitations: make one for any town, see what became of it, take it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.invitation_terms import LONGEST, host_name, town_name
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.invitations import LIFETIME, Invitations
from lti_tool.web.operator_session import PATH, for_operators
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

bp = for_operators(Blueprint("operator_invitations", __name__, url_prefix=f"{PATH}/invitations"))


@dataclass(frozen=True, slots=True)
class Asked:
    """The form as it was filled in, so that a fault costs no second typing."""

    town: str = ""
    days: str = str(LIFETIME.days)
    hosts: str = ""


@bp.get("/")
def overview() -> ResponseReturnValue:
    """Every invitation, and a form for the next one."""
    return _page(Asked(), {})


@bp.post("/")
def make() -> ResponseReturnValue:
    """Make an invitation; its address is shown this once."""
    asked = Asked(*(request.form.get(name, "").strip() for name in ("town", "days", "hosts")))
    name = town_name(asked.town)
    days = int(asked.days) if asked.days.isdecimal() and asked.days.isascii() and len(asked.days) <= len("999") else 0
    hosts = [host_name(host) for host in asked.hosts.split(",") if host.strip()]
    faults = {}
    if name is None:
        faults["town"] = gettext("Nennen Sie die Kommune mit höchstens 255 Zeichen.")
    if not 0 < days <= LONGEST.days:
        faults["days"] = gettext("Nennen Sie eine Zahl von 1 bis %(longest)s.", longest=LONGEST.days)
    if None in hosts:
        faults["hosts"] = gettext("Nennen Sie nur den Rechnernamen, ohne https:// und Port.")
    if faults or name is None:
        return _page(asked, faults), Code.BAD_REQUEST.status
    return show_new(name, timedelta(days=days), [host for host in hosts if host])


@bp.post("/<int:number>/revoke")
def revoke(number: int) -> ResponseReturnValue:
    """Take back an invitation that nobody has used."""
    clock = current_tool().clock
    if not Invitations(db(), clock).revoke(number):
        raise Refusal(Code.NOT_FOUND, "no such open invitation")
    AuditLog(db(), clock, Who.OPERATOR).record(Action.INVITATION_REVOKED, str(number))
    commit()
    return redirect(url_for("operator_invitations.overview"), 303)


def show_new(
    name: str, lifetime: timedelta = LIFETIME, hosts: list[str] | None = None, town_id: int | None = None
) -> ResponseReturnValue:
    """Make an invitation and show its address, with the way back to the town if it is known here already."""
    tool = current_tool()
    made = Invitations(db(), tool.clock).create(name, lifetime=lifetime, private_hosts=hosts or [])
    AuditLog(db(), tool.clock, Who.OPERATOR).record(Action.INVITATION_MADE, name, number=made.id)
    commit()
    address = f"{tool.settings.base_url}/register/{made.token}"
    return render_template("operator_invited.html", town_id=town_id, name=name, made=made, address=address)


def _page(asked: Asked, faults: dict[str, str]) -> str:
    listed = Invitations(db(), current_tool().clock).all()
    return render_template("operator_invitations.html", invitations=listed, asked=asked, faults=faults, longest=LONGEST)
