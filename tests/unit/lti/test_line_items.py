"""Line items on the wire: how a column is asked for, made and changed (rows G3, G13, G27)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lti_tool.domain.delivery import DeliveryFailed, FailureKind
from lti_tool.domain.grade_column import WantedColumn
from lti_tool.lti.connector import AccessTokens
from lti_tool.lti.line_items import AgsLineItems
from lti_tool.lti.platform_service import PlatformService
from lti_tool.lti.scopes import LINE_ITEM
from tests.factories.network import Network, reply
from tests.unit.lti.conftest import TurnedClock, registration
from tests.unit.lti.test_connector import Keys, give_tokens

CONTAINER = "https://lms.example/2/lineitems?type_id=1"
ASKED = "https://lms.example/2/lineitems?type_id=1&resource_link_id=7"
WANTED = WantedColumn("Datenrecht", Decimal("12.50"), "datenrecht", "module", "7")
OURS = {"resourceId": "datenrecht", "tag": "module"}


@pytest.fixture
def line_items(network: Network, clock: TurnedClock) -> AgsLineItems:
    give_tokens(network)
    return AgsLineItems(PlatformService(network, AccessTokens(network, Keys(), clock)))


def item(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": f"https://lms.example/2/lineitems/{number}/lineitem?type_id=1", **fields}


def find(line_items: AgsLineItems, *not_these: str) -> str | None:
    return line_items.find(registration(), CONTAINER, WANTED, frozenset(not_these))


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ([], None),
        ([item(1, resourceLinkId="8", **OURS)], None),
        ([item(1, resourceLinkId="7")], 1),
        ([item(1, resourceLinkId=7)], 1),
        ([item(1, resourceLinkId="7"), item(2, resourceLinkId="7", **OURS)], 2),
        ([item(1, **OURS)], 1),
        ([item(1, resourceLinkId="", **OURS)], 1),
        ([item(1, resourceId="datenrecht", tag="quiz")], None),
        ([item(1, **OURS), item(2, resourceLinkId="7")], 2),
        ([{"id": 7, "resourceLinkId": "7"}, {"id": "http://[", "resourceLinkId": "7"}, "x"], None),
    ],
)
def test_g3_the_activitys_own_column_is_found(
    line_items: AgsLineItems, network: Network, items: list[Any], found: int | None
) -> None:
    network.serve_json(ASKED, items)
    assert find(line_items) == (item(found)["id"] if found else None)
    token, call = network.calls
    assert token.form["scope"] == LINE_ITEM
    assert call.headers["Accept"] == "application/vnd.ims.lis.v2.lineitemcontainer+json"


def test_g3_another_activitys_column_or_a_lost_one_is_not_taken(line_items: AgsLineItems, network: Network) -> None:
    network.serve_json(ASKED, [item(1, **OURS), item(2, resourceLinkId="7", **OURS)])
    assert find(line_items, item(1)["id"], "https://lms.example/2/lineitems/2/lineitem") is None


def test_g27_a_column_on_the_last_page_is_found(line_items: AgsLineItems, network: Network) -> None:
    network.serve(ASKED, reply([item(1)], link="</2/more>; rel=next"))
    network.serve_json("https://lms.example/2/more", [{"id": "/2/lineitems/9/lineitem", "resourceLinkId": "7"}])
    assert find(line_items) == "https://lms.example/2/lineitems/9/lineitem"


def test_a_container_that_ends_in_a_slash_is_asked_without(line_items: AgsLineItems, network: Network) -> None:
    network.serve_json("https://lms.example/gradeservice/2/lineitems?resource_link_id=7", [])
    container = "https://lms.example/gradeservice/2/lineitems/"
    assert line_items.find(registration(), container, WANTED, frozenset()) is None


def test_a_column_is_made_with_all_that_it_is_found_again_by(line_items: AgsLineItems, network: Network) -> None:
    network.serve_json(CONTAINER, item(3), 201)
    assert line_items.make(registration(), CONTAINER, WANTED) == item(3)["id"]
    call = network.calls[-1]
    assert (call.method, call.headers["Content-Type"]) == ("POST", "application/vnd.ims.lis.v2.lineitem+json")
    assert call.json == {"label": "Datenrecht", "scoreMaximum": 12.5, "resourceLinkId": "7", **OURS}


@pytest.mark.parametrize("made", [{}, [], {"id": 7}, {"id": "http://["}, {"id": "https://lms.example/" + "x" * 2000}])
def test_a_column_made_without_a_usable_address_is_looked_for_again(
    line_items: AgsLineItems, network: Network, made: Any
) -> None:
    network.serve_json(CONTAINER, made, 201)
    with pytest.raises(DeliveryFailed, match=r"ags\.bad_answer") as failed:
        line_items.make(registration(), CONTAINER, WANTED)
    assert failed.value.kind is FailureKind.TRY_AGAIN


def test_g31_a_container_elsewhere_is_never_called(line_items: AgsLineItems, network: Network) -> None:
    with pytest.raises(DeliveryFailed, match=r"ags\.untrusted_endpoint"):
        line_items.make(registration(), "https://evil.example/lineitems", WANTED)
    assert network.calls == []


@pytest.mark.parametrize(
    ("label", "maximum", "changed"),
    [("Neu", None, {"label": "Neu"}), (None, Decimal(20), {"scoreMaximum": 20})],
)
def test_only_what_changed_is_written_and_the_rest_sent_back(
    line_items: AgsLineItems, network: Network, label: str | None, maximum: Decimal | None, changed: dict[str, Any]
) -> None:
    held = item(3, label="Von Hand", scoreMaximum=10, gradesReleased=False, resourceLinkId="7", **OURS)
    network.serve_json(held["id"], held)
    line_items.change(registration(), held["id"], label=label, maximum=maximum)
    assert (network.calls[-1].method, network.calls[-1].json) == ("PUT", {**held, **changed})
