"""Registration by hand, below the same invitation: our values for the LMS's form, then the LMS's values for ours.

Who holds the invitation may use the page; no cookie goes with it, so no other site can send the form in his name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from lti_tool.lti.addresses import checked_url
from lti_tool.lti.endpoint_probe import Finding
from lti_tool.lti.errors import AddressForbidden
from lti_tool.lti.foreign_text import identifier
from lti_tool.lti.platform_configuration import LONGEST_URL
from lti_tool.services.invitations import Invitations, OpenInvitation
from lti_tool.services.invited_registrations import StoreInvitedRegistration
from lti_tool.services.registrations import NewPlatform
from lti_tool.web.lms_forms import ilias_fields, moodle_fields
from lti_tool.web.rate import limit_rate
from lti_tool.web.registration import keep_the_invitation_private, platform_name
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

bp = Blueprint("manual_registration", __name__)


@bp.before_request
def _protect() -> None:
    limit_rate("register")


bp.after_request(keep_the_invitation_private)


@dataclass(frozen=True, slots=True)
class Asked:
    """A value of the LMS that we ask for; `german` and `english` are the LMS's own words for it."""

    name: str
    german: str
    english: str
    is_address: bool


ASKED = (
    Asked("issuer", "Plattform-ID", "Platform ID", is_address=True),
    Asked("client_id", "Client-ID", "Client ID", is_address=False),
    Asked("deployment_id", "Deployment-ID", "Deployment ID", is_address=False),
    Asked("jwks_url", "URL des öffentlichen Schlüsselbundes", "Public keyset URL", is_address=True),
    Asked("auth_token_url", "URL für Zugriffstoken", "Access token URL", is_address=True),
    Asked("auth_login_url", "URL der Authentifizierungsanforderung", "Authentication request URL", is_address=True),
)
"""In the order of Moodle's „Konfigurationsdetails“ window, which is also that of ILIAS's box."""

_PRODUCTS = {"moodle": "Moodle", "ilias": "ILIAS", "": ""}

FINDINGS: Mapping[Finding, LazyString] = {
    Finding.FORBIDDEN: _("Dieser Rechner liegt in einem Hausnetz, das für diese Einladung nicht freigegeben ist."),
    Finding.TIMED_OUT: _("Unter dieser Adresse kam innerhalb von fünf Sekunden keine Antwort."),
    Finding.UNREACHABLE: _("Dieser Rechner ist von hier aus nicht zu erreichen, oder sein Zertifikat gilt nicht."),
    Finding.NOTHING_THERE: _("Der Rechner antwortet, aber unter dieser Adresse gibt es nichts."),
    Finding.NO_KEY_SET: _("Unter dieser Adresse liegt kein Schlüsselsatz. Ist es vielleicht eine andere Adresse?"),
    Finding.NO_USABLE_KEY: _("Der Schlüsselsatz enthält keinen brauchbaren Schlüssel (RSA ab 2048 Bit, RS256)."),
    Finding.NO_TOKEN_ENDPOINT: _("Unter dieser Adresse antwortet keine Ausgabestelle für Zugriffstoken."),
}
_MISSING = _("Bitte tragen Sie den Wert aus der Lernplattform ein.")
_NO_ADDRESS = _("Das ist keine vollständige https-Adresse. Bitte kopieren Sie sie aus der Lernplattform.")
_NO_ID = _("Das ist keine Kennung: Erlaubt sind bis zu 255 Zeichen ohne Zeilenumbruch.")


@bp.get("/register/<token>/manual")
def show(token: str) -> ResponseReturnValue:
    """Show our values in the order of each LMS's form, and the form for theirs."""
    return _page(token, Invitations(db(), current_tool().clock).find(token), {}, {})


@bp.post("/register/<token>/manual")
def save(token: str) -> ResponseReturnValue:
    """Try the addresses, then store the platform; nothing is stored while one of them does not work."""
    tool = current_tool()
    given = {asked.name: " ".join(request.form.get(asked.name, "").split()) for asked in ASKED}
    given["product"] = request.form.get("product", "")
    invitation = Invitations(db(), tool.clock).find(token)
    db().rollback()  # no transaction stays open while the platform answers
    faults = _typing_faults(given, invitation.private_hosts | tool.settings.allowed_private_hosts)
    faults = faults or _connection_faults(given, invitation.private_hosts)
    if faults:
        return _page(token, invitation, given, faults), 422
    platform = _new_platform(given, invitation)
    claimed = Invitations(db(), tool.clock).claim(token)
    g.registration_id = StoreInvitedRegistration(db(), tool.clock).store(claimed, platform)
    commit()
    tool.registrations.forget()
    return render_template("registration_saved.html", name=platform.name, product=given["product"])


def _page(token: str, invitation: OpenInvitation, given: Mapping[str, str], faults: Mapping[str, LazyString]) -> str:
    base_url = current_tool().settings.base_url
    return render_template(
        "registration_manual.html",
        token=token,
        municipality=invitation.municipality,
        forms={"moodle": ("Moodle", moodle_fields(base_url)), "ilias": ("ILIAS", ilias_fields(base_url))},
        asked=ASKED,
        given=given,
        faults=faults,
    )


def _typing_faults(given: Mapping[str, str], allowed: frozenset[str]) -> dict[str, LazyString]:
    faults = {}
    for asked in ASKED:
        value = given[asked.name]
        if not value:
            faults[asked.name] = _MISSING
        elif asked.is_address and not _is_address(value, allowed):
            faults[asked.name] = _NO_ADDRESS
        elif identifier(value) is None and not asked.is_address:
            faults[asked.name] = _NO_ID
    return faults


def _is_address(value: str, allowed: frozenset[str]) -> bool:
    try:
        checked_url(value, allowed)
    except AddressForbidden:
        return False
    return value.isascii() and len(value) <= LONGEST_URL


def _connection_faults(given: Mapping[str, str], private_hosts: frozenset[str]) -> dict[str, LazyString]:
    probe = current_tool().endpoint_probe
    found = {
        "jwks_url": probe.key_set(given["jwks_url"], private_hosts),
        "auth_token_url": probe.token_endpoint(given["auth_token_url"], private_hosts),
    }
    return {name: FINDINGS[finding] for name, finding in found.items() if finding is not Finding.FINE}


def _new_platform(given: Mapping[str, str], invitation: OpenInvitation) -> NewPlatform:
    return NewPlatform(
        municipality=invitation.municipality,
        name=platform_name(_PRODUCTS.get(given["product"], ""), invitation.municipality)[:255],
        issuer=given["issuer"],
        client_id=given["client_id"],
        auth_login_url=given["auth_login_url"],
        auth_token_url=given["auth_token_url"],
        jwks_url=given["jwks_url"],
        deployment_ids=[given["deployment_id"]],
        private_hosts=sorted(invitation.private_hosts),
        product_family=given["product"] if given["product"] in _PRODUCTS else "",
    )
