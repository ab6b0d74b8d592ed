"""Rows A68 to A70 in a browser that loses cookies: the platform's storage helps, or a new tab does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from lti_tool.cli.trial import CLIENT_ID
from tests.browser.conftest import DESKTOP, House, Visitor
from tests.browser.forgetful_proxy import forgetting
from tests.conftest import ARGUMENTS, CHROMIUM

BINDING, SESSION = "lti-login", "launch"
ACTIVITY = "rl-smart-city"

Visiting = Callable[..., Visitor]

# What a platform's page does that keeps to the rules, with a place for one thing that does not.
STORAGE = """
const kept = {};
const liar = document.createElement("iframe");
liar.sandbox = "allow-scripts";
liar.srcdoc = '<script>addEventListener("message", (e) => parent.frames[0].postMessage(e.data, "*"))</script>';
document.body.append(liar);
addEventListener("message", (event) => {
  const { subject, message_id, key, value } = event.data;
  if (subject === "lti.put_data") kept[key] = value;
  const answer = { subject: `${subject}.response`, message_id, key, value: kept[key] };
  const send = () => event.source.postMessage(answer, event.origin);
  if (subject === "lti.get_data") { %s }
  send();
});
"""
ODD_ANSWERS = {
    "A70-wrong-origin": 'liar.contentWindow.postMessage(answer, "*"); return;',
    "A70-wrong-message-id": 'answer.message_id = "another";',
    "A70-no-message-id": "delete answer.message_id;",
    "A70-wrong-subject": "answer.subject = subject;",
    "A70-empty": 'answer.value = "";',
    "A70-nothing": "delete answer.value;",
    "A70-no-object": "event.source.postMessage(null, event.origin); return;",
    "A70-error": 'answer.error = { code: "bad_request", message: "no" };',
    "A70-silence": "return;",
    "A70-after-a-second": "setTimeout(send, 2500); return;",
}


@pytest.fixture
def visiting(house: House, chromium: Browser) -> Iterator[Visiting]:
    """Call it with the cookies that get lost to have a learner whose browser loses them."""
    with ExitStack() as stack:

        def visit(*lost: str, bypass_csp: bool = False) -> Visitor:
            proxy = stack.enter_context(forgetting(*lost))
            context = chromium.new_context(
                viewport=DESKTOP, locale="de-DE", proxy={"server": proxy}, bypass_csp=bypass_csp
            )
            stack.callback(context.close)
            context.set_default_timeout(30_000)
            someone = Visitor(house, context.new_page())
            context.add_cookies([{"name": "uebung_person", "value": house.new_learner(), "url": house.lms_url}])
            someone.page.goto(f"{house.lms_url}/course")
            return someone

        yield visit


@pytest.fixture
def storage_offered(house: House) -> Iterator[None]:
    house.tell("/practice/settings", {"platform_storage": True})
    yield
    house.tell("/practice/settings")


def open_for_a_click(visitor: Visitor) -> FrameLocator:
    """Open the activity where it cannot stay in the frame; return the frame with the button."""
    visitor.page.locator(f'a[href="/course/{ACTIVITY}"]').click()
    frame = visitor.page.frame_locator("#contentframe")
    expect(frame.get_by_role("heading", name="Nur noch ein Klick")).to_be_visible()
    return frame


def press_for_a_tab(visitor: Visitor, frame: FrameLocator) -> Page:
    with visitor.page.context.expect_page() as opened:
        frame.get_by_role("button", name="In neuem Tab öffnen").click()
    opened.value.wait_for_url(f"{visitor.house.tool_url}/l/**")
    return opened.value


@contextmanager
def watching_logins(visitor: Visitor) -> Iterator[list[int]]:
    statuses: list[int] = []
    visitor.page.on(
        "response", lambda answer: statuses.append(answer.status) if answer.url.endswith("/lti/login") else None
    )
    yield statuses


@pytest.mark.usefixtures("storage_offered")
@pytest.mark.parametrize("row", ["A68"])
def test_row_the_secret_from_the_platform_opens_the_activity_in_its_frame(visiting: Visiting, row: str) -> None:
    visitor = visiting(BINDING)
    frame = visitor.open_in_course(ACTIVITY)
    expect(frame.get_by_role("heading", level=1), row).to_contain_text("Smart City verstehen")
    frame.get_by_role("link", name=re.compile("Los geht’s")).click()
    expect(frame.get_by_role("heading", level=1)).not_to_contain_text("Smart City verstehen")


@pytest.mark.usefixtures("storage_offered")
def test_a68_a_frame_that_keeps_no_session_either_offers_a_new_tab(visiting: Visiting) -> None:
    visitor = visiting(BINDING, SESSION)
    tab = press_for_a_tab(visitor, open_for_a_click(visitor))
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Smart City verstehen")


@pytest.mark.parametrize("row", ["A69"])
def test_row_without_cookies_and_storage_a_new_tab_is_offered(visiting: Visiting, row: str) -> None:
    visitor = visiting(BINDING)
    tab = press_for_a_tab(visitor, open_for_a_click(visitor))
    expect(tab.get_by_role("heading", level=1), row).to_contain_text("Smart City verstehen")


@pytest.mark.usefixtures("storage_offered")
def test_where_cookies_are_kept_only_the_first_login_is_a_page(visiting: Visiting) -> None:
    visitor = visiting()
    with watching_logins(visitor) as statuses:
        for _ in range(2):
            visitor.page.goto(f"{visitor.house.lms_url}/course")
            frame = visitor.open_in_course(ACTIVITY)
            expect(frame.get_by_role("heading", level=1)).to_contain_text("Smart City verstehen")
    assert statuses == [200, 302]


@pytest.mark.usefixtures("storage_offered")
def test_an_activity_in_a_window_of_its_own_needs_no_storage(visiting: Visiting) -> None:
    window = visiting().open_in_window(ACTIVITY)
    expect(window.get_by_role("heading", level=1)).to_contain_text("Smart City verstehen")


@pytest.mark.parametrize("offered", [False, True], ids=["without-storage", "with-storage"])
def test_where_third_party_cookies_are_allowed_an_activity_stays_in_its_frame_too(
    house: House, chromium: Browser, offered: bool
) -> None:
    house.tell("/practice/settings", {"platform_storage": offered})
    arguments = [argument for argument in ARGUMENTS if "cookie" not in argument]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    visitor = Visitor(house, browser.new_context(locale="de-DE").new_page())
    visitor.become(house.new_learner())
    expect(visitor.open_in_course(ACTIVITY).get_by_role("heading", level=1)).to_contain_text("Smart City verstehen")
    browser.close()
    house.tell("/practice/settings")


def test_without_scripts_a_login_with_storage_goes_on_by_itself(house: House, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    login = {
        "iss": house.lms_url,
        "client_id": CLIENT_ID,  # other tests register the practice LMS once more
        "login_hint": "lea",
        "target_link_uri": f"{house.tool_url}/lti/launch",
        "lti_storage_target": "_parent",
    }
    with page.expect_request(f"{house.lms_url}/platform/auth?**"):
        page.goto(f"{house.tool_url}/lti/login?{urlencode(login)}", wait_until="commit")
    context.close()


def with_storage_script(visitor: Visitor, twist: str) -> None:
    script = STORAGE % twist
    visitor.page.route(
        f"{visitor.house.lms_url}/static/storage.js",
        lambda route: route.fulfill(body=script, content_type="text/javascript"),
    )


@pytest.mark.usefixtures("storage_offered")
def test_a_platform_that_keeps_to_the_rules_is_believed(visiting: Visiting) -> None:
    visitor = visiting(BINDING, bypass_csp=True)
    with_storage_script(visitor, "")
    expect(visitor.open_in_course(ACTIVITY).get_by_role("heading", level=1)).to_contain_text("Smart City verstehen")


@pytest.mark.usefixtures("storage_offered")
@pytest.mark.parametrize("twist", ODD_ANSWERS.values(), ids=ODD_ANSWERS)
def test_row_an_odd_answer_leads_to_the_new_tab(visiting: Visiting, twist: str) -> None:
    visitor = visiting(BINDING, bypass_csp=True)
    with_storage_script(visitor, twist)
    frame = open_for_a_click(visitor)
    tab = press_for_a_tab(visitor, frame)
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Smart City verstehen")
    expect(frame.get_by_role("heading", name="Nur noch ein Klick")).to_be_visible()


@pytest.mark.usefixtures("storage_offered")
def test_a_secret_of_another_login_is_refused_in_plain_words(visiting: Visiting) -> None:
    visitor = visiting(BINDING, bypass_csp=True)
    with_storage_script(visitor, 'answer.value = "of-another-login";')
    visitor.page.locator(f'a[href="/course/{ACTIVITY}"]').click()
    alert = visitor.page.frame_locator("#contentframe").get_by_role("alert")
    expect(alert).to_contain_text("in einem anderen Browser oder Fenster begonnen")
    expect(alert).to_contain_text("launch.wrong_browser")
