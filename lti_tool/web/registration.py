"""Dynamic registration: an invited administrator lets the LMS open `/register/<invitation>` and agrees once.

The invitation stands in the address, as the LMS opens it. So these pages send no referrer, load nothing from elsewhere,
and the invitation works once.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from flask import Blueprint, Response, g, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.domain.errors import Code, Refusal
from lti_tool.lti.dynamic_registration import Choice, Registered, scopes_to_ask
from lti_tool.lti.platform_configuration import PlatformConfiguration
from lti_tool.lti.registration_token import deployment_to_update
from lti_tool.lti.scopes import GRADES, NOTICES, ROSTER
from lti_tool.services.invitations import Invitations, OpenInvitation
from lti_tool.services.invited_registrations import StoreInvitedRegistration
from lti_tool.services.registrations import NewPlatform
from lti_tool.web import headers
from lti_tool.web.rate import limit_rate
from lti_tool.web.registration_session import Confirmation, seal, unseal
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import commit, db

bp = Blueprint("registration", __name__)

_APPENDED = re.compile(r"[?&]openid_configuration=(.+?)(?:&registration_token=([^&]*))?$")
_TOKEN = re.compile(r"[\x21-\x7e]{0,8192}")
_FEMININE = re.compile(r"\w*(stadt|gemeinde)\b", re.IGNORECASE)


@bp.before_request
def _protect() -> None:
    limit_rate("register")


@bp.after_request
def keep_the_invitation_private(response: Response) -> Response:
    """Tell no other page the address of this one."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/register/", defaults={"rest": ""})
@bp.get("/register/<path:rest>", merge_slashes=False)
def ask(rest: str) -> ResponseReturnValue:
    """Show who wants to connect, what they get and what we get. Nothing is stored yet."""
    token, configuration_url, registration_token = _asked(rest)
    tool = current_tool()
    invitation = Invitations(db(), tool.clock).find(token)
    db().rollback()  # no transaction stays open while the platform answers
    platform = tool.dynamic_registration.ask(configuration_url, invitation.private_hosts)
    if (deployment_id := deployment_to_update(registration_token)) is not None:
        StoreInvitedRegistration(db(), tool.clock).refuse_update(platform.issuer, deployment_id)
    headers.let_frame(platform.frame_origins)
    return render_template(
        "registration_confirm.html",
        name=platform_name(platform.product, invitation.municipality),
        municipality=invitation.municipality,
        platform=platform,
        offers_grades=any(map(platform.offers, GRADES)),
        offers_notices=platform.offers(NOTICES),
        offers_roster=platform.offers(ROSTER),
        token=token,
        sealed=seal(token, Confirmation(platform, registration_token)),
    )


@bp.post("/register/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Register at the platform and store the registration; exactly one confirmation of an invitation gets here."""
    confirmation = unseal(token, request.form.get("session", ""))
    platform = confirmation.platform
    headers.let_frame(platform.frame_origins)
    if platform.foreign_hosts and request.form.get("consent") != "foreign-hosts":
        raise Refusal(Code.DR_BAD_ENDPOINT, "no consent to endpoints on another host")
    choice = Choice(request.form.get("privacy") == "names", request.form.get("roster") == "yes")
    invitation = Invitations(db(), current_tool().clock).claim(token)
    commit()
    try:
        registered = _register(confirmation, choice, invitation)
    except Refusal:
        db().rollback()
        Invitations(db(), current_tool().clock).give_back(invitation)
        commit()
        raise
    return render_template(
        "registration_done.html",
        name=platform_name(platform.product, invitation.municipality),
        family=platform.product_family.lower().removesuffix(".de"),
        product=platform.product,
        pending=registered.deployment_id is None,
        origins=platform.frame_origins,
    )


def platform_name(product: str, municipality: str) -> str:
    """Return what a platform is called: "Moodle der Stadt Olpe", "ILIAS (Kreis Olpe)"."""
    product = product or "Lernplattform"
    return f"{product} der {municipality}" if _FEMININE.match(municipality) else f"{product} ({municipality})"


def _register(confirmation: Confirmation, choice: Choice, invitation: OpenInvitation) -> Registered:
    tool, platform = current_tool(), confirmation.platform
    registered = tool.dynamic_registration.register(
        platform, choice, confirmation.registration_token, invitation.private_hosts
    )
    new = _new_platform(platform, choice, registered, invitation)
    g.registration_id = StoreInvitedRegistration(db(), tool.clock).store(invitation, new)
    commit()
    tool.registrations.forget()
    return registered


def _new_platform(
    platform: PlatformConfiguration, choice: Choice, registered: Registered, invitation: OpenInvitation
) -> NewPlatform:
    return NewPlatform(
        municipality=invitation.municipality,
        name=platform_name(platform.product, invitation.municipality)[:255],
        issuer=platform.issuer,
        client_id=registered.client_id,
        auth_login_url=platform.authorization_endpoint,
        auth_token_url=platform.token_endpoint,
        auth_audience=platform.token_audience,
        jwks_url=platform.jwks_uri,
        deployment_ids=[registered.deployment_id] if registered.deployment_id else [],
        private_hosts=sorted(invitation.private_hosts),
        product_family=platform.product_family,
        scopes=scopes_to_ask(platform, choice),
        keeps_names=choice.with_names,
        nrps_enabled=choice.with_roster and platform.offers(ROSTER),
    )


def _asked(rest: str) -> tuple[str, str, str]:
    """Return invitation, configuration address and registration token.

    ILIAS up to 9 appends its parameters with "&" whatever the address looks like, so they may stand in the path or
    within another parameter's value.
    """
    token = rest.partition("&")[0]
    url, registration_token = request.args.get("openid_configuration"), request.args.get("registration_token", "")
    if url is None:
        found = _APPENDED.search(f"{rest}?{unquote(request.query_string.decode('ascii', 'replace'))}".rstrip("?"))
        url, registration_token = (found[1], found[2] or "") if found else ("", "")
    if not _TOKEN.fullmatch(registration_token):
        raise Refusal(Code.BAD_REQUEST, "registration token")
    return token, url, registration_token
