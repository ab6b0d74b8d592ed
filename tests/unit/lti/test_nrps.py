"""Rosters on the wire (rows G27 to G30)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from lti_tool.domain.delivery import DeliveryFailed, FailureKind
from lti_tool.domain.roles import Role
from lti_tool.domain.roster import Member, MemberStatus
from lti_tool.lti.connector import AccessTokens
from lti_tool.lti.nrps import NrpsRosterReader
from lti_tool.lti.platform_service import PlatformService
from lti_tool.lti.ports import Answer
from lti_tool.lti.scopes import ROSTER
from tests.factories.network import Network, reply
from tests.unit.lti.conftest import TurnedClock, registration
from tests.unit.lti.test_connector import Keys, give_tokens

MEMBERS = "https://lms.example/mod/lti/services.php/CourseSection/2/bindings/1/memberships"
ELSEWHERE = "https://evil.example/memberships"


@pytest.fixture
def reader(network: Network, clock: TurnedClock) -> NrpsRosterReader:
    give_tokens(network)
    return NrpsRosterReader(PlatformService(network, AccessTokens(network, Keys(), clock)))


def page(*subjects: str, **headers: str) -> Answer:
    return reply({"members": [{"user_id": subject, "roles": ["Learner"]} for subject in subjects]}, **headers)


def subjects(reader: NrpsRosterReader, **wishes: Any) -> list[str]:
    return [member.subject for member in reader.read(registration(), MEMBERS, **wishes).members]


def test_members_are_asked_for_with_their_own_scope_and_media_type(reader: NrpsRosterReader, network: Network) -> None:
    network.serve(MEMBERS, page("5"))
    assert subjects(reader) == ["5"]
    token, call = network.calls
    assert token.form["scope"] == ROSTER
    assert (call.method, call.headers["Accept"]) == (
        "GET",
        "application/vnd.ims.lti-nrps.v2.membershipcontainer+json",
    )


def test_wishes_travel_as_parameters(reader: NrpsRosterReader, network: Network) -> None:
    asked: list[str] = []

    class Anywhere(dict[str, Any]):
        def __contains__(self, url: object) -> bool:
            return True

        def __missing__(self, url: str) -> Any:
            asked.append(url)
            return lambda _: page()

    network.handlers = Anywhere(network.handlers)
    reader.read(registration(), MEMBERS + "?x=1&limit=3", role="Learner", limit=50, resource_link_id="7 a")
    assert parse_qs(urlsplit(asked[0]).query) == {"x": ["1"], "role": ["Learner"], "limit": ["50"], "rlid": ["7 a"]}


def test_a_member_is_typed(reader: NrpsRosterReader, network: Network) -> None:
    roles = ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner", "urn:unknown", 7]
    network.serve_json(
        MEMBERS, {"members": [{"user_id": "5", "status": "inactive", "roles": roles, "name": " Lea\u202e L. "}]}
    )
    assert reader.read(registration(), MEMBERS).members == (
        Member("5", frozenset({Role.LEARNER}), MemberStatus.INACTIVE, "Lea L."),
    )


def test_g27_all_pages_are_read(reader: NrpsRosterReader, network: Network) -> None:
    second, third = MEMBERS + "?from=2", MEMBERS + "/page3"
    network.serve(MEMBERS, page("5", link=f"<{second}>; REL=Next"))
    network.serve(second, page("6", link="<memberships/page3>; rel='next'"))
    network.serve(third, page("7"))
    assert subjects(reader) == ["5", "6", "7"]


def test_g28_pages_that_loop_end(reader: NrpsRosterReader, network: Network) -> None:
    second = MEMBERS + "?from=2"
    network.serve(MEMBERS, page("5", link=f'<{second}>; rel="next"'))
    network.serve(second, page("6", link=f'<{MEMBERS}>; rel="next"'))
    assert subjects(reader) == ["5", "6"]
    assert network.asked(MEMBERS) == 1


def test_g28_ten_thousand_pages_are_a_hundred(reader: NrpsRosterReader, network: Network) -> None:
    class Endless(dict[str, Any]):
        def __contains__(self, url: object) -> bool:
            return True

        def __missing__(self, url: str) -> Any:
            return lambda _: page(str(len(url)), link=f'<{url}x>; rel="next"')

    network.handlers = Endless(network.handlers)
    assert len(subjects(reader)) == 100


def test_g28_a_page_elsewhere_is_never_called(reader: NrpsRosterReader, network: Network) -> None:
    network.serve(MEMBERS, page("5", link=f'<{ELSEWHERE}>; rel="next"'))
    with pytest.raises(DeliveryFailed, match=r"ags\.untrusted_endpoint"):
        subjects(reader)
    assert network.asked(ELSEWHERE) == 0


def test_g30_a_platform_that_forbids_it_is_a_failure_for_good(reader: NrpsRosterReader, network: Network) -> None:
    network.serve(MEMBERS, reply([], 403))
    with pytest.raises(DeliveryFailed, match=r"ags\.forbidden") as failed:
        subjects(reader)
    assert failed.value.kind is FailureKind.PERMANENT


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        (f'<{MEMBERS}?since=1>; rel="differences"', f"{MEMBERS}?since=1"),
        (f"<{MEMBERS}?since=1>; rel=Differences", f"{MEMBERS}?since=1"),
        (f'<{ELSEWHERE}>; rel="differences"', None),
        (f'<{MEMBERS}?since=1>; rel="indifferences"', None),
        ("", None),
    ],
)
def test_where_differences_are_told_is_kept_if_it_is_the_platforms(
    reader: NrpsRosterReader, network: Network, header: str, kept: str | None
) -> None:
    network.serve(MEMBERS, page("5", link=header))
    assert reader.read(registration(), MEMBERS).differences_url == kept
