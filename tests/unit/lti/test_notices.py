"""Whatever a platform puts into a notice, it is a notice or a refusal."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.domain.errors import Refusal
from lti_tool.lti.notices import NoticeReader
from tests.factories.id_token import LTI
from tests.unit.lti.conftest import Adapter

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("x" * 300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_ONE_ADAPTER = Adapter()
_READER = NoticeReader(_ONE_ADAPTER.directory, _ONE_ADAPTER.keys, _ONE_ADAPTER.clock)


def good_claims() -> dict[str, Any]:
    now = int(_ONE_ADAPTER.clock().timestamp())
    return {
        "iss": "https://lms.example",
        "aud": "tool-client",
        "iat": now,
        "exp": now + 3600,
        "nonce": "n",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": "1",
        LTI + "notice": {"id": "1", "timestamp": "2026-11-22T08:00:00Z", "type": "LtiContextCopyNotice"},
        LTI + "context": {"id": "77"},
        LTI + "origin_contexts": ["2"],
    }


def test_a_good_notice_is_read() -> None:
    notice = _READER.read(_ONE_ADAPTER.key.sign(good_claims()))
    assert (notice.id, notice.kind, notice.context_id, notice.origin_context_ids) == (
        "1",
        "LtiContextCopyNotice",
        "77",
        ("2",),
    )


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(sorted(good_claims())), value=_JSON)
def test_whatever_a_claim_holds_the_answer_is_a_notice_or_a_refusal(name: str, value: Any) -> None:
    with suppress(Refusal):
        _READER.read(_ONE_ADAPTER.key.sign({**good_claims(), name: value}))


@settings(max_examples=200, deadline=None)
@given(member=st.sampled_from(["id", "type", "timestamp"]), value=_JSON)
def test_whatever_a_member_of_the_notice_holds_the_answer_is_a_notice_or_a_refusal(member: str, value: Any) -> None:
    claims = good_claims()
    claims[LTI + "notice"][member] = value
    with suppress(Refusal):
        _READER.read(_ONE_ADAPTER.key.sign(claims))


@settings(max_examples=200, deadline=None)
@given(token=st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9_-]{0,20}\.[A-Za-z0-9_-]{0,20}\.[A-Za-z0-9_-]{0,9}"))
def test_whatever_comes_instead_of_a_token_is_refused(token: str) -> None:
    with suppress(Refusal):
        _READER.read(token)
        raise AssertionError("taken for a notice")
