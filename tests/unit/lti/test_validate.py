"""What a launch is proved by, and what a good one becomes."""

from __future__ import annotations

import dataclasses
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.launch import AgsEndpoint, LaunchContext, LaunchResourceLink, MessageType
from lti_tool.lti.state import STATE_LIFETIME
from tests.factories.forgery import Forgery
from tests.factories.id_token import AGS, MEMBERSHIP, launch_claims
from tests.unit.lti.conftest import BROWSER, Adapter, as_lists, registration

NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
ROSTER = "https://lms.example/mod/lti/services.php/CourseSection/2/bindings/1/memberships"


def refusal(adapter: Adapter, forgery: Forgery, browser: str | None = BROWSER) -> Refusal:
    with pytest.raises(Refusal) as refused:
        adapter.launch(forgery, browser)
    return refused.value


def test_a_launch_from_moodle_becomes_typed(adapter: Adapter) -> None:
    launch = adapter.launched()
    scopes = frozenset({AGS + "scope/score", AGS + "scope/result.readonly", AGS + "scope/lineitem.readonly"})
    assert launch.registration_id == 1
    assert launch.deployment_id == "1"
    assert launch.message_type is MessageType.RESOURCE_LINK
    assert launch.roles == frozenset({MEMBERSHIP + "Learner"})
    assert (launch.subject, launch.name) == ("5", "Lea Lernfeld")
    assert launch.context == LaunchContext("2", "SC1", "Lehrgang Smart City")
    assert launch.resource_link == LaunchResourceLink("7", "Datenrecht")
    assert launch.custom == {"module": "datenrecht"}
    assert (launch.locale, launch.document_target) == ("de", "iframe")
    assert launch.return_url == "https://lms.example/mod/lti/return.php?course=2&sesskey=abc"
    assert launch.ags == AgsEndpoint(
        "https://lms.example/mod/lti/services.php/2/lineitems/9/lineitem?type_id=1",
        "https://lms.example/mod/lti/services.php/2/lineitems?type_id=1",
        scopes,
    )
    assert (launch.platform_family, launch.platform_version) == ("moodle", "2024100706")
    assert launch.browser_bound
    assert launch.warnings == ()


def test_state_id_and_expiry_let_a_launch_be_burnt_once(adapter: Adapter) -> None:
    first, second = adapter.launched(), adapter.launched()
    assert first.state_id != second.state_id
    assert len(first.state_id) >= 22
    assert first.state_expires_at == adapter.clock.now + STATE_LIFETIME


def test_a5_platform_error_names_its_code_and_spends_the_state(adapter: Adapter) -> None:
    forgery = adapter.forgery()
    forgery.form = {"id_token": None, "error": "login_required"}
    refused = refusal(adapter, forgery)
    assert (refused.code, refused.detail) == (Code.LAUNCH_PLATFORM_ERROR, "login_required")
    assert refused.spent_state == (adapter.signer.read(forgery.state).id, adapter.clock.now + STATE_LIFETIME)


def test_a5_an_error_that_is_no_error_code_is_not_repeated(adapter: Adapter) -> None:
    forgery = adapter.forgery()
    forgery.form = {"id_token": None, "error": '"><script>'}
    assert refusal(adapter, forgery).detail == ""


def test_a8_a_state_older_than_ten_minutes_is_refused(adapter: Adapter) -> None:
    forgery = adapter.forgery()
    adapter.clock.turn(minutes=10, seconds=1)
    assert refusal(adapter, forgery).code is Code.LAUNCH_EXPIRED_STATE


def test_a_launch_nine_minutes_after_its_login_is_welcome(adapter: Adapter) -> None:
    forgery = adapter.forgery()
    adapter.clock.turn(minutes=9)
    forgery.set("iat", int(adapter.clock().timestamp()))
    forgery.set("exp", int(adapter.clock().timestamp()) + 60)
    assert adapter.launch(forgery).subject == "5"


