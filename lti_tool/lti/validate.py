"""Step 2 of a launch: the platform posts an id_token and the state (Security Framework 1.1, 5.1.3).

Whether the state was used before is decided by whoever stores the launch: it burns `Launch.state_id` in the same
transaction (rows A9, A11, A15).
"""

from __future__ import annotations

import re

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.launch import Launch
from lti_tool.domain.registration import Registration
from lti_tool.lti.jwks import PlatformKeys
from lti_tool.lti.message import Expectation, PlatformMessage
from lti_tool.lti.ports import Clock, Registrations
from lti_tool.lti.request import Parameters
from lti_tool.lti.state import LoginState, StateSigner
from lti_tool.lti.target import LaunchAddress
from lti_tool.lti.tool_conf import OneRegistration

_FIELDS = ("id_token", "state", "error")
_PLATFORM_ERROR = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]{1,64}")  # RFC 6749, 4.1.2.1


class LaunchValidator:
    """Turns a posted form into a `Launch` or refuses it."""

    def __init__(
        self,
        registrations: Registrations,
        state_signer: StateSigner,
        keys: PlatformKeys,
        clock: Clock,
        base_url: str,
    ) -> None:
        self._registrations = registrations
        self._state_signer = state_signer
        self._keys = keys
        self._clock = clock
        self._redirect_uri = LaunchAddress(base_url).url

    def validate(self, form: Parameters, browser_secret: str | None) -> Launch:
        """Return the launch that a platform's form stands for.

        Args:
            form: the posted fields, each name with every value it was sent with.
            browser_secret: the value of the binding cookie; None if the browser sent none.

        Raises:
            Refusal: rows A4 to A67, A73 and A74 of the table of bad launches.
        """
        posted = _single_values(form)
        if not posted["id_token"] and not posted["error"]:
            raise Refusal(Code.LAUNCH_MISSING_TOKEN)
        if not posted["state"]:
            raise Refusal(Code.LAUNCH_MISSING_STATE)
        state = self._state_signer.read(posted["state"])
        registration = self._registrations.by_id(state.registration_id)
        if registration is None:
            raise Refusal(Code.LAUNCH_UNKNOWN_STATE, "the registration is gone")
        _check_login(state, registration, posted["error"], browser_secret)
        if registration.is_closed(self._clock()):
            raise Refusal(Code.LOGIN_TOWN_CLOSED, registration_id=registration.id)
        expected = Expectation(
            state=state,
            nonce=self._state_signer.nonce(state.id),
            registration=registration,
            redirect_uri=self._redirect_uri,
            now=self._clock(),
            browser_bound=browser_secret is not None,
        )
        return self._validated(form, expected)

    def _validated(self, form: Parameters, expected: Expectation) -> Launch:
        conf = OneRegistration(expected.registration, self._registrations)
        message = PlatformMessage(form, conf, self._keys, expected)
        try:
            message.validate()
        except Refusal as refusal:
            refusal.registration_id = expected.registration.id
            refusal.return_url = message.return_url
            raise
        return message.launch


def _single_values(form: Parameters) -> dict[str, str]:
    posted = {}
    for name in _FIELDS:
        values = form.get(name, ())
        if len(values) > 1:
            raise Refusal(Code.BAD_REQUEST, f"{name} twice")
        posted[name] = values[0] if values else ""
    return posted


def _check_login(state: LoginState, registration: Registration, error: str, browser_secret: str | None) -> None:
    """Refuse what needs no token: another browser (A10), the platform's own refusal (A5), a registration at rest."""
    if browser_secret is not None and not state.began_in(browser_secret):
        raise Refusal(Code.LAUNCH_WRONG_BROWSER, registration_id=registration.id)
    if error:
        raise Refusal(
            Code.LAUNCH_PLATFORM_ERROR,
            error if _PLATFORM_ERROR.fullmatch(error) else "",
            registration_id=registration.id,
            spent_state=(state.id, state.expires_at),
        )
    if not registration.active:
        raise Refusal(Code.LOGIN_REGISTRATION_INACTIVE, registration_id=registration.id)
