"""One posted message, checked step by step (Security Framework 1.1, 5.1.3; LTI 1.3 core, 5.3 and 5.4).

PyLTI1p3 gives the order of the steps; each step is ours, because its own leave gaps (decision 0002). Its order suits
the rule that each bad launch gets a code of its own:

1. state (proved before, see `validate.py`)
2. form of the token: three parts, JSON objects
3. nonce: the one that belongs to the state
4. issuer: the one the login was for
5. signature, then what the token says of audience and time
6. deployment
7. message: version, type, target, every claim typed

Steps 3 and 4 look at claims before they are verified; they can only refuse.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from pylti1p3.message_launch import MessageLaunch

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.launch import Launch, MessageType
from lti_tool.domain.registration import Registration
from lti_tool.lti import claims as claim
from lti_tool.lti.jwks import PlatformKeys
from lti_tool.lti.launch import read_launch, return_url
from lti_tool.lti.request import NoCookies, NothingStored, Parameters, PlainRequest
from lti_tool.lti.signed_token import take_apart
from lti_tool.lti.state import LoginState
from lti_tool.lti.token_rules import check_audience, check_times
from lti_tool.lti.tool_conf import OneRegistration

_UNUSED_SESSION = requests.Session()  # PyLTI1p3 would open one per launch; all calls go through our own door


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a launch must be, by what its login was."""

    state: LoginState
    nonce: str
    registration: Registration
    redirect_uri: str
    now: datetime
    browser_bound: bool

    def admits_target(self, target_link_uri: Any) -> bool:
        """Whether the token leads where the login led to (A48, A49).

        ILIAS up to 10 sends the redirect_uri instead. Nothing is chosen by this claim, and both are ours.
        """
        if not isinstance(target_link_uri, str):
            return False
        return target_link_uri == self.redirect_uri or self.state.led_to(target_link_uri)


class PlatformMessage(MessageLaunch[PlainRequest, OneRegistration, NothingStored, NoCookies]):
    """A message with all steps of PyLTI1p3's `validate()` replaced; one object per request.

    Attributes:
        launch: the result, there once `validate()` has returned.
        return_url: where a refused person may be sent back to; None until the signature is verified.
    """

    launch: Launch
    return_url: str | None = None

    def __init__(self, form: Parameters, conf: OneRegistration, keys: PlatformKeys, expected: Expectation) -> None:
        request = PlainRequest(form)
        super().__init__(request, conf, NothingStored(request), NoCookies(), requests_session=_UNUSED_SESSION)
        self._keys = keys
        self._expected = expected
        self._claims: dict[str, Any] = {}
        self._deployment_id = ""

    def _get_request_param(self, key: str) -> str:
        return self._request.get_param(key)

    def validate_state(self) -> PlatformMessage:
        return self

    def validate_jwt_format(self) -> PlatformMessage:
        """Take the token apart (A16)."""
        self._token = take_apart(self._get_id_token())
        self._claims = self._token.claims
        self._jwt = {"header": self._token.header, "body": self._claims}  # type: ignore[typeddict-item]  # unverified
        return self

    def validate_nonce(self) -> PlatformMessage:
        """Compare the nonce with the login's own (A12 to A14)."""
        nonce = self._claims.get("nonce")
        if not isinstance(nonce, str) or not nonce:
            raise Refusal(Code.LAUNCH_MISSING_NONCE)
        if not hmac.compare_digest(nonce.encode("utf-8", "surrogatepass"), self._expected.nonce.encode()):
            raise Refusal(Code.LAUNCH_BAD_NONCE)
        return self

    def validate_registration(self) -> PlatformMessage:
        """Hold the token to the platform the login was for (A25, A26: mix-up)."""
        if self._claims.get("iss") != self._expected.registration.issuer:
            raise Refusal(Code.LAUNCH_ISSUER_MISMATCH)
        self._registration = self._tool_config.find_registration_by_issuer()
        return self

    def validate_jwt_signature(self) -> PlatformMessage:
        """Verify the signature, then audience and times (A17 to A41)."""
        self._token.check_signature(self._expected.registration, self._keys)
        check_audience(self._claims, self._expected.registration.client_id)
        self.return_url = return_url(self._claims, self._expected.registration)
        check_times(self._claims, self._expected.now)
        return self

    def validate_deployment(self) -> PlatformMessage:
        """Let only approved deployments in (A44 to A47)."""
        deployment_id = claim.deployment_id(self._claims)
        if not self._expected.state.admits_deployment(deployment_id):
            raise Refusal(Code.LAUNCH_BAD_DEPLOYMENT, "not the one of the login")
        active = self._tool_config.deployment_active(deployment_id)
        if active is None:
            raise Refusal(Code.LAUNCH_DEPLOYMENT_PENDING, deployment_id=deployment_id)
        if not active:
            raise Refusal(Code.LAUNCH_DEPLOYMENT_INACTIVE)
        self._deployment_id = deployment_id
        return self

    def validate_message(self) -> PlatformMessage:
        """Type the claims and make the launch (A42 to A62)."""
        kind = claim.message_type(self._claims)
        self._check_target(kind)
        self.launch = read_launch(
            self._claims,
            registration=self._expected.registration,
            state=self._expected.state,
            deployment_id=self._deployment_id,
            message_type=kind,
            browser_bound=self._expected.browser_bound,
        )
        return self

    def save_launch_data(self) -> PlatformMessage:
        """Store nothing: whoever takes the launch stores what it needs, and burns the state with it."""
        return self

    def _check_target(self, kind: MessageType) -> None:
        """Only a resource link launch must name its target (core 5.3.5); whoever names one must name ours."""
        target = self._claims.get(claim.TARGET_LINK_URI)
        if target is None and kind is not MessageType.RESOURCE_LINK:
            return
        if not self._expected.admits_target(target):
            raise Refusal(Code.LAUNCH_TARGET_MISMATCH)