def test_a10_another_browsers_cookie_is_refused(adapter: Adapter) -> None:
    assert refusal(adapter, adapter.forgery(), "another secret").code is Code.LAUNCH_WRONG_BROWSER


def test_a10_an_empty_cookie_is_a_wrong_one(adapter: Adapter) -> None:
    assert refusal(adapter, adapter.forgery(), "").code is Code.LAUNCH_WRONG_BROWSER


def test_a69_without_any_cookie_the_launch_is_not_bound_to_a_browser(adapter: Adapter) -> None:
    assert not adapter.launched(browser=None).browser_bound


@pytest.mark.parametrize(
    ("deployments", "code"),
    [
        pytest.param({}, Code.LAUNCH_DEPLOYMENT_PENDING, id="A45"),
        pytest.param({"1": False}, Code.LAUNCH_DEPLOYMENT_INACTIVE, id="A47"),
    ],
)
def test_a_deployment_that_is_not_active_is_refused(adapter: Adapter, deployments: dict[str, bool], code: Code) -> None:
    forgery = adapter.forgery()
    adapter.directory.registrations = [registration(deployments=deployments)]
    assert refusal(adapter, forgery).code is code


def test_a45_a_pending_deployment_is_named_for_the_administrator(adapter: Adapter) -> None:
    forgery = adapter.forgery()
    adapter.directory.registrations = [registration(deployments={})]
    assert refusal(adapter, forgery).deployment_id == "1"


def test_a46_a_deployment_of_another_registration_of_the_issuer_is_unknown(adapter: Adapter) -> None:
    forgery = adapter.forgery()
    adapter.directory.registrations = [
        registration(deployments={}),
        registration(id=2, client_id="second-client", deployments={"1": True}),
    ]
    assert refusal(adapter, forgery).code is Code.LAUNCH_DEPLOYMENT_PENDING


def test_a57_the_same_sub_of_another_platform_keeps_its_registration_apart(adapter: Adapter) -> None:
    other = registration(
        id=2, issuer="https://other.example", jwks_url="https://other.example/jwks", deployments={"1": True}
    )
    adapter.directory.registrations.append(other)
    adapter.network.serve_json(other.jwks_url, adapter.key.jwks())
    forgery = adapter.forgery(iss="https://other.example")
    forgery.set("iss", "https://other.example")
    assert (adapter.launch(forgery).registration_id, adapter.launched().registration_id) == (2, 1)


def test_a_registration_switched_off_between_login_and_launch_is_refused(adapter: Adapter) -> None:
    forgery = adapter.forgery()
    adapter.directory.registrations = [registration(active=False)]
    assert refusal(adapter, forgery).code is Code.LOGIN_REGISTRATION_INACTIVE


def test_a_registration_deleted_between_login_and_launch_is_refused(adapter: Adapter) -> None:
    forgery = adapter.forgery()
    adapter.directory.registrations = []
    assert refusal(adapter, forgery).code is Code.LAUNCH_UNKNOWN_STATE


def test_a_field_posted_twice_is_refused(adapter: Adapter) -> None:
    posted = as_lists(adapter.forgery().posted())
    posted["state"] *= 2
    with pytest.raises(Refusal) as refused:
        adapter.validator.validate(posted, BROWSER)
    assert refused.value.code is Code.BAD_REQUEST


def test_a_refusal_before_the_signature_sends_nobody_back(adapter: Adapter) -> None:
    forgery = adapter.forgery()
    forgery.header["kid"] = "never-published"
    refused = refusal(adapter, forgery)
    assert (refused.registration_id, refused.return_url) == (1, None)


