"""The picker's protocol alone: settings of any shape, and the answer's form against the specification."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.domain.deep_linking import Choice, ContentItem, ContentKind, DeepLinkingSettings
from lti_tool.domain.errors import Refusal
from lti_tool.domain.registration import Registration
from lti_tool.lti.claims import DEEP_LINKING_SETTINGS
from lti_tool.lti.deep_linking import DeepLinkingResponder
from lti_tool.lti.deep_linking_settings import read_settings
from lti_tool.services.tool_keys import SigningKey
from tests.factories.deep_linking import DL, RETURN_URL
from tests.factories.deep_linking import settings as sent_settings

PLATFORM = Registration(
    id=1,
    municipality="Stadt Olpe",
    name="Moodle",
    issuer="https://lms.example",
    client_id="tool-client",
    auth_login_url="https://lms.example/auth",
    auth_token_url="https://lms.example/token",
    jwks_url="https://lms.example/jwks",
)
ON_ONE_MACHINE = replace(
    PLATFORM,
    issuer="http://localhost:8010",
    auth_login_url="http://localhost:8010/auth",
    auth_token_url="http://localhost:8010/token",
    jwks_url="http://localhost:8010/jwks",
)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY = SigningKey("kid-1", rsa.generate_private_key(65537, 2048))
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


class OneKey:
    def signing_key(self) -> SigningKey:
        return KEY


def answer(*items: ContentItem, asked: DeepLinkingSettings | None = None) -> dict[str, Any]:
    """Return the verified claims of an answer."""
    responder = DeepLinkingResponder(OneKey(), lambda: NOW, "https://tool.example")
    token = responder.answer(PLATFORM, "1", asked or DeepLinkingSettings(return_url=RETURN_URL), items)
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT", "kid": "kid-1"}
    options: Any = {"verify_exp": False, "verify_iat": False}
    claims: dict[str, Any] = jwt.decode(
        token, KEY.private_key.public_key(), ["RS256"], audience=PLATFORM.issuer, options=options
    )
    return claims


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(sorted(sent_settings())), value=_JSON)
def test_settings_of_any_shape_are_read_or_refused(name: str, value: Any) -> None:
    try:
        read = read_settings({DEEP_LINKING_SETTINGS: sent_settings(**{name: value})}, PLATFORM)
    except Refusal:
        return
    assert read.return_url == RETURN_URL
    assert isinstance(read.accept_multiple, bool)
    assert isinstance(read.accept_lineitem, bool)
    assert read.document_targets <= {"iframe", "window"}
    assert read.data is None or len(read.data.encode()) <= 32 * 1024


@pytest.mark.parametrize(
    ("platform", "url", "taken"),
    [
        (ON_ONE_MACHINE, "http://localhost:8010/return", True),
        (ON_ONE_MACHINE, "http://127.0.0.1:8010/return", False),
        (PLATFORM, "http://lms.example/return", False),
        (
            replace(PLATFORM, private_hosts=frozenset({"moodle.rathaus.example"})),
            "https://moodle.rathaus.example/",
            True,
        ),
        (PLATFORM, "https://lms.example:8443/return", True),
        (PLATFORM, "https://lms.example.evil.example/return", False),
        (PLATFORM, "//lms.example/return", False),
        (PLATFORM, "data:text/html,x", False),
    ],
)
def test_answers_go_to_pages_of_this_very_platform_only(platform: Registration, url: str, taken: bool) -> None:
    claims = {DEEP_LINKING_SETTINGS: sent_settings(deep_link_return_url=url)}
    if taken:
        assert read_settings(claims, platform).return_url == url
    else:
        with pytest.raises(Refusal):
            read_settings(claims, platform)


@pytest.mark.parametrize("name", ["a;b", "a=b", "a\nb", "a b", "ä", "a\n"])
def test_an_id_that_a_platform_would_tear_apart_never_leaves(name: str) -> None:
    item = ContentItem(choice=Choice(ContentKind.MODULE, name), title="T", text="")
    with pytest.raises(ValueError, match="custom parameters"):
        answer(item)


def test_an_answer_lives_less_than_five_minutes_from_now() -> None:
    claims = answer()
    assert claims["iat"] < NOW.timestamp() < claims["exp"] <= NOW.timestamp() + 300


def test_without_choice_the_list_is_there_and_empty() -> None:
    claims = answer()
    assert claims[DL + "content_items"] == []
    assert DL + "data" not in claims
    assert DL + "msg" not in claims


def test_hints_and_column_follow_what_the_platform_takes() -> None:
    item = ContentItem(choice=Choice(ContentKind.QUIZ, "datenrecht"), title="Quiz", text="Kurz", score_maximum=50)
    asked = DeepLinkingSettings(return_url=RETURN_URL, accept_lineitem=False, document_targets=frozenset({"iframe"}))
    [made] = answer(item, asked=asked)[DL + "content_items"]
    assert made == {
        "type": "ltiResourceLink",
        "title": "Quiz",
        "text": "Kurz",
        "url": "https://tool.example/lti/launch",
        "custom": {"content": "quiz", "module": "datenrecht"},
        "iframe": {"width": 1000, "height": 800},
    }
