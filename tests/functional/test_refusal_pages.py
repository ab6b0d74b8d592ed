"""Every "no" is a page that says what happened and what to do, with a code and a number."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from lti_tool.domain.delivery import Reason
from lti_tool.domain.errors import Code, Refusal
from lti_tool.web.grade_line import REASONS
from lti_tool.web.sentences import REFUSALS
from tests.factories.platform_key import PlatformKey
from tests.factories.visit import BASE_URL, Visit


@pytest.fixture
def refusing(tool):
    """A tool with a door that refuses in every way there is."""

    @tool.app.get("/refuse/<name>")
    def refuse(name):
        raise Refusal(Code[name], "detail", retry_after=7)

    @tool.app.get("/fall")
    def fall():
        raise RuntimeError("lea@example.org broke it")

    tool.app.testing = False  # an exception shall become a page, as in production
    return tool


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_code_says_what_happened_and_what_to_do(refusing, language):
    said = {}
    for code in Code:
        answer = refusing.client.get(f"/refuse/{code.name}", headers={"Accept-Language": language}, base_url=BASE_URL)
        assert answer.status_code == code.status
        happened = re.search(r"<h1[^>]*>(?:.*?</svg>)?(.*?)</h1>", answer.text, re.DOTALL).group(1).strip()
        advice = re.search(r'<p class="lead">(.*?)</p>', answer.text).group(1)
        assert happened.endswith("."), code
        assert advice.endswith((".", "“.", "”.")), code
        assert f"<code>{code.slug}</code>" in answer.text
        assert "Ein Fehler ist aufgetreten" not in answer.text
        said.setdefault(happened, []).append(code)
    assert [codes for codes in said.values() if len(codes) > 1] == [], "each code has a sentence of its own"


def test_no_code_and_no_reason_is_without_words():
    assert set(REFUSALS) == set(Code)
    assert set(REASONS) == set(Reason)


def test_the_number_on_the_page_is_that_of_the_answer(tool):
    answer = tool.client.get("/nowhere", base_url=BASE_URL)
    assert f"<code>{answer.headers['X-Request-ID']}</code>" in answer.text


def test_a_script_gets_a_problem_document(refusing):
    answer = refusing.client.get("/refuse/RATE_LIMITED", headers={"Accept": "application/json"}, base_url=BASE_URL)
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Retry-After"] == "7"
    assert answer.json == {
        "type": "about:blank",
        "title": "Von Ihrem Anschluss kamen gerade sehr viele Anfragen.",
        "detail": "Bitte warten Sie eine Minute und öffnen Sie dann die Aktivität im Kurs noch einmal.",
        "status": 429,
        "code": "rate_limited",
        "reference": answer.headers["X-Request-ID"],
    }


def test_our_own_fault_shows_nothing_of_itself(refusing):
    answer = refusing.client.get("/fall", base_url=BASE_URL)
    assert answer.status_code == 500
    assert "lea@example.org" not in answer.text
    assert "RuntimeError" not in answer.text
    assert "<code>internal</code>" in answer.text


def test_a_wrong_method_is_told_the_right_one(tool):
    answer = tool.client.delete("/healthz", base_url=BASE_URL)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "<code>method_not_allowed</code>" in answer.text


def test_a_body_that_is_too_large_is_refused_in_words(tool):
    visit = Visit(tool.client, tool.launch_as())
    answer = visit.post("quiz/datenrecht", csrf="x" * 2_000_000)
    assert answer.status_code == 413
    assert "größer, als sie sein darf" in visit.text


def test_an_ended_session_shows_the_way_back_to_the_course(tool):
    visit = Visit(tool.client, tool.launch_as())
    tool.clock.turn(hours=13)
    visit.go(visit.landing)
    assert visit.page.status_code == 401
    assert "Ihr gespeicherter Stand ist noch da." in visit.text
    way_back = re.search(r'<a [^>]*href="([^"]+)" target="_top"', visit.page.text)
    assert way_back.group(1).startswith("https://lms.example/mod/lti/return.php")


@pytest.mark.parametrize("given", ["javascript:alert(1)", "data:text/html,x", 'https://lms.example/"><script>'])
def test_a_way_back_is_a_web_address_or_none(tool, given):
    @tool.app.get("/refuse-with-way-back")
    def refuse():
        raise Refusal(Code.SESSION_EXPIRED, return_url=given)

    answer = tool.client.get("/refuse-with-way-back", base_url=BASE_URL)
    assert "javascript:" not in answer.text
    assert "data:text" not in answer.text
    assert '"><script>' not in answer.text


def test_the_platform_is_told_why_a_launch_was_refused(tool):
    answer = tool.launch(custom={"module": "gibt-es-nicht"})
    assert answer.status_code == 404
    told = parse_qs(urlsplit(way_back_of(answer)).query)
    assert told["course"] == ["2"], "what the platform's own address says stays"
    assert told["lti_errormsg"] == [
        "Der Inhalt, auf den diese Aktivität zeigt, ist hier nicht mehr vorhanden. Bitte sagen Sie Ihrer Lehrkraft Bescheid."
    ]
    assert told["lti_errorlog"] == [f"content.unknown {answer.headers['X-Request-ID']}"]


@pytest.mark.parametrize(("destination", "told"), [("iframe", False), ("frame", False), ("document", True)])
def test_in_the_platforms_frame_the_page_says_it_once(tool, destination, told):
    @tool.app.get("/refuse-with-way-back")
    def refuse():
        raise Refusal(Code.CONTENT_UNKNOWN, return_url="https://lms.example/course?id=2")

    answer = tool.client.get("/refuse-with-way-back", base_url=BASE_URL, headers={"Sec-Fetch-Dest": destination})
    query = parse_qs(urlsplit(way_back_of(answer)).query)
    assert ("lti_errormsg" in query) is told
    assert "lti_errorlog" in query


def test_before_the_signature_is_verified_nobody_is_told_anything(tool):
    asked = tool.login()
    forged = PlatformKey("stranger").sign(tool.platform.claims(asked["nonce"]), kid=tool.platform.key.kid)
    answer = tool.post_launch({"state": asked["state"], "id_token": forged})
    assert answer.status_code == 401
    assert "lti_errormsg" not in answer.text
    assert "return.php" not in answer.text


def test_who_waited_too_long_goes_back_without_a_message(tool):
    visit = Visit(tool.client, tool.launch_as())
    tool.clock.turn(hours=13)
    visit.go(visit.landing)
    assert "lti_errormsg" not in way_back_of(visit.page)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("https://lms.example/course", "https://lms.example/course?", id="no query"),
        pytest.param("https://lms.example/?a=b%20c#top", "https://lms.example/?a=b%20c&", id="query and fragment"),
    ],
)
def test_the_platforms_own_address_is_kept_as_it_is(tool, given, expected):
    @tool.app.get("/refuse-with-way-back")
    def refuse():
        raise Refusal(Code.CONTENT_UNKNOWN, return_url=given)

    back = way_back_of(tool.client.get("/refuse-with-way-back", base_url=BASE_URL))
    assert back.startswith(f"{expected}lti_errorlog=")
    assert urlsplit(back).fragment == urlsplit(given).fragment


def way_back_of(page):
    return html.unescape(re.search(r'<a [^>]*href="([^"]+)" target="_top"', page.text)[1])