def test_a_refusal_after_the_signature_knows_the_way_back(adapter: Adapter) -> None:
    forgery = adapter.forgery()
    forgery.set("roles", "Learner")
    assert refusal(adapter, forgery).return_url == "https://lms.example/mod/lti/return.php?course=2&sesskey=abc"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://lms.example@evil.example/",
        "javascript:alert(1)",
        "//lms.example/",
        "",
        "https://lms.example/ x",
        "https://[",
        7,
    ],
)
def test_the_way_back_leads_to_the_platform_only(adapter: Adapter, url: Any) -> None:
    assert adapter.launched(lambda f: f.set("launch_presentation", {"return_url": url})).return_url is None


@pytest.mark.parametrize(
    "endpoint",
    [
        pytest.param({"lineitem": "http://lms.example/lineitem"}, id="A61-http"),
        pytest.param({"lineitem": "https://evil.example/lineitem"}, id="A61-other-host"),
        pytest.param({"lineitem": "https://169.254.169.254/"}, id="A61-private"),
        pytest.param({"lineitem": "https://lms.example@evil.example/"}, id="A61-userinfo"),
        pytest.param({"lineitem": "https://lms.example:99999/"}, id="A61-port"),
        pytest.param({"lineitem": "https://lms.example\\@evil.example/"}, id="A61-backslash"),
        pytest.param({"lineitem": "https://lms.example/1", "lineitems": "https://evil.example/"}, id="A61-second-url"),
    ],
)
def test_an_untrusted_grade_service_is_switched_off_and_noted(adapter: Adapter, endpoint: dict[str, str]) -> None:
    launch = adapter.launched(lambda f: f.set("endpoint", {"scope": [AGS + "scope/score"], **endpoint}))
    assert (launch.ags, launch.warnings) == (None, ("ags.untrusted_endpoint",))


def test_a_trial_over_plain_http_trusts_the_host_of_its_own_token_endpoint(adapter: Adapter) -> None:
    trial = registration(auth_token_url="http://lms.example/token")
    adapter.directory.registrations = [trial]
    launch = adapter.launched(lambda f: f.set("endpoint", {"scope": [], "lineitem": "http://lms.example/1"}))
    assert launch.ags is not None


@pytest.mark.parametrize(
    ("service", "url", "warnings"),
    [
        ({"context_memberships_url": ROSTER, "service_versions": ["2.0"]}, ROSTER, ()),
        ({"context_memberships_url": "https://evil.example/m"}, None, ("nrps.untrusted_endpoint",)),
        ({"context_memberships_url": ROSTER + "?" + "x" * 2000}, None, ("nrps.untrusted_endpoint",)),
        ({"context_memberships_url": ""}, None, ()),
        ({}, None, ()),
    ],
)
def test_a_roster_counts_if_it_is_the_platforms(
    adapter: Adapter, service: dict[str, Any], url: str | None, warnings: tuple[str, ...]
) -> None:
    launch = adapter.launched(lambda f: f.set(NRPS, service))
    assert (launch.memberships_url, launch.warnings) == (url, warnings)
    assert launch.ags is not None


def test_a_grade_column_at_an_address_nobody_could_keep_is_switched_off(adapter: Adapter) -> None:
    url = "https://lms.example/" + "x" * 2000
    launch = adapter.launched(lambda f: f.set("endpoint", {"scope": [], "lineitem": url}))
    assert (launch.ags, launch.warnings) == (None, ("ags.untrusted_endpoint",))


def test_an_empty_grade_service_is_none(adapter: Adapter) -> None:
    launch = adapter.launched(lambda f: f.set("endpoint", {"scope": [], "lineitem": "", "lineitems": None}))
    assert (launch.ags, launch.warnings) == (None, ())


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"name": "<script>alert(1)</script>"}, "<script>alert(1)</script>"),  # escaping is the page's work
        ({"name": "Lea \u202eLernfeld\u2066"}, "Lea Lernfeld"),
        ({"name": " Lea\n\tLernfeld\x00 "}, "Lea Lernfeld"),
        ({"name": "\ud800Lea"}, "Lea"),
        ({"name": "x" * 10_240}, "x" * 255),
        ({"name": "-", "given_name": "-", "family_name": "Lernfeld"}, "Lernfeld"),
        ({"name": "-", "given_name": "-", "family_name": "-"}, None),
        ({"name": 7, "given_name": "Lea", "family_name": "Lernfeld"}, "Lea Lernfeld"),
        ({"name": "", "given_name": "", "family_name": ""}, None),
    ],
)
def test_a62_names_are_cleaned_and_cut(adapter: Adapter, sent: dict[str, Any], shown: str | None) -> None:
    def spoil(forgery: Forgery) -> None:
        forgery.claims |= sent

    assert adapter.launched(spoil).name == shown


