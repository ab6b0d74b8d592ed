"""From verified claims to one frozen `Launch`; nothing after this sees a claim again."""

from __future__ import annotations

import re
from typing import Any

from lti_tool.domain.launch import AgsEndpoint, Launch, MessageType, NoticeService
from lti_tool.domain.registration import Registration
from lti_tool.lti import claims as claim
from lti_tool.lti.deep_linking_settings import read_settings
from lti_tool.lti.endpoints import LONGEST_URL, is_own_page, is_trusted
from lti_tool.lti.foreign_text import text
from lti_tool.lti.platform_storage import storage_of
from lti_tool.lti.state import LoginState

UNTRUSTED_ENDPOINT = "ags.untrusted_endpoint"
UNTRUSTED_ROSTER = "nrps.untrusted_endpoint"

_WORD = re.compile(r"[A-Za-z0-9_.@-]{1,35}")


def read_launch(
    claims: claim.Claims,
    *,
    registration: Registration,
    state: LoginState,
    deployment_id: str,
    message_type: MessageType,
    browser_bound: bool,
) -> Launch:
    """Type every claim the tool uses.

    Raises:
        Refusal: rows A50 to A62, A73, A74, D2, D3 and D10.
    """
    claim.check_own_claims(claims, message_type)
    presentation, platform = claim.presentation(claims), claim.platform(claims)
    ags, ags_warnings = _trusted_ags(claims, registration)
    memberships_url, roster_warnings = _trusted_roster(claims, registration)
    asks_for_content = message_type is MessageType.DEEP_LINKING
    return Launch(
        registration_id=registration.id,
        state_id=state.id,
        state_expires_at=state.expires_at,
        deployment_id=deployment_id,
        message_type=message_type,
        roles=claim.roles(claims),
        subject=claim.subject(claims),
        name=claim.person_name(claims),
        context=claim.context(claims),
        resource_link=claim.resource_link(claims, required=not asks_for_content),
        custom=claim.custom(claims),
        locale=_word(presentation.get("locale")),
        document_target=_word(presentation.get("document_target")),
        return_url=return_url(claims, registration),
        ags=ags,
        memberships_url=memberships_url,
        deep_linking=read_settings(claims, registration) if asks_for_content else None,
        for_user=claim.for_user(claims) if message_type is MessageType.SUBMISSION_REVIEW else None,
        platform_family=text(platform.get("product_family_code")) or None,
        platform_version=text(platform.get("version")) or None,
        notices=_trusted_notices(claims, registration),
        browser_bound=browser_bound,
        storage=storage_of(state.id, state.left, registration) if state.left and not browser_bound else None,
        warnings=ags_warnings + roster_warnings,
    )


def return_url(claims: claim.Claims, registration: Registration) -> str | None:
    """Return where the platform wants the person sent back to, if that is a page of this very platform."""
    presentation = claims.get(claim.LAUNCH_PRESENTATION)
    url = presentation.get("return_url") if isinstance(presentation, dict) else None
    return url if isinstance(url, str) and is_own_page(registration, url) else None


def _trusted_ags(claims: claim.Claims, registration: Registration) -> tuple[AgsEndpoint | None, tuple[str, ...]]:
    """Return the grade service, or a warning instead if one of its URLs leads elsewhere (A61)."""
    ags = claim.ags(claims)
    if ags is None:
        return None, ()
    if all(_is_usable(registration, url) for url in (ags.lineitem, ags.lineitems) if url):
        return ags, ()
    return None, (UNTRUSTED_ENDPOINT,)


def _trusted_notices(claims: claim.Claims, registration: Registration) -> NoticeService | None:
    service = claim.notice_service(claims)
    return service if service and is_trusted(registration, service.url) else None


def _trusted_roster(claims: claim.Claims, registration: Registration) -> tuple[str | None, tuple[str, ...]]:
    url = claim.memberships_url(claims)
    if url is None or _is_usable(registration, url):
        return url, ()
    return None, (UNTRUSTED_ROSTER,)


def _is_usable(registration: Registration, url: str) -> bool:
    """Whether a service URL is the platform's, and short enough to be kept."""
    return len(url) <= LONGEST_URL and is_trusted(registration, url)


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and _WORD.fullmatch(value) else None
