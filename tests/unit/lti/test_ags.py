"""Scores and results on the wire, and every way a platform answers (rows G5 to G24)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from lti_tool.domain.delivery import DeliveryFailed, FailureKind, Reason
from lti_tool.domain.registration import Registration
from lti_tool.domain.scores import Result, Score, Submission
from lti_tool.lti.ags import AgsScorePublisher
from lti_tool.lti.connector import AccessTokens
from lti_tool.lti.errors import AddressForbidden, OutgoingFailed, TimedOut, TooLarge, Unreachable
from lti_tool.lti.link_header import next_url
from lti_tool.lti.platform_service import PlatformService
from lti_tool.lti.ports import Answer
from lti_tool.services.ports import ScorePublisher
from tests.factories.network import Call, Network, Reply, reply
from tests.unit.lti.conftest import TurnedClock, registration
from tests.unit.lti.test_connector import Keys, give_tokens

ITEM = "https://lms.example/mod/lti/services.php/2/lineitems/9/lineitem?type_id=1"
SCORES = "https://lms.example/mod/lti/services.php/2/lineitems/9/lineitem/scores?type_id=1"
RESULTS = "https://lms.example/mod/lti/services.php/2/lineitems/9/lineitem/results?type_id=1&user_id=5"
AT = datetime(2026, 11, 22, 14, 33, 5, tzinfo=UTC)


@pytest.fixture
def publisher(network: Network, clock: TurnedClock) -> AgsScorePublisher:
    give_tokens(network)
    network.serve(SCORES, reply(b""))
    return AgsScorePublisher(PlatformService(network, AccessTokens(network, Keys(), clock)))


def score(given: str = "8", maximum: str = "10", **changed: Any) -> Score:
    return Score(**{"subject": "5", "given": Decimal(given), "maximum": Decimal(maximum), "timestamp": AT, **changed})


def publish(publisher: ScorePublisher, made: Score | None = None, at: Registration | None = None) -> None:
    publisher.publish(at or registration(), ITEM, made or score())


def failure(publisher: AgsScorePublisher) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as failed:
        publish(publisher)
    return failed.value


def sent(network: Network) -> Call:
    return [call for call in network.calls if "/scores" in call.url][-1]


def test_g5_a_score_goes_before_the_query_of_the_line_item(publisher: AgsScorePublisher, network: Network) -> None:
    publish(publisher)
    assert (sent(network).method, sent(network).url) == ("POST", SCORES)


def test_a_score_is_what_moodle_and_ilias_accept(publisher: AgsScorePublisher, network: Network) -> None:
    publish(publisher, score(comment="Gut gemacht – „sehr“"))
    assert sent(network).headers == {
        "Content-Type": "application/vnd.ims.lis.v1.score+json",
        "Authorization": "Bearer token-1",
    }
    assert sent(network).json == {
        "userId": "5",
        "scoreGiven": 8,
        "scoreMaximum": 10,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": "2026-11-22T14:33:05.000Z",
        "comment": "Gut gemacht – „sehr“",
    }


def test_a_score_says_when_its_attempt_was_begun_and_handed_in(publisher: AgsScorePublisher, network: Network) -> None:
    publish(publisher, score(submission=Submission(AT - timedelta(minutes=20), AT)))
    assert sent(network).json["submission"] == {
        "startedAt": "2026-11-22T14:13:05.000Z",
        "submittedAt": "2026-11-22T14:33:05.000Z",
    }


def test_g31_only_the_registrations_own_private_hosts_are_let_through(
    publisher: AgsScorePublisher, network: Network
) -> None:
    publish(publisher, at=registration(private_hosts=frozenset({"lms.example"})))
    assert [call.more["private_hosts"] for call in network.calls] == [frozenset({"lms.example"})] * 2


def test_a_score_without_comment_sends_none(publisher: AgsScorePublisher, network: Network) -> None:
    publish(publisher)
    assert "comment" not in sent(network).json


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("7.50", "7.5"),
        ("6.67", "6.67"),
        ("0", "0"),
        ("0.1", "0.1"),
        ("6.666666666666666667", "6.666667"),
        ("1E+1", "10"),
    ],
)
def test_numbers_are_written_without_noise(
    publisher: AgsScorePublisher, network: Network, given: str, written: str
) -> None:
    publish(publisher, score(given))
    assert f'"scoreGiven": {written},'.encode() in (sent(network).body or b"")


def test_g23_the_time_is_written_in_utc(publisher: AgsScorePublisher, network: Network) -> None:
    publish(publisher, score(timestamp=AT.astimezone(timezone(timedelta(hours=1)))))
    assert sent(network).json["timestamp"] == "2026-11-22T14:33:05.000Z"


@pytest.mark.parametrize(("given", "maximum"), [("NaN", "1"), ("-1", "1"), ("2", "1"), ("0", "0"), ("Infinity", "1")])
def test_g24_no_platform_ever_sees_an_impossible_score(given: str, maximum: str) -> None:
    with pytest.raises(ValueError, match="not a score"):
        score(given, maximum)


def test_a_hundred_scores_need_one_token(publisher: AgsScorePublisher, network: Network) -> None:
    for _ in range(100):
        publish(publisher)
    assert network.asked(registration().auth_token_url) == 1


@pytest.mark.parametrize(
    "answer",
    [reply(b""), reply(b"<html>"), reply(b"", 201), reply(b"", 202), reply(b"", 204)],
    ids=["200-empty", "200-HTML", "201", "202", "204"],
)
def test_g19_any_2xx_is_success(publisher: AgsScorePublisher, network: Network, answer: Answer) -> None:
    network.serve(SCORES, answer)
    publish(publisher)


AGAIN, PERMANENT = FailureKind.TRY_AGAIN, FailureKind.PERMANENT
ANSWERS: dict[str, tuple[Reply, FailureKind, Reason]] = {
    "G11": (reply(status=401), AGAIN, Reason.TOKEN_REFUSED),
    "G12": (reply(status=403), PERMANENT, Reason.FORBIDDEN),
    "G13": (reply([], 404), PERMANENT, Reason.NO_COLUMN),
    "G13-410": (reply([], 410), PERMANENT, Reason.NO_COLUMN),
    "G14": (reply([], 400), PERMANENT, Reason.PERSON_NOT_GRADABLE),
    "G14-422": (reply([], 422), PERMANENT, Reason.PERSON_NOT_GRADABLE),
    "G14-PAGE": (reply(b"<!DOCTYPE html><html><body>User menu", 404), PERMANENT, Reason.NO_COLUMN),
    "G14-ILIAS": (reply(b"User not available", 404), PERMANENT, Reason.PERSON_NOT_GRADABLE),
    "G15": (reply([], 409), FailureKind.NOT_NEWER, Reason.NOT_NEWER),
    "G16": (reply(status=429), AGAIN, Reason.RATE_LIMITED),
    "G17-500": (reply(status=500), AGAIN, Reason.PLATFORM_UNAVAILABLE),
    "G17-502": (reply(status=502), AGAIN, Reason.PLATFORM_UNAVAILABLE),
    "G17-503": (reply(status=503), AGAIN, Reason.PLATFORM_UNAVAILABLE),
    "G17-504": (reply(status=504), AGAIN, Reason.PLATFORM_UNAVAILABLE),
    "G17-408": (reply(status=408), AGAIN, Reason.PLATFORM_UNAVAILABLE),
    "G17-timeout": (TimedOut(), AGAIN, Reason.PLATFORM_UNAVAILABLE),
    "G17-reset": (Unreachable(), AGAIN, Reason.PLATFORM_UNAVAILABLE),
    "G20": (reply(status=302, location="https://elsewhere.example/"), AGAIN, Reason.BAD_ANSWER),
    "G31": (AddressForbidden(), PERMANENT, Reason.UNTRUSTED_ENDPOINT),
    "odd-status": (reply(status=418), AGAIN, Reason.BAD_ANSWER),
    "too-large": (TooLarge(), AGAIN, Reason.BAD_ANSWER),
}


@pytest.mark.parametrize("row", ANSWERS)
def test_an_answer_is_classed(publisher: AgsScorePublisher, network: Network, row: str) -> None:
    answer, kind, reason = ANSWERS[row]
    assert isinstance(answer, Answer | OutgoingFailed)
    network.serve(SCORES, answer)
    failed = failure(publisher)
    assert (failed.kind, failed.reason) == (kind, reason)


def test_g20_the_token_goes_nowhere_but_to_the_platform(publisher: AgsScorePublisher, network: Network) -> None:
    network.serve(SCORES, reply(status=302, location="https://elsewhere.example/"))
    failure(publisher)
    assert {call.url for call in network.calls} == {registration().auth_token_url, SCORES}
    assert not any(call.more.get("redirects") for call in network.calls)


@pytest.mark.parametrize("url", ["https://evil.example/lineitem", "http://lms.example/lineitem", "not a url"])
def test_a_column_elsewhere_is_never_called(publisher: AgsScorePublisher, network: Network, url: str) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        publisher.publish(registration(), url, score())
    assert (failed.value.kind, failed.value.reason) == (PERMANENT, Reason.UNTRUSTED_ENDPOINT)
    assert network.calls == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "30"}, 30.0),
        ({"retry_after": " 5 "}, 5.0),
        ({"retry_after": "Sun, 22 Nov 2026 12:02:00 GMT", "date": "Sun, 22 Nov 2026 12:00:00 GMT"}, 120.0),
        ({"retry_after": "Sun, 22 Nov 2026 11:00:00 GMT", "date": "Sun, 22 Nov 2026 12:00:00 GMT"}, 0.0),
        ({"retry_after": "Sun, 22 Nov 2026 12:02:00 GMT"}, None),
        ({"retry_after": "999999999999"}, 86_400.0),
        ({"retry_after": "soon"}, None),
        ({}, None),
    ],
)
def test_g16_the_platform_says_how_long_to_wait(
    publisher: AgsScorePublisher, network: Network, headers: dict[str, str], seconds: float | None
) -> None:
    network.serve(SCORES, reply(None, 429, **headers))
    assert failure(publisher).retry_after == seconds


def held(publisher: ScorePublisher, subject: str = "5") -> Result | None:
    return publisher.read_back(registration(), ITEM, subject)


def test_a_result_is_read_with_exact_numbers(publisher: AgsScorePublisher, network: Network) -> None:
    network.serve_json(RESULTS, [{"userId": "5", "resultScore": 20.1, "resultMaximum": 25, "scoreOf": ITEM}])
    assert held(publisher) == Result(Decimal("20.1"), Decimal(25))
    call = network.calls[-1]
    assert (call.method, call.headers["Accept"]) == ("GET", "application/vnd.ims.lis.v2.resultcontainer+json")


def test_a_person_without_a_grade_has_no_result(publisher: AgsScorePublisher, network: Network) -> None:
    network.serve_json(RESULTS, [])
    assert held(publisher) is None


def test_a_result_without_a_score_is_known_but_empty(publisher: AgsScorePublisher, network: Network) -> None:
    network.serve_json(RESULTS, [{"userId": 5, "resultScore": None}])
    assert held(publisher) == Result(None, None)


@pytest.mark.parametrize("value", [True, "20", [20]])
def test_a_score_that_is_no_number_is_none(publisher: AgsScorePublisher, network: Network, value: object) -> None:
    network.serve_json(RESULTS, [7, {"userId": "5", "resultScore": value, "resultMaximum": 25}])
    assert held(publisher) == Result(None, Decimal(25))


@pytest.mark.parametrize("body", [b"<html>", b'{"results": []}', b"NaN", b"[" * 100_000])
def test_results_that_are_no_list_are_a_bad_answer(publisher: AgsScorePublisher, network: Network, body: bytes) -> None:
    network.serve(RESULTS, reply(body))
    with pytest.raises(DeliveryFailed, match=r"ags\.bad_answer"):
        held(publisher)


def test_results_that_are_not_offered_fail(publisher: AgsScorePublisher, network: Network) -> None:
    network.serve(RESULTS, reply([], 403))
    with pytest.raises(DeliveryFailed, match=r"ags\.forbidden"):
        held(publisher)


def test_g27_all_pages_are_read(publisher: AgsScorePublisher, network: Network) -> None:
    """A platform that ignores the filter, pages, and writes each Link header in another way."""
    second = "https://lms.example/mod/lti/services.php/2/Results?From=aB&limit=2"
    third = "https://lms.example/mod/lti/services.php/2/lineitems/9/lineitem/page3"
    moodles = f"<{second.replace('&', '&amp;')}>; rel=“next”".encode().decode("latin-1")
    network.serve(RESULTS, reply([{"userId": "1", "resultScore": 1}], link=moodles))
    network.serve(second, reply([], link="<page3>; REL=next"))
    network.handlers[third] = network.handlers.pop(second)
    network.handlers[second] = lambda _: reply([{"userId": "2"}], link="<lineitems/9/lineitem/page3>; REL=next")
    network.serve(third, reply([{"userId": "5", "resultScore": 8, "resultMaximum": 10}]))
    assert held(publisher) == Result(Decimal(8), Decimal(10))


def test_g27_a_whole_column_is_read_without_asking_for_a_length_of_page(
    publisher: AgsScorePublisher, network: Network
) -> None:
    """Moodle 4.5 answers 404 when asked for a `limit`."""
    everybody = ITEM.replace("/lineitem?", "/lineitem/results?")
    first = [{"userId": "5", "resultScore": 8, "resultMaximum": 10}]
    network.serve(everybody, reply(first, link='<page2>; rel="next"'))
    network.serve_json(
        everybody.replace("results?type_id=1", "page2"), [{"userId": "6", "resultScore": 9, "resultMaximum": 10}]
    )
    assert publisher.read_all(registration(), ITEM) == {
        "5": Result(Decimal(8), Decimal(10)),
        "6": Result(Decimal(9), Decimal(10)),
    }


def test_g28_pages_that_loop_end(publisher: AgsScorePublisher, network: Network) -> None:
    network.serve(RESULTS, reply([], link=f'<{RESULTS}>; rel="next"'))
    assert held(publisher) is None
    assert network.asked(RESULTS) == 1


def test_g28_ten_thousand_pages_are_a_hundred(publisher: AgsScorePublisher, network: Network) -> None:
    class Endless(dict[str, Any]):
        def __contains__(self, url: object) -> bool:
            return True

        def __missing__(self, url: str) -> Any:
            return lambda _: reply([], link=f'<{url}x>; rel="next"')

    network.handlers = Endless(network.handlers)
    assert held(publisher) is None
    assert sum("results" in call.url for call in network.calls) == 100


def test_g28_a_page_elsewhere_is_never_called(publisher: AgsScorePublisher, network: Network) -> None:
    network.serve(RESULTS, reply([], link='<https://evil.example/2>; rel="next"'))
    with pytest.raises(DeliveryFailed, match=r"ags\.untrusted_endpoint"):
        held(publisher)
    assert network.asked("https://evil.example/2") == 0


@pytest.mark.parametrize(
    ("header", "url"),
    [
        ('<https://a.example/P?x=Y>; rel="next"', "https://a.example/P?x=Y"),
        ("<https://a.example/1>; rel='next'", "https://a.example/1"),
        ('<https://a.example/1>; title="x"; Rel = Next', "https://a.example/1"),
        ('<https://a.example/0>; rel="prev", <https://a.example/2>; rel="next"', "https://a.example/2"),
        ('<https://a.example/1>; rel="last next"', "https://a.example/1"),
        ("</2>; rel=next", "https://lms.example/2"),
        ('<https://a.example/0>; rel="prev"', None),
        ('<https://a.example/0>; rel="nextish"', None),
        ('<https://a.example/0>; xrel="next"', None),
        ("<http://[>; rel=next", None),
        ("rel=next", None),
        ("ü“<", None),
        ("", None),
    ],
)
def test_link_headers_as_platforms_write_them(header: str, url: str | None) -> None:
    assert next_url(Answer(200, {"link": header}, b""), "https://lms.example/1") == url
