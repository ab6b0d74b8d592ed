"""The table of bad logins (rows L1 to L17) against the adapter alone, and the request a good one becomes."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.domain.errors import Refusal
from lti_tool.domain.launch import PlatformStorage
from lti_tool.lti.state import LeftSecret, StateSigner
from lti_tool.lti.target import LaunchAddress
from tests.cases.login_rows import ROWS, Row
from tests.unit.lti.conftest import BROWSER, Adapter, login_form, registration


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS])
def test_row(row: Row, adapter: Adapter) -> None:
    adapter.directory.registrations = [
        registration(),
        registration(id=2, issuer="https://two.example", client_id="first", deployments={}),
        registration(id=3, issuer="https://two.example", client_id="second", deployments={}),
        registration(id=4, issuer="https://off.example", active=False),
    ]
    form = login_form(**row.changed)
    if row.code is None:
        assert adapter.login.start(form, BROWSER).url.startswith("https://lms.example/mod/lti/auth.php?")
        return
    with pytest.raises(Refusal) as refused:
        adapter.login.start(form, BROWSER)
    assert refused.value.code is row.code


def query(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query, keep_blank_values=True)


def test_the_authentication_request_holds_what_moodle_and_ilias_ask_for(adapter: Adapter) -> None:
    redirect = adapter.started()
    asked = query(redirect.url)
    nonce = asked.pop("nonce")
    assert len(nonce[0]) >= 22
    assert asked == {
        "scope": ["openid"],
        "response_type": ["id_token"],
        "response_mode": ["form_post"],
        "prompt": ["none"],
        "client_id": ["tool-client"],
        "redirect_uri": ["https://tool.example/lti/launch"],
        "state": [redirect.state],
        "login_hint": ["5"],
        "lti_message_hint": ['{"cmid":3,"launchid":"ltilaunch2_1"}'],
    }


def test_the_redirect_uri_is_the_same_whatever_the_target(adapter: Adapter) -> None:
    redirect = adapter.started(target_link_uri="https://tool.example/lti/launch/deep?module=datenrecht")
    assert query(redirect.url)["redirect_uri"] == ["https://tool.example/lti/launch"]


def test_two_logins_share_neither_state_nor_nonce(adapter: Adapter) -> None:
    first, second = query(adapter.started().url), query(adapter.started().url)
    assert first["state"] != second["state"]
    assert first["nonce"] != second["nonce"]


def test_the_state_tells_neither_the_nonce_nor_the_browsers_secret(adapter: Adapter) -> None:
    redirect = adapter.started()
    assert query(redirect.url)["nonce"][0] not in redirect.state
    assert BROWSER not in redirect.state


def test_a_state_signed_with_another_secret_is_unknown(adapter: Adapter) -> None:
    stranger = StateSigner("another secret", adapter.clock)
    with pytest.raises(Refusal, match=r"launch\.unknown_state"):
        stranger.read(adapter.started().state)


def test_l14_the_auth_urls_own_query_is_merged(adapter: Adapter) -> None:
    adapter.directory.registrations = [registration(auth_login_url="https://lms.example/auth?tenant=a%26b&empty=#top")]
    url = adapter.started().url
    assert url.count("?") == 1
    assert "#" not in url
    assert query(url)["tenant"] == ["a&b"]
    assert query(url)["empty"] == [""]
    assert query(url)["login_hint"] == ["5"]


def test_l14_the_auth_urls_own_query_cannot_replace_ours(adapter: Adapter) -> None:
    adapter.directory.registrations = [registration(auth_login_url="https://lms.example/auth?state=mine")]
    redirect = adapter.started()
    assert query(redirect.url)["state"] == [redirect.state]


@pytest.mark.parametrize("odd", ['"><script>', "a b", "x" * 101, ""])
def test_l17_what_is_no_name_of_a_frame_keeps_no_secret(adapter: Adapter, odd: str) -> None:
    redirect = adapter.login.start(login_form(lti_storage_target=odd), BROWSER, "secret")
    assert redirect.storage is None
    assert adapter.signer.read(redirect.state).left is None
    assert "script" not in redirect.url


@pytest.mark.parametrize("frame", ["_parent", "post_message_forwarding"])
def test_the_state_knows_the_frame_and_a_proof_of_the_secret_but_not_the_secret(adapter: Adapter, frame: str) -> None:
    adapter.directory.registrations = [registration(auth_login_url="https://login.lms.example/auth")]
    redirect = adapter.login.start(login_form(lti_storage_target=frame), BROWSER, "secret")
    state = adapter.signer.read(redirect.state)
    proof = sha256(b"secret").hexdigest()
    assert state.left == LeftSecret(frame, proof)
    assert redirect.storage == PlatformStorage(
        frame, "https://login.lms.example", f"smart-city-lernen.{state.id}", proof
    )
    assert "secret" not in redirect.url


def test_a_browser_that_keeps_our_cookie_leaves_nothing_with_the_platform(adapter: Adapter) -> None:
    redirect = adapter.started(lti_storage_target="_parent")
    assert redirect.storage is None
    assert adapter.signer.read(redirect.state).left is None


@pytest.mark.parametrize(
    ("changed", "registration_id"),
    [
        ({"client_id": "second"}, 3),
        ({"client_id": None, "id": "second"}, 3),
        ({"client_id": None, "lti_deployment_id": "9"}, 2),
    ],
)
def test_ilias_may_name_the_client_by_id_or_by_deployment(
    adapter: Adapter, changed: dict[str, Any], registration_id: int
) -> None:
    adapter.directory.registrations = [
        registration(id=2, client_id="first", deployments={"9": True}),
        registration(id=3, client_id="second", deployments={"8": True}),
    ]
    assert adapter.login.start(login_form(**changed), BROWSER).registration_id == registration_id


def test_without_client_id_the_only_registration_of_an_issuer_is_meant(adapter: Adapter) -> None:
    assert adapter.login.start(login_form(client_id=None), BROWSER).registration_id == 1


@pytest.mark.parametrize(
    ("base_url", "target", "ours"),
    [
        ("https://tool.example", "https://tool.example/lti/launch", True),
        ("https://tool.example", "https://TOOL.example:443/lti/launch", True),
        ("https://tool.example", "https://tool.example/lti/launch/x?a=b", True),
        ("https://tool.example", "https://tool.example/lti/launches", False),
        ("https://tool.example", "https://tool.example/lti/launch/../admin", False),
        ("https://tool.example", "https://tool.example/lti/launch/%2E%2e/admin", False),
        ("https://tool.example", "https://tool.example:444/lti/launch", False),
        ("https://tool.example", "https://tool.example:x/lti/launch", False),
        ("https://tool.example", "https://@tool.example/lti/launch", False),
        ("https://city.example/lernen/", "https://city.example/lernen/lti/launch", True),
        ("https://city.example/lernen", "https://city.example/lti/launch", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/lti/launch", True),
        ("http://127.0.0.1:8000", "http://localhost:8000/lti/launch", False),
    ],
)
def test_which_targets_are_ours(base_url: str, target: str, ours: bool) -> None:
    assert LaunchAddress(base_url).covers(target) is ours


_ODD_TEXT = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "https://lms.example",
            "tool-client",
            "https://tool.example/lti/launch",
            "https://tool.example:99999/lti/launch",
            "https://[::1/lti/launch",
            "//tool.example/lti/launch",
            "javascript:alert(1)",
            "\ud800",
            "\x00",
            "x" * 5000,
        ]
    ),
)
_ONE_ADAPTER = Adapter()


@settings(max_examples=300, deadline=None)
@given(odd=st.dictionaries(st.sampled_from(sorted(login_form())), st.lists(_ODD_TEXT, max_size=3), max_size=4))
def test_whatever_a_login_holds_the_answer_is_a_redirect_to_the_platform_or_a_refusal(
    odd: dict[str, list[str]],
) -> None:
    try:
        answer = _ONE_ADAPTER.login.start({**login_form(), **odd}, BROWSER)
    except Refusal:
        return
    assert answer.url.startswith("https://lms.example/mod/lti/auth.php?")
