"""Step 1 of a launch: third-party initiated login (1EdTech Security Framework 1.1, section 5.1.1).

The platform sends the browser here; the tool checks who asks and where it shall lead, and sends the browser back to
the platform's authentication endpoint with a fresh state and nonce. Always by GET: Moodle and ILIAS do not see their
session cookie in a cross-site POST.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.redirect import Redirect
from pylti1p3.registration import Registration as LibraryRegistration

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.launch import PlatformStorage
from lti_tool.domain.registration import Registration
from lti_tool.lti.platform_storage import left_secret, storage_of
from lti_tool.lti.ports import Clock, Registrations
from lti_tool.lti.request import NoCookies, NothingStored, Parameters, PlainRequest
from lti_tool.lti.state import IssuedState, StateSigner
from lti_tool.lti.target import LaunchAddress
from lti_tool.lti.tool_conf import OneRegistration

_PARAMETERS = (
    "iss",
    "login_hint",
    "target_link_uri",
    "lti_message_hint",
    "client_id",
    "id",
    "lti_deployment_id",
    "lti_storage_target",
)
_LONGEST_VALUE = 4096
_UNUSABLE = re.compile(r"[\x00\r\n\ud800-\udfff]")
"""What breaks a header, or is half a character that no address can hold."""
_STATE = "state="
_LIBRARYS_STATE = "state=state-"


@dataclass(frozen=True, slots=True)
class LoginRedirect:
    """Where to send the browser.

    Attributes:
        state: the state in the URL.
        storage: where to leave the secret in the platform's window before going there; None for nowhere.
    """

    url: str
    state: str
    registration_id: int
    storage: PlatformStorage | None


class LoginStarter:
    """Answers login requests. Stores nothing, so a flood of logins costs no disk."""

    def __init__(
        self,
        registrations: Registrations,
        state_signer: StateSigner,
        clock: Clock,
        base_url: str,
        former_base_urls: Iterable[str] = (),
    ) -> None:
        self._registrations = registrations
        self._state_signer = state_signer
        self._clock = clock
        self._launch_address = LaunchAddress(base_url)
        self._targets = (self._launch_address, *map(LaunchAddress, former_base_urls))

    def start(self, parameters: Parameters, browser_secret: str, storage_secret: str | None = None) -> LoginRedirect:
        """Return where to send the browser.

        Args:
            parameters: query and form together, each name with every value it was sent with.
            browser_secret: the value of the cookie that binds the login to this browser.
            storage_secret: what may be left in the platform's storage instead; None for a browser that has shown
                that it keeps our cookie.

        Raises:
            Refusal: rows L1 to L14 of the table of bad launches.
        """
        given = _single_values(parameters)
        registration = self._registration(given)
        for name, code in (
            ("login_hint", Code.LOGIN_MISSING_LOGIN_HINT),
            ("target_link_uri", Code.LOGIN_MISSING_TARGET),
        ):
            if not given[name]:
                raise Refusal(code, registration_id=registration.id)
        if not any(address.covers(given["target_link_uri"]) for address in self._targets):
            raise Refusal(Code.LOGIN_FOREIGN_TARGET, registration_id=registration.id)
        left = left_secret(given["lti_storage_target"], storage_secret)
        state = self._state_signer.issue(
            registration_id=registration.id,
            target_link_uri=given["target_link_uri"],
            deployment_id=given["lti_deployment_id"],
            browser_secret=browser_secret,
            left=left,
        )
        request = _AuthenticationRequest(parameters, registration, self._registrations, state)
        storage = storage_of(state.id, left, registration) if left else None
        return LoginRedirect(request.url(self._launch_address.url), state.value, registration.id, storage)

    def _registration(self, given: dict[str, str]) -> Registration:
        if not given["iss"]:
            raise Refusal(Code.LOGIN_MISSING_ISSUER)
        of_issuer = self._registrations.by_issuer(given["iss"])
        if not of_issuer:
            raise Refusal(Code.LOGIN_UNKNOWN_ISSUER)
        registration = _chosen(of_issuer, given)
        if not registration.active:
            raise Refusal(Code.LOGIN_REGISTRATION_INACTIVE, registration_id=registration.id)
        if registration.is_closed(self._clock()):
            raise Refusal(Code.LOGIN_TOWN_CLOSED, registration_id=registration.id)
        return registration


def _single_values(parameters: Parameters) -> dict[str, str]:
    """Return each parameter of a login once, "" where absent; the platform's other parameters are ignored."""
    given = {}
    for name in _PARAMETERS:
        values = parameters.get(name, ())
        if len(values) > 1:
            raise Refusal(Code.LOGIN_DUPLICATE_PARAMETER, name)
        value = values[0] if values else ""
        if len(value.encode("utf-8", "surrogatepass")) > _LONGEST_VALUE or _UNUSABLE.search(value):
            raise Refusal(Code.LOGIN_BAD_PARAMETER, name)
        given[name] = value
    return given


