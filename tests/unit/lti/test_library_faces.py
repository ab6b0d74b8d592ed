"""What PyLTI1p3 sees of us, and that none of its own steps is in use (decision 0002)."""

from __future__ import annotations

from pylti1p3.message_launch import MessageLaunch

from lti_tool.lti.message import PlatformMessage
from lti_tool.lti.request import NoCookies, PlainRequest
from lti_tool.lti.tool_conf import OneRegistration
from tests.unit.lti.conftest import Directory, registration


def test_every_step_of_the_librarys_validation_is_replaced() -> None:
    steps = {name for name in vars(MessageLaunch) if name.startswith("validate_")}
    assert len(steps) >= 7
    assert {*steps, "save_launch_data"} <= set(vars(PlatformMessage))


def test_the_library_is_told_of_the_one_registration_whatever_a_token_claims() -> None:
    conf = OneRegistration(registration(auth_login_url="https://lms.example/auth?tenant=1"), Directory())
    found = conf.find_registration_by_params("https://evil.example", "other-client")
    assert (found.get_issuer(), found.get_client_id()) == ("https://lms.example", "tool-client")
    assert found.get_auth_login_url() == "https://lms.example/auth"
    assert conf.check_iss_has_many_clients("https://lms.example")
    assert not conf.check_iss_has_one_client("https://lms.example")


def test_the_library_finds_active_deployments_only() -> None:
    conf = OneRegistration(registration(deployments={"1": True, "2": False}), Directory())
    found = conf.find_deployment_by_params("https://lms.example", "1", "tool-client")
    assert found is not None
    assert found.get_deployment_id() == "1"
    assert conf.find_deployment("https://lms.example", "2") is None
    assert conf.find_deployment("https://lms.example", "3") is None


def test_the_library_gets_no_cookies_and_no_session() -> None:
    request = PlainRequest({"iss": ["https://lms.example"]})
    assert (request.get_param("iss"), request.get_param("state")) == ("https://lms.example", "")
    assert (request.session, request.is_secure()) == ({}, True)
    assert NoCookies().get_cookie("lti1p3-state") is None