def test_a55_an_anonymous_launch_has_no_subject(adapter: Adapter) -> None:
    assert adapter.launched(lambda f: f.remove("sub")).subject is None


def test_a60_parameters_are_trimmed_and_keep_their_markup(adapter: Adapter) -> None:
    custom = {"module": "datenrecht ", "note": "<b>\x00", "count": 3, "off": None}
    launch = adapter.launched(lambda f: f.set("custom", custom))
    assert launch.custom == {"module": "datenrecht", "note": "<b>", "count": "3", "off": ""}


def test_ilias_names_the_redirect_uri_as_target(adapter: Adapter) -> None:
    forgery = adapter.forgery(target_link_uri="https://tool.example/lti/launch?module=datenrecht")
    assert adapter.launch(forgery).subject == "5"


def test_the_logins_own_target_is_welcome(adapter: Adapter) -> None:
    target = "https://tool.example/lti/launch?module=datenrecht"
    forgery = adapter.forgery(target_link_uri=target)
    forgery.set("target_link_uri", target)
    assert adapter.launch(forgery).subject == "5"


def test_a_login_without_deployment_leaves_it_to_the_launch(adapter: Adapter) -> None:
    adapter.directory.registrations = [registration(deployments={"1": True, "2": True})]
    forgery = adapter.forgery(lti_deployment_id="")
    forgery.set("deployment_id", "2")
    assert adapter.launch(forgery).deployment_id == "2"


def test_deep_linking_needs_no_resource_link(adapter: Adapter) -> None:
    def spoil(forgery: Forgery) -> None:
        forgery.set("message_type", "LtiDeepLinkingRequest")
        forgery.remove("resource_link")
        forgery.remove("target_link_uri")
        settings = {"deep_link_return_url": "https://lms.example/return", "accept_types": ["ltiResourceLink"]}
        forgery.set("https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings", settings)

    launch = adapter.launched(spoil)
    assert (launch.message_type, launch.resource_link) == (MessageType.DEEP_LINKING, None)


def test_a_submission_review_names_whose_work_it_is_about(adapter: Adapter) -> None:
    def spoil(forgery: Forgery) -> None:
        forgery.set("message_type", "LtiSubmissionReviewRequest")
        forgery.set("https://purl.imsglobal.org/spec/lti/claim/for_user", {"user_id": "5"})

    assert adapter.launched(spoil).message_type is MessageType.SUBMISSION_REVIEW


def test_a_launch_cannot_be_changed_afterwards(adapter: Adapter) -> None:
    launch = adapter.launched()
    with pytest.raises(dataclasses.FrozenInstanceError):
        launch.subject = "1"  # type: ignore[misc]
    with pytest.raises(TypeError):
        launch.custom["module"] = "other"  # type: ignore[index]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
_CLAIMS = [*sorted(launch_claims(issuer="", client_id="", nonce="", at=Adapter().clock())), NRPS]
_ONE_ADAPTER = Adapter()


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(_CLAIMS), value=_JSON)
def test_whatever_a_claim_holds_the_answer_is_a_launch_or_a_refusal(name: str, value: Any) -> None:
    forgery = _ONE_ADAPTER.forgery()
    forgery.claims[name] = value
    with suppress(Refusal):
        _ONE_ADAPTER.launch(forgery)
