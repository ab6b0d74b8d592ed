"""Platform Notification Service 1.0: saying where notices go, and reading those that come.

A notice is a token signed like a launch, but no login came before it: what makes it count once is its own id, which
whoever takes it stores (row P3).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.notices import Notice, NoticeKind
from lti_tool.domain.registration import Registration
from lti_tool.lti import claims as claim
from lti_tool.lti.foreign_text import identifier
from lti_tool.lti.jwks import PlatformKeys
from lti_tool.lti.platform_service import PlatformService
from lti_tool.lti.ports import Clock, Registrations
from lti_tool.lti.scopes import NOTICES
from lti_tool.lti.service_calls import bad_answer, succeeded
from lti_tool.lti.signed_token import take_apart
from lti_tool.lti.token_rules import check_audience, check_times

LONGEST_AGE_SECONDS = 86_400
"""A platform may deliver late; the token's own end counts as well."""

_MOST_ORIGINS = 100


class NoticeReader:
    """Verifies notices; safe to share between threads."""

    def __init__(self, registrations: Registrations, keys: PlatformKeys, clock: Clock) -> None:
        self._registrations = registrations
        self._keys = keys
        self._clock = clock

    def read(self, token: str) -> Notice:
        """Return the notice a platform signed.

        Raises:
            Refusal: `pns.unauthenticated` (P1); `launch.deployment_inactive` for one nobody approved;
                `platform.jwks_…` if the platform's keys cannot be had.
        """
        try:
            signed = take_apart(token)
            registration = self._registration(signed.claims)
            signed.check_signature(registration, self._keys)
            check_audience(signed.claims, registration.client_id)
            check_times(signed.claims, self._clock(), LONGEST_AGE_SECONDS)
            deployment_id = claim.deployment_id(signed.claims)
        except Refusal as refusal:
            raise _unauthenticated(refusal) from None
        if not self._registrations.deployment_active(registration, deployment_id):
            raise Refusal(Code.LAUNCH_DEPLOYMENT_INACTIVE, registration_id=registration.id)
        return _notice(signed.claims, registration.id, deployment_id)

    def _registration(self, claims: Mapping[str, Any]) -> Registration:
        """Find who is said to have signed; without a nonce it is no token of LTI at all (Security Framework, 5.1.2)."""
        issuer, audience = claims.get("iss"), claims.get("aud")
        named = audience if isinstance(audience, list) else [audience]
        known = self._registrations.by_issuer(issuer) if isinstance(issuer, str) else ()
        found = [registration for registration in known if registration.client_id in named and registration.active]
        if len(found) != 1 or identifier(claims.get("nonce")) is None:
            raise Refusal(Code.NOTICES_UNAUTHENTICATED)
        return found[0]


class NoticeHandlers:
    """Tells platforms where notices go; fits `services.ports.NoticeSubscriber`."""

    def __init__(self, service: PlatformService, handler_url: str) -> None:
        self._service = service
        self._handler_url = handler_url

    def subscribe(self, registration: Registration, url: str, kind: NoticeKind) -> None:
        """Name our handler for one kind of notices; doing it again changes nothing.

        Raises:
            DeliveryFailed: the platform did not take it.
        """
        body = json.dumps({"notice_type": str(kind), "handler": self._handler_url}).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        answer = self._service.send(registration, NOTICES, "PUT", url, headers=headers, body=body)
        if not succeeded(answer):
            raise bad_answer()


def _notice(claims: Mapping[str, Any], registration_id: int, deployment_id: str) -> Notice:
    notice = claims.get(claim.NOTICE)
    notice_id = identifier(notice.get("id")) if isinstance(notice, dict) else None
    if claims.get(claim.VERSION) != claim.LTI_VERSION or not isinstance(notice, dict) or notice_id is None:
        raise Refusal(Code.BAD_REQUEST, "no notice", registration_id=registration_id)
    context = claims.get(claim.CONTEXT)
    origins = claims.get(claim.ORIGIN_CONTEXTS)
    listed = origins[:_MOST_ORIGINS] if isinstance(origins, list) else []
    return Notice(
        registration_id=registration_id,
        deployment_id=deployment_id,
        id=notice_id,
        kind=_kind(notice.get("type")),
        context_id=identifier(context.get("id")) if isinstance(context, dict) else None,
        origin_context_ids=tuple(known for origin in listed if (known := identifier(origin)) is not None),
    )


def _kind(name: Any) -> NoticeKind | None:
    try:
        return NoticeKind(name)
    except ValueError:
        return None


def _unauthenticated(refusal: Refusal) -> Refusal:
    """A platform out of reach is no forgery: it may send again. All else is the same "no", the log says which."""
    if refusal.code in {Code.PLATFORM_JWKS_TIMEOUT, Code.PLATFORM_JWKS_INVALID}:
        return refusal
    return Refusal(Code.NOTICES_UNAUTHENTICATED, refusal.code.slug)
