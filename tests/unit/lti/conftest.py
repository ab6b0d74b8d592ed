"""The protocol adapter with a platform that signs real tokens, a network that answers as told, and a clock to turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lti_tool.domain.launch import Launch
from lti_tool.domain.registration import Registration
from lti_tool.lti.jwks import PlatformKeys
from lti_tool.lti.login import LoginRedirect, LoginStarter
from lti_tool.lti.state import StateSigner
from lti_tool.lti.validate import LaunchValidator
from tests.factories.forgery import Forgery
from tests.factories.id_token import launch_claims
from tests.factories.network import Network
from tests.factories.platform_key import PlatformKey

BASE_URL = "https://tool.example"
BROWSER = "the secret in the browser's cookie"


class TurnedClock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **delta: float) -> None:
        self.now += timedelta(**delta)


def registration(**changed: Any) -> Registration:
    values: dict[str, Any] = {
        "id": 1,
        "municipality": "Stadt Olpe",
        "name": "Moodle",
        "issuer": "https://lms.example",
        "client_id": "tool-client",
        "auth_login_url": "https://lms.example/mod/lti/auth.php",
        "auth_token_url": "https://lms.example/mod/lti/token.php",
        "jwks_url": "https://lms.example/mod/lti/certs.php",
        "deployments": {"1": True},
    }
    return Registration(**{**values, **changed})


@dataclass
class Directory:
    """Registrations in memory."""

    registrations: list[Registration] = field(default_factory=lambda: [registration()])

    def by_issuer(self, issuer: str) -> Sequence[Registration]:
        return [one for one in self.registrations if one.issuer == issuer]

    def by_id(self, registration_id: int) -> Registration | None:
        return next((one for one in self.registrations if one.id == registration_id), None)

    def deployment_active(self, registration: Registration, deployment_id: str) -> bool | None:
        return registration.deployments.get(deployment_id)


class Adapter:
    """Login and launch, wired as `app.py` wires them."""

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.clock = TurnedClock()
        self.directory = Directory()
        self.network = Network()
        self.key = PlatformKey()
        self.network.serve_json(registration().jwks_url, self.key.jwks())
        signer = StateSigner("a secret only for tests", self.clock)
        self.login = LoginStarter(self.directory, signer, self.clock, base_url)
        self.keys = PlatformKeys(self.network, self.clock)
        self.validator = LaunchValidator(self.directory, signer, self.keys, self.clock, base_url)
        self.signer = signer

    def started(self, **changed: str) -> LoginRedirect:
        return self.login.start(login_form(**changed), BROWSER)

    def forgery(self, **login: str) -> Forgery:
        """Log in; return a good launch that fits."""
        redirect, other = self.started(**login), self.started(**login)
        claims = launch_claims(
            issuer="https://lms.example", client_id="tool-client", nonce=self.nonce(redirect), at=self.clock()
        )
        return Forgery(self.key, claims, redirect.state, other_nonce=self.nonce(other))

    def nonce(self, redirect: LoginRedirect) -> str:
        return self.signer.nonce(self.signer.read(redirect.state).id)

    def launch(self, forgery: Forgery, browser: str | None = BROWSER) -> Launch:
        return self.validator.validate(as_lists(forgery.posted()), browser)

    def launched(self, spoil: Callable[[Forgery], None] = lambda _: None, browser: str | None = BROWSER) -> Launch:
        forgery = self.forgery()
        spoil(forgery)
        return self.launch(forgery, browser)


def login_form(**changed: str | list[str] | None) -> dict[str, list[str]]:
    form: dict[str, Any] = {
        "iss": "https://lms.example",
        "client_id": "tool-client",
        "login_hint": "5",
        "lti_message_hint": '{"cmid":3,"launchid":"ltilaunch2_1"}',
        "target_link_uri": f"{BASE_URL}/lti/launch",
        "lti_deployment_id": "1",
        **changed,
    }
    return {name: [value] if isinstance(value, str) else value for name, value in form.items() if value is not None}


def as_lists(form: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in form.items()}


@pytest.fixture
def adapter() -> Adapter:
    return Adapter()


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def network() -> Network:
    return Network()
