"""Whatever a platform's service answers, there is a result or a failure with a name, never a surprise."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.domain.delivery import DeliveryFailed
from lti_tool.domain.grade_column import WantedColumn
from lti_tool.lti.ags import AgsScorePublisher
from lti_tool.lti.connector import AccessTokens
from lti_tool.lti.line_items import AgsLineItems
from lti_tool.lti.nrps import NrpsRosterReader
from lti_tool.lti.platform_service import PlatformService
from lti_tool.lti.ports import Answer
from tests.factories.network import Network
from tests.unit.lti.conftest import TurnedClock, registration
from tests.unit.lti.test_connector import Keys, give_tokens

URL = "https://lms.example/service"
WANTED = WantedColumn("Datenrecht", Decimal(10), "datenrecht", "module", "7")

_NAMES = st.sampled_from(["id", "members", "userId", "user_id", "roles", "status", "resultScore", "resourceLinkId"])
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["5", "7", URL, "http://["]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=9,
)
_ANSWERS = st.builds(
    lambda status, document, raw, link: Answer(status, {"link": link}, raw or json.dumps(document).encode()),
    st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 409, 418, 429, 500, 503]),
    _JSON,
    st.just(b"") | st.binary(max_size=20),
    st.just("") | st.text(max_size=30) | st.sampled_from([f'<{URL}>; rel="next"', '<http://[>; rel="next"']),
)

CALLS: dict[str, Any] = {
    "find": lambda service: AgsLineItems(service).find(registration(), URL, WANTED, frozenset({URL})),
    "make": lambda service: AgsLineItems(service).make(registration(), URL, WANTED),
    "change": lambda service: AgsLineItems(service).change(registration(), URL, label="x", maximum=Decimal(7)),
    "read back": lambda service: AgsScorePublisher(service).read_back(registration(), URL, "5"),
    "roster": lambda service: NrpsRosterReader(service).read(registration(), URL),
}


@pytest.mark.parametrize("call", CALLS)
@settings(max_examples=150, deadline=None)
@given(answer=_ANSWERS)
def test_any_answer_is_a_result_or_a_named_failure(call: str, answer: Answer) -> None:
    class Anywhere(dict[str, Any]):
        def __contains__(self, url: object) -> bool:
            return True

        def __missing__(self, url: str) -> Any:
            return lambda _: answer

    network = Network()
    give_tokens(network)
    network.handlers = Anywhere(network.handlers)
    with suppress(DeliveryFailed):
        CALLS[call](PlatformService(network, AccessTokens(network, Keys(), TurnedClock())))