def _chosen(of_issuer: Sequence[Registration], given: dict[str, str]) -> Registration:
    """Pick the registration a login is for.

    ILIAS 11 starts some logins with the client id in `id`, or with the deployment id alone.
    """
    client_id = given["client_id"]
    named = [one for one in of_issuer if one.client_id == (client_id or given["id"])]
    if client_id and not named:
        raise Refusal(Code.LOGIN_UNKNOWN_CLIENT)
    deploying = [one for one in of_issuer if given["lti_deployment_id"] in one.deployments]
    for candidates in (named, deploying, of_issuer):
        if len(candidates) == 1:
            return candidates[0]
    raise Refusal(Code.LOGIN_AMBIGUOUS_CLIENT)


class _SeeOther(Redirect[None]):
    """Holds the URL that PyLTI1p3 made; the edge answers."""

    def __init__(self, url: str) -> None:
        self._url = url

    def do_redirect(self) -> None:
        """Leave the answer to the edge."""

    def do_js_redirect(self) -> None:
        """Never: only a plain GET keeps the platform's session cookie."""

    def set_redirect_url(self, location: str) -> None:
        self._url = location

    def get_redirect_url(self) -> str:
        return self._url


class _AuthenticationRequest(OIDCLogin[PlainRequest, OneRegistration, NothingStored, NoCookies, None]):
    """PyLTI1p3's authentication request with our state and nonce, and with its second "?" mended (row L14)."""

    def __init__(
        self,
        parameters: Parameters,
        registration: Registration,
        registrations: Registrations,
        state: IssuedState,
    ) -> None:
        request = PlainRequest(parameters)
        conf = OneRegistration(registration, registrations)
        super().__init__(request, conf, NothingStored(request), NoCookies())
        self._for = registration
        self._state = state

    def url(self, redirect_uri: str) -> str:
        """Return the platform's authentication URL with its own query and ours merged."""
        made = self.get_redirect_object(redirect_uri).get_redirect_url().partition("?")[2]
        ours = made.replace(_LIBRARYS_STATE, _STATE, 1)
        own = urlsplit(self._for.auth_login_url)
        if not own.query:
            return urlunsplit(own._replace(query=ours, fragment=""))
        names = {parameter.partition("=")[0] for parameter in ours.split("&")}
        kept = urlencode([(name, value) for name, value in parse_qsl(own.query, True) if name not in names])
        return urlunsplit(own._replace(query=f"{kept}&{ours}" if kept else ours, fragment=""))

    def get_redirect(self, url: str) -> _SeeOther:
        return _SeeOther(url)

    def validate_oidc_login(self) -> LibraryRegistration:
        """Hand PyLTI1p3 the registration that was chosen by our own rules."""
        return self._tool_config.find_registration_by_issuer()

    def _generate_nonce(self) -> str:
        return self._state.nonce

    def _get_uuid(self) -> str:
        return self._state.value
