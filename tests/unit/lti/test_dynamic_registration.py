"""Whatever a platform says of itself or answers, a registration ends well or is refused by design."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.domain.errors import Code, Refusal
from lti_tool.lti.dynamic_registration import Choice, client_metadata, read_answer
from lti_tool.lti.platform_configuration import PlatformConfiguration, read_configuration
from tests.factories.registration import CONFIGURATION, LMS, PLATFORM_CLAIM, TOOL_CLAIM, answer, configuration

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
MEMBERS = [*configuration(), "authorization_server"]
REFUSED = {code for code in Code if code.slug.startswith("dr.")}


def read(document: Any) -> PlatformConfiguration:
    return read_configuration(document, CONFIGURATION, frozenset())


def tried(function: Any, argument: Any) -> Any:
    """Return what a function returns, or the code it refuses with."""
    try:
        return function(argument)
    except Refusal as refusal:
        return refusal.code


@given(st.sampled_from(MEMBERS), ANYTHING)
def test_a_configuration_with_any_member_odd_is_read_or_refused(member, value):
    platform = tried(read, {**configuration(), member: value})
    if isinstance(platform, Code):
        assert platform in REFUSED
    else:
        json.dumps(client_metadata("https://tool.example", platform, Choice(True, True)))
        assert platform.frame_origins == (LMS,) or platform.foreign_hosts


@given(ANYTHING)
def test_a_configuration_that_is_anything_is_refused(document):
    with pytest.raises(Refusal) as refused:
        read(document)
    assert refused.value.code in REFUSED


@given(st.sampled_from(["client_id", "deployment_id", TOOL_CLAIM]), ANYTHING)
def test_an_answer_with_any_member_odd_gives_text_ids_or_is_refused(member, value):
    document = answer()
    holder = document[TOOL_CLAIM] if member == "deployment_id" else document
    holder[member] = value
    registered = tried(read_answer, json.dumps(document).encode())
    if isinstance(registered, Code):
        assert registered is Code.DR_BAD_RESPONSE
    else:
        assert 0 < len(registered.client_id) <= 255
        assert registered.deployment_id is None or 0 < len(registered.deployment_id) <= 255


@given(st.binary())
def test_an_answer_of_any_bytes_is_refused(body):
    with pytest.raises(Refusal):
        read_answer(body)


@pytest.mark.parametrize(
    ("family", "product"),
    [("moodle", "Moodle"), ("ilias.de", "ILIAS"), ("ILIAS", "ILIAS"), ("sakai", "sakai"), (7, "")],
)
def test_a_product_is_called_by_its_name(family, product):
    assert read(configuration(**{PLATFORM_CLAIM: {"product_family_code": family}})).product == product


def test_a_platform_that_says_nothing_of_its_methods_is_not_refused_for_it():
    silent = configuration(
        token_endpoint_auth_methods_supported=None,
        id_token_signing_alg_values_supported=None,
        scopes_supported=None,
    )
    platform = read(silent)
    assert platform.offers("anything")


def test_the_tools_port_is_part_of_its_domain():
    metadata = client_metadata("http://127.0.0.1:8000", read(configuration()), Choice(False, False))
    assert metadata[TOOL_CLAIM]["domain"] == "127.0.0.1:8000"
