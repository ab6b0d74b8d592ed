"""The tool as its users meet it: over HTTP, on both databases, with a platform that signs real tokens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from lti_tool.app import create_app
from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.lti.errors import Unreachable
from lti_tool.lti.ports import Answer, Outgoing
from lti_tool.services.registrations import NewPlatform, SavePlatform
from lti_tool.settings import Settings, load_settings
from tests.factories.id_token import MEMBERSHIP, launch_claims
from tests.factories.plain_content import PLAIN_CONTENT
from tests.factories.platform_key import PlatformKey
from tests.factories.tool_key import lend_tool_key
from tests.factories.young_content import young_content
from tests.functional import made_once

BASE_URL = "https://tool.example"

made_once.install()


class SettableClock:
    """A clock that tests set and turn."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@dataclass
class Internet:
    """Answers the tool's outgoing calls; an address nobody answers at is unreachable. Keeps what was asked."""

    answers: dict[str, Callable[[], Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def send(self, method: str, url: str, **_: Any) -> Answer:
        self.asked.append(url)
        if url not in self.answers:
            raise Unreachable("nobody there")
        return self.answers[url]()

    def serve_json(self, url: str, document: object) -> None:
        body = json.dumps(document).encode()
        self.answers[url] = lambda: Answer(200, {"content-type": "application/json"}, body)


@dataclass
class Platform:
    """A registered platform."""

    registration_id: int
    issuer: str
    client_id: str
    key: PlatformKey
    clock: SettableClock

    @property
    def jwks_url(self) -> str:
        return f"{self.issuer}/mod/lti/certs.php"

    def login(self, **changed: str) -> dict[str, str]:
        """Return the parameters of a login as Moodle sends them."""
        return {
            "iss": self.issuer,
            "client_id": self.client_id,
            "login_hint": "5",
            "lti_message_hint": '{"cmid":3,"launchid":"ltilaunch2_1"}',
            "target_link_uri": f"{BASE_URL}/lti/launch",
            "lti_deployment_id": "1",
            **changed,
        }

    def claims(self, nonce: str, **changed: Any) -> dict[str, Any]:
        return launch_claims(issuer=self.issuer, client_id=self.client_id, nonce=nonce, at=self.clock(), **changed)

    def sign(self, claims: Mapping[str, Any], **header: Any) -> str:
        return self.key.sign(claims, **header)


class Browser(FlaskClient):
    """Reads each answer to its end, as browsers do, so that no file of the tool stays open."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **kwargs})


@dataclass
class RunningTool:
    """The app with everything a test may touch from outside."""

    app: Flask
    client: FlaskClient
    clock: SettableClock
    internet: Internet
    platform: Platform
    settings: Settings

    def browser(self) -> FlaskClient:
        """Return another browser, with a cookie jar of its own."""
        return self.app.test_client()

    def login(self, client: FlaskClient | None = None, **changed: str) -> dict[str, str]:
        """Log in; return the parameters of the request the platform gets (state, nonce, …)."""
        response = (client or self.client).post("/lti/login", data=self.platform.login(**changed), base_url=BASE_URL)
        assert response.status_code == 302, response.text
        return {name: values[0] for name, values in parse_qs(urlsplit(response.location).query).items()}

    def post_launch(self, form: Mapping[str, str], client: FlaskClient | None = None) -> TestResponse:
        return (client or self.client).post("/lti/launch", data=form, base_url=BASE_URL)

    def launch(self, client: FlaskClient | None = None, **changed: Any) -> TestResponse:
        """Log in and launch; `changed` spoils claims of the token. Returns the answer to the launch."""
        asked = self.login(client)
        claims = self.platform.claims(asked["nonce"], **changed)
        return self.post_launch({"state": asked["state"], "id_token": self.platform.sign(claims)}, client)

    def launch_as(self, client: FlaskClient | None = None, *, role: str = "Learner", **changed: Any) -> str:
        """Launch and return the path of the landing page, such as `/l/<launch>/`."""
        response = self.launch(client, roles=[MEMBERSHIP + role], **changed)
        assert response.status_code == 303, response.text
        return urlsplit(response.location).path


@pytest.fixture
def tool(database_url: str) -> Iterator[RunningTool]:
    """The tool with one active platform, whose deployment is "1"."""
    with running_tool(database_url) as running:
        yield running


@pytest.fixture
def rule(tool: RunningTool) -> Iterator[Callable[..., None]]:
    """Change a certification for one test: `rule("lotse", required=(…))`."""
    catalogue = tool.app.extensions["smartcity"].catalogue
    before = catalogue.certifications
    certifications = dict(before)

    def change(name: str, **changed: Any) -> None:
        certifications[name] = replace(certifications[name], **changed)
        object.__setattr__(catalogue, "certifications", certifications)

    yield change
    object.__setattr__(catalogue, "certifications", before)


@pytest.fixture
def young_tool(database_url: str, tmp_path: Path) -> Iterator[RunningTool]:
    """The tool while two modules are written and the others announced."""
    with running_tool(database_url, SMARTCITY_CONTENT_DIR=str(young_content(tmp_path / "content"))) as running:
        yield running


@contextmanager
def running_tool(database_url: str, *, http: Outgoing | None = None, **environment: str) -> Iterator[RunningTool]:
    """Run the tool on a migrated database."""
    settings = load_settings(
        {
            "SMARTCITY_BASE_URL": BASE_URL,
            "SMARTCITY_DATABASE_URL": database_url,
            "SMARTCITY_SECRET_KEY": "a secret only for tests, long enough",
            "SMARTCITY_CONTENT_DIR": str(PLAIN_CONTENT),
            **environment,
        },
    )
    clock, internet = SettableClock(), Internet()
    platform = register_platform(database_url, clock, internet)
    engine = make_engine(database_url)
    with make_sessions(engine).begin() as session:
        lend_tool_key(session, settings.secret_key.get_secret_value(), clock())
    engine.dispose()
    app = create_app(settings, clock=clock, http=http or internet)
    app.testing = True
    app.test_client_class = Browser
    made_once.share_templates(app)
    yield RunningTool(app, app.test_client(), clock, internet, platform, settings)
    app.extensions["smartcity"].sessions.kw["bind"].dispose()


def register_platform(
    database_url: str,
    clock: SettableClock,
    internet: Internet,
    *,
    issuer: str = "https://lms.example",
    client_id: str = "tool-client",
    key: PlatformKey | None = None,
) -> Platform:
    """Register a platform with deployment "1" and let it publish its key."""
    engine = make_engine(database_url)
    with make_sessions(engine).begin() as session:
        registration_id = SavePlatform(session, clock).save(
            NewPlatform(
                municipality="Stadt Olpe",
                name=f"Moodle {issuer}",
                issuer=issuer,
                client_id=client_id,
                auth_login_url=f"{issuer}/mod/lti/auth.php",
                auth_token_url=f"{issuer}/mod/lti/token.php",
                jwks_url=f"{issuer}/mod/lti/certs.php",
                deployment_ids=["1"],
            ),
        )
    engine.dispose()
    platform = Platform(registration_id, issuer, client_id, key or PlatformKey(), clock)
    internet.serve_json(platform.jwks_url, platform.key.jwks())
    return platform


@pytest.fixture
def counted_queries(tool: RunningTool) -> Callable[[], Any]:
    """Return a context manager that lists the statements sent within it."""
    engine = tool.app.extensions["smartcity"].sessions.kw["bind"]

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
                statements.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        yield statements
        event.remove(engine, "before_cursor_execute", note)

    return counting
