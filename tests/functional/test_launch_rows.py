"""The table of bad launches (rows A1 to A74) over HTTP: status, code, and that nothing is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Dialect, Engine, event, func, select, text
from sqlalchemy.orm import Session

from lti_tool.db.engine import make_engine
from lti_tool.db.models import BurntState, Context, Deployment, LaunchSession, LtiUser
from lti_tool.domain.errors import Code
from lti_tool.services import registrations
from tests.cases.launch_rows import ROWS, Row
from tests.factories.forgery import Forgery
from tests.factories.platform_key import PlatformKey
from tests.functional.conftest import BASE_URL, Platform, RunningTool, register_platform
from tests.functional.rows import assert_refused, shared_tool

__all__ = ["shared_tool"]


def forged(tool: RunningTool, browser: FlaskClient) -> Forgery:
    """Log in twice; return a good launch for the first login."""
    asked, other = tool.login(browser), tool.login(browser)
    claims = tool.platform.claims(asked["nonce"])
    return Forgery(tool.platform.key, claims, asked["state"], other_nonce=other["nonce"])


def good_form(tool: RunningTool, browser: FlaskClient | None = None, **changed: Any) -> dict[str, str]:
    asked = tool.login(browser)
    return {"state": asked["state"], "id_token": tool.platform.sign(tool.platform.claims(asked["nonce"], **changed))}


def stored(tool: RunningTool, *models: type[Any]) -> list[int]:
    """Return how many rows of each table there are."""
    engine = make_engine(tool.settings.database_url)
    with Session(engine) as session:
        counts = [session.scalar(select(func.count()).select_from(model)) or 0 for model in models]
    engine.dispose()
    return counts


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS])
def test_row(row: Row, shared_tool: RunningTool) -> None:
    browser = shared_tool.browser()
    forgery = forged(shared_tool, browser)
    row.spoil(forgery)
    before = stored(shared_tool, LtiUser, Context, LaunchSession)
    response = shared_tool.post_launch(forgery.posted(), browser)
    if row.code is None:
        assert (response.status_code, response.location[:3]) == (303, "/l/"), response.text
        assert browser.get(response.location, base_url=BASE_URL).status_code == 200
        return
    assert_refused(response, row.code)
    assert stored(shared_tool, LtiUser, Context, LaunchSession) == before


def test_a1_get_is_not_allowed(shared_tool: RunningTool) -> None:
    response = shared_tool.client.get("/lti/launch", base_url=BASE_URL)
    assert (response.status_code, "POST" in response.headers["Allow"]) == (405, True)


@pytest.mark.parametrize("media_type", ["application/json", "multipart/form-data", "text/plain", None])
def test_a2_anything_but_a_plain_form_is_refused(shared_tool: RunningTool, media_type: str | None) -> None:
    response = shared_tool.client.post("/lti/launch", data=b"state=x", content_type=media_type, base_url=BASE_URL)
    assert_refused(response, Code.LAUNCH_MEDIA_TYPE)


def test_a3_a_body_beyond_256_kb_is_refused(shared_tool: RunningTool) -> None:
    response = shared_tool.post_launch({"state": "x", "id_token": "x" * 262_144})
    assert_refused(response, Code.LAUNCH_TOO_LARGE)


def test_a5_the_platforms_error_ends_the_login(tool: RunningTool) -> None:
    asked = tool.login()
    error = {"state": asked["state"], "error": "login_required", "error_description": "<script>alert(1)</script>"}
    assert_refused(tool.post_launch(error), Code.LAUNCH_PLATFORM_ERROR)
    token = tool.platform.sign(tool.platform.claims(asked["nonce"]))
    assert_refused(tool.post_launch({"state": asked["state"], "id_token": token}), Code.LAUNCH_REPLAYED)


def test_a8_a_page_that_waited_longer_than_ten_minutes_is_refused(tool: RunningTool) -> None:
    asked = tool.login()
    tool.clock.turn(minutes=10, seconds=1)
    token = tool.platform.sign(tool.platform.claims(asked["nonce"]))
    assert_refused(tool.post_launch({"state": asked["state"], "id_token": token}), Code.LAUNCH_EXPIRED_STATE)


def test_a9_a_launch_is_used_once(tool: RunningTool) -> None:
    form = good_form(tool)
    assert tool.post_launch(form).status_code == 303
    before = stored(tool, LtiUser, Context, LaunchSession, BurntState)
    assert_refused(tool.post_launch(form), Code.LAUNCH_REPLAYED)
    assert stored(tool, LtiUser, Context, LaunchSession, BurntState) == before


def test_a10_a_launch_belongs_to_the_browser_that_logged_in(tool: RunningTool) -> None:
    thief = tool.browser()
    tool.login(thief)
    assert_refused(tool.post_launch(good_form(tool), thief), Code.LAUNCH_WRONG_BROWSER)


def test_a11_of_two_parallel_posts_exactly_one_gets_in(tool: RunningTool) -> None:
    first, second = tool.browser(), tool.browser()
    form = good_form(tool, first)
    secret = first.get_cookie("lti-login", domain="tool.example", path="/lti")
    assert secret is not None
    second.set_cookie("lti-login", secret.value, domain="tool.example", path="/lti")
    at_once = Barrier(2)

    def post(browser: FlaskClient) -> int:
        at_once.wait()
        return tool.post_launch(form, browser).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(post, (first, second))) == [303, 401]
    assert stored(tool, LaunchSession, BurntState) == [1, 1]


def test_a15_a_new_token_for_a_used_login_is_refused(tool: RunningTool) -> None:
    asked = tool.login()
    for sub, status in (("5", 303), ("1", 401)):
        token = tool.platform.sign(tool.platform.claims(asked["nonce"], sub=sub))
        response = tool.post_launch({"state": asked["state"], "id_token": token})
        assert response.status_code == status
    assert_refused(response, Code.LAUNCH_REPLAYED)
    assert stored(tool, LtiUser) == [1]


def test_a25_a_login_at_one_platform_is_not_completed_by_another(tool: RunningTool) -> None:
    other = second_platform(tool, issuer="https://other.example", key=PlatformKey("key-of-platform-b"))
    asked = tool.login()
    token = other.sign(other.claims(asked["nonce"]))
    assert_refused(tool.post_launch({"state": asked["state"], "id_token": token}), Code.LAUNCH_ISSUER_MISMATCH)


def test_a45_an_unknown_deployment_waits_for_approval(tool: RunningTool) -> None:
    asked = tool.login(lti_deployment_id="9")
    token = tool.platform.sign(tool.platform.claims(asked["nonce"], deployment_id="9"))
    response = tool.post_launch({"state": asked["state"], "id_token": token})
    assert_refused(response, Code.LAUNCH_DEPLOYMENT_PENDING)
    assert tool.post_launch({"state": asked["state"], "id_token": token}).status_code == 403
    assert deployments(tool) == {"1": True, "9": False}
    assert stored(tool, LtiUser, LaunchSession) == [0, 0]


def test_a46_a_deployment_of_another_client_of_the_issuer_is_unknown(tool: RunningTool) -> None:
    second = second_platform(tool, issuer=tool.platform.issuer, client_id="second")
    approve(tool, second.registration_id, "9")
    asked = tool.login(lti_deployment_id="9")
    token = tool.platform.sign(tool.platform.claims(asked["nonce"], deployment_id="9"))
    response = tool.post_launch({"state": asked["state"], "id_token": token})
    assert_refused(response, Code.LAUNCH_DEPLOYMENT_PENDING)


def test_a47_a_deployment_switched_off_is_refused(tool: RunningTool) -> None:
    engine = make_engine(tool.settings.database_url)
    with Session(engine) as session, session.begin():
        session.execute(text("update deployment set active = false"))
    engine.dispose()
    assert_refused(tool.launch(), Code.LAUNCH_DEPLOYMENT_INACTIVE)


def test_a57_the_same_sub_of_two_platforms_is_two_people(tool: RunningTool) -> None:
    other = second_platform(tool, issuer="https://other.example")
    tool.launch_as()
    asked = tool.login(iss=other.issuer)
    token = other.sign(other.claims(asked["nonce"]))
    assert tool.post_launch({"state": asked["state"], "id_token": token}).status_code == 303
    assert stored(tool, LtiUser) == [2]


def test_a58_the_same_e_mail_with_another_sub_is_another_person(tool: RunningTool) -> None:
    tool.launch_as()
    tool.launch_as(sub="6")
    assert stored(tool, LtiUser) == [2]


@pytest.mark.parametrize(
    ("role", "advice"), [("Instructor", "wählen"), ("Learner", "Lehrkraft")], ids=["A59-teacher", "A59-learner"]
)
def test_a59_a_link_to_unknown_content_says_what_to_do(tool: RunningTool, role: str, advice: str) -> None:
    asked = tool.login()
    claims = tool.platform.claims(
        asked["nonce"],
        custom={"module": "gone"},
        roles=[f"http://purl.imsglobal.org/vocab/lis/v2/membership#{role}"],
    )
    response = tool.post_launch({"state": asked["state"], "id_token": tool.platform.sign(claims)})
    assert_refused(response, Code.CONTENT_UNKNOWN)
    assert advice in response.text


def test_a61_an_untrusted_grade_service_does_not_stop_the_launch(tool: RunningTool) -> None:
    endpoint = {"scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"], "lineitem": "https://evil.example/"}
    path = tool.launch_as(endpoint=endpoint)
    assert tool.client.get(path, base_url=BASE_URL).status_code == 200


def test_a62_a_name_with_markup_is_shown_as_text(tool: RunningTool) -> None:
    path = tool.launch_as(name="<script>alert(1)</script>")
    assert "<script>alert" not in tool.client.get(path, base_url=BASE_URL).text


def test_a63_a64_a_platform_whose_keys_cannot_be_had_is_named(tool: RunningTool) -> None:
    del tool.internet.answers[tool.platform.jwks_url]
    assert_refused(tool.launch(), Code.PLATFORM_JWKS_INVALID)


def test_a69_without_any_cookie_a_page_offers_a_new_tab_and_no_session(tool: RunningTool) -> None:
    response = tool.post_launch(good_form(tool), tool.browser())
    assert response.status_code == 200
    assert "/lti/handover" in response.text
    assert "Set-Cookie" not in response.headers


def test_a72_while_the_database_is_away_nothing_is_used_up(tool: RunningTool) -> None:
    form = good_form(tool)
    with database_away(tool):
        response = tool.post_launch(form)
    assert_refused(response, Code.TEMPORARILY_UNAVAILABLE)
    assert int(response.headers["Retry-After"]) > 0
    assert tool.post_launch(form).status_code == 303


def test_a72_a_long_outage_is_told_in_the_same_words(tool: RunningTool, monkeypatch: pytest.MonkeyPatch) -> None:
    form = good_form(tool)
    monkeypatch.setattr(registrations, "FRESH_SECONDS", -1.0)
    with database_away(tool):
        assert_refused(tool.post_launch(form), Code.TEMPORARILY_UNAVAILABLE)


def second_platform(tool: RunningTool, **of: Any) -> Platform:
    """Register another platform before the tool is first asked; it remembers registrations for some seconds."""
    return register_platform(tool.settings.database_url, tool.clock, tool.internet, **of)


@contextmanager
def database_away(tool: RunningTool) -> Iterator[None]:
    engine: Engine = tool.app.extensions["smartcity"].sessions.kw["bind"]

    def refuse(dialect: Dialect, *_: object) -> None:
        raise dialect.loaded_dbapi.OperationalError("connection refused")

    event.listen(engine, "do_connect", refuse)
    engine.dispose()
    yield
    event.remove(engine, "do_connect", refuse)


def deployments(tool: RunningTool) -> dict[str, bool]:
    engine = make_engine(tool.settings.database_url)
    with Session(engine) as session:
        found = {row.deployment_id: row.active for row in session.scalars(select(Deployment))}
    engine.dispose()
    return found


def approve(tool: RunningTool, registration_id: int, deployment_id: str) -> None:
    engine = make_engine(tool.settings.database_url)
    with Session(engine) as session, session.begin():
        session.add(
            Deployment(
                registration_id=registration_id,
                deployment_id=deployment_id,
                active=True,
                first_seen_at=tool.clock(),
            )
        )
    engine.dispose()
