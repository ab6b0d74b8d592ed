"""Choosing content (Deep Linking 2.0): the rows D1 to D12 and A73, and what an instructor gets done."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest

from lti_tool.domain.errors import Code
from lti_tool.lti.deep_linking import DeepLinkingResponder
from tests.factories.deep_linking import DL, RETURN_URL, handed_back, items, request_claims
from tests.factories.forgery import Forgery
from tests.factories.id_token import LEAVE_OUT, LTI, MEMBERSHIP
from tests.factories.visit import BASE_URL, Visit
from tests.factories.young_content import young_content
from tests.functional.conftest import running_tool
from tests.functional.rows import assert_refused

TEACHER = [MEMBERSHIP + "Instructor"]


def ask(tool, client=None, *, roles=TEACHER, **settings):
    """Launch a deep-linking request; return the answer to the launch."""
    return tool.launch(client, roles=roles, sub="77", **request_claims(**settings))


def picker(tool, client=None, **settings):
    """Open the picker as an instructor."""
    client = client or tool.client
    response = ask(tool, client, **settings)
    assert response.status_code == 303, response.text
    return Visit(client, response.location)


@pytest.fixture
def ines(tool):
    return picker(tool)


def chosen(visit, *values, **fields):
    """Take what these values name; return the verified answer."""
    visit.press("Übernehmen", item=list(values), **fields)
    assert visit.page.status_code == 200, visit.text
    return handed_back(visit.page, visit.client)


@pytest.mark.parametrize(
    "roles",
    [
        pytest.param([MEMBERSHIP + "Learner"], id="D1"),
        pytest.param([], id="D1-nobody"),
        pytest.param(["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Faculty"], id="D1-faculty-elsewhere"),
    ],
)
def test_only_instructors_choose(tool, roles):
    assert_refused(ask(tool, roles=roles), Code.DEEP_LINKING_FORBIDDEN)


def test_an_administrator_chooses_too(tool):
    role = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"
    assert ask(tool, roles=[role]).status_code == 303


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        pytest.param(Code.DEEP_LINKING_MISSING_RETURN_URL, {"deep_link_return_url": LEAVE_OUT}, id="D2"),
        pytest.param(Code.DEEP_LINKING_MISSING_RETURN_URL, {"deep_link_return_url": ""}, id="D2-empty"),
        pytest.param(Code.DEEP_LINKING_BAD_RETURN_URL, {"deep_link_return_url": "javascript:alert(1)"}, id="D3"),
        pytest.param(Code.DEEP_LINKING_BAD_RETURN_URL, {"deep_link_return_url": "http://lms.example/"}, id="D3-http"),
        pytest.param(Code.DEEP_LINKING_BAD_RETURN_URL, {"deep_link_return_url": "https://evil.example/"}, id="D3-host"),
        pytest.param(
            Code.DEEP_LINKING_BAD_RETURN_URL,
            {"deep_link_return_url": 'https://lms.example/"><script>alert(1)</script>'},
            id="D3-quotes",
        ),
        pytest.param(
            Code.DEEP_LINKING_BAD_RETURN_URL,
            {"deep_link_return_url": "https://lms.example@evil.example/"},
            id="D3-user",
        ),
        pytest.param(Code.DEEP_LINKING_BAD_RETURN_URL, {"deep_link_return_url": [RETURN_URL]}, id="D3-list"),
        pytest.param(Code.LAUNCH_BAD_CLAIM, {"accept_types": "ltiResourceLink"}, id="accept-types-string"),
        pytest.param(Code.DEEP_LINKING_BAD_DATA, {"data": {"a": 1}}, id="D10-object"),
        pytest.param(Code.DEEP_LINKING_BAD_DATA, {"data": "x" * 100_000}, id="D10-100-kB"),
        pytest.param(Code.DEEP_LINKING_BAD_DATA, {"data": "ü" * 16_385}, id="D10-bytes-not-letters"),
        pytest.param(Code.DEEP_LINKING_BAD_DATA, {"data": "a\x00b"}, id="D10-nul"),
    ],
)
def test_a_request_that_cannot_be_answered_is_refused(tool, code, changed):
    assert_refused(ask(tool, **changed), code)


def test_d10_data_that_is_no_text_is_refused(tool):
    asked = tool.login()
    claims = tool.platform.claims(asked["nonce"], roles=TEACHER, **request_claims(data="\ud800"))
    forgery = Forgery(tool.platform.key, claims, asked["state"])
    assert_refused(tool.post_launch(forgery.posted()), Code.DEEP_LINKING_BAD_DATA)


@pytest.mark.parametrize(
    "settings", [pytest.param(LEAVE_OUT, id="A73"), pytest.param([], id="A73-list"), pytest.param(None, id="A73-null")]
)
def test_a_request_without_settings_is_refused(tool, settings):
    claims = {**request_claims(), DL + "deep_linking_settings": settings}
    assert_refused(tool.launch(roles=TEACHER, **claims), Code.DEEP_LINKING_MISSING_SETTINGS)


@pytest.mark.parametrize(
    ("locale", "module_id", "tongue", "name"),
    [
        pytest.param("de", "smart-city-verstehen-en", ' lang="en"', "Englisch", id="english-in-german"),
        pytest.param("de", "smart-city-verstehen", "", None, id="german-in-german"),
        pytest.param("en", "smart-city-verstehen-en", "", None, id="english-in-english"),
        pytest.param("en", "smart-city-verstehen", ' lang="de"', "German", id="german-in-english"),
    ],
)
def test_the_picker_names_and_marks_a_language_that_is_not_its_own(tool, locale, module_id, tongue, name):
    asked = tool.launch(roles=TEACHER, sub="77", launch_presentation={"locale": locale}, **request_claims())
    page = Visit(tool.client, asked.location).page.text
    choice = page.partition(f'id="pick-module-{module_id}"')[2].partition("</li>")[0]
    assert f'for="pick-module-{module_id}"{tongue}>' in choice
    facts = re.search(r'<p class="facts">(.*?)</p>', choice, re.DOTALL).group(1)
    assert re.findall("Englisch|German", facts) == ([name] if name else [])


@pytest.mark.parametrize("types", [pytest.param(["html"], id="D4"), pytest.param([], id="D4-none")])
def test_a_place_that_takes_no_activities_says_so_and_leads_back(tool, types):
    visit = picker(tool, accept_types=types)
    assert "An dieser Stelle nimmt Ihre Lernplattform keine Aktivitäten an." in visit.text
    assert "dl.type_not_accepted" in visit.text
    visit.press("Zurück zum Kurs")
    assert items(handed_back(visit.page, visit.client)) == []


@pytest.mark.parametrize(
    ("values", "multiple"),
    [
        pytest.param(["module:datenrecht", "tracker"], False, id="D5"),
        pytest.param(["course:manager"], False, id="D5-whole-course"),
        pytest.param(["module:datenrecht", "quiz:datenrecht"], LEAVE_OUT, id="D5-not-said"),
    ],
)
def test_where_one_item_is_taken_two_are_refused(tool, values, multiple):
    visit = picker(tool, accept_multiple=multiple)
    assert 'type="checkbox" name="item"' not in visit.page.text
    assert_refused(visit.press("Übernehmen", item=values), Code.DEEP_LINKING_TOO_MANY_ITEMS)
    visit.go(visit.landing)
    assert len(items(chosen(visit, values[0].replace("course:manager", "tracker")))) == 1, "still open"


@pytest.mark.parametrize("accepts", [pytest.param(False, id="D6"), pytest.param("false", id="D6-text")])
def test_without_grade_columns_items_come_without(tool, accepts):
    visit = picker(tool, accept_lineitem=accepts)
    assert "hier legt Ihre Lernplattform keine Spalten an" in visit.text
    [item] = items(chosen(visit, "module:datenrecht", graded="yes", maximum="50"))
    assert "lineItem" not in item
    assert item["custom"]["grade"] == "none", "what the page said holds for the first score as well"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("module:gone", id="D7"),
        pytest.param("course:gone", id="D7-course"),
        pytest.param("essay:datenrecht", id="D7-kind"),
        pytest.param("tracker:datenrecht", id="D7-tracker"),
        pytest.param("module:../../etc/passwd", id="D7-path"),
        pytest.param("", id="D7-empty"),
    ],
)
def test_what_the_catalogue_does_not_have_is_not_found(ines, value):
    assert_refused(ines.press("Übernehmen", item=["module:datenrecht", value]), Code.CONTENT_UNKNOWN)


def test_d7_what_is_only_announced_is_not_found(young_tool):
    announced = ["module:datenrecht", "module:strategie-steuerung"]
    assert_refused(picker(young_tool).press("Übernehmen", item=announced), Code.CONTENT_UNKNOWN)


def test_d8_what_a_changed_form_adds_is_not_looked_at(ines):
    [item] = items(
        chosen(
            ines,
            "module:datenrecht",
            url="https://evil.example/",
            title="Falsch",
            custom='{"module": "x"}',
            deep_link_return_url="https://evil.example/",
            deployment_id="9",
            data="other",
        )
    )
    assert (item["url"], item["title"]) == (f"{BASE_URL}/lti/launch", "Datenschutz und Datenrecht")
    assert item["custom"] == {"content": "module", "module": "datenrecht"}
    answer = handed_back(ines.page, ines.client)
    assert (answer[LTI + "deployment_id"], answer[DL + "data"]) == ("1", "opaque=1;<&>")


def test_d9_a_request_is_answered_once(ines):
    csrf = ines.csrf
    chosen(ines, "tracker")
    assert_refused(ines.post("choose/answer", csrf=csrf, item="tracker"), Code.DEEP_LINKING_ALREADY_ANSWERED)
    assert_refused(ines.post("choose/cancel", csrf=csrf), Code.DEEP_LINKING_ALREADY_ANSWERED)
    assert_refused(ines.go(ines.landing), Code.DEEP_LINKING_ALREADY_ANSWERED)


def test_d9_of_two_answers_at_once_one_goes_out(tool, ines, monkeypatch):
    csrf, cookie = ines.csrf, ines.client.get_cookie("launch", domain="tool.example", path=ines.landing.rstrip("/"))
    both_are_asked = Barrier(2)
    sign = DeepLinkingResponder.answer

    def sign_together(*args):
        with suppress(BrokenBarrierError):  # SQLite lets only one come this far at a time
            both_are_asked.wait(timeout=1)
        return sign(*args)

    monkeypatch.setattr(DeepLinkingResponder, "answer", sign_together)

    def take(_):
        browser = tool.browser()
        browser.set_cookie("launch", cookie.value, domain="tool.example", path=ines.landing.rstrip("/"))
        form = {"csrf": csrf, "item": "tracker"}
        return browser.post(f"{ines.landing}choose/answer", data=form, base_url=BASE_URL).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, range(2))) == [200, 409]


def test_d9_a_second_tab_of_the_launch_answers_the_same_request(tool, ines):
    ines.go("new-tab")
    other = tool.browser()
    code = re.search(r'name="code" value="([^"]+)"', ines.page.text).group(1)
    opened = other.post("/lti/handover", data={"code": code}, base_url=BASE_URL)
    tab = Visit(other, opened.location)
    assert "Inhalte auswählen" in tab.text
    chosen(ines.go(ines.landing) and ines, "tracker")
    assert_refused(tab.press("Übernehmen", item="tracker"), Code.DEEP_LINKING_ALREADY_ANSWERED)


@pytest.mark.parametrize(
    ("data", "echoed"),
    [
        pytest.param(LEAVE_OUT, {}, id="D10-absent"),
        pytest.param(None, {}, id="D10-null"),
        pytest.param("", {DL + "data": ""}, id="D10-empty"),
        pytest.param("x" * 32_768, {DL + "data": "x" * 32_768}, id="D10-32-kB"),
        pytest.param("<Ümlaut>\n", {DL + "data": "<Ümlaut>\n"}, id="D10-markup"),
    ],
)
def test_data_comes_back_as_it_was(tool, data, echoed):
    answer = chosen(picker(tool, data=data), "tracker")
    assert {name: value for name, value in answer.items() if name == DL + "data"} == echoed


def test_d11_cancelling_is_a_signed_answer_without_items(ines):
    ines.press("Abbrechen")
    answer = handed_back(ines.page, ines.client)
    assert (items(answer), answer[DL + "msg"]) == ([], "Es wurde nichts ausgewählt.")


def test_taking_nothing_asks_for_a_choice_and_keeps_the_request_open(ines):
    ines.press("Übernehmen")
    assert (ines.page.status_code, "Bitte wählen Sie zuerst einen Inhalt aus." in ines.text) == (400, True)
    assert len(items(chosen(ines, "tracker"))) == 1


def test_d12_titles_are_escaped_and_custom_values_survive_any_platform(database_url, tmp_path):
    content = young_content(tmp_path / "content")
    module = content / "modules" / "datenrecht" / "module.yaml"
    title = "Datenschutz und Datenrecht"
    module.write_text(module.read_text().replace(f"title: {title}", 'title: "<script>alert(1)</script>"', 1))
    with running_tool(database_url, SMARTCITY_CONTENT_DIR=str(content)) as tool:
        visit = picker(tool)
        assert "<script>alert" not in visit.page.text
        assert "&lt;script&gt;alert(1)" in visit.page.text
        answer = chosen(visit, "course:manager", "quiz:datenrecht")
        assert "<script>alert" not in visit.page.text
    titles = [item["title"] for item in items(answer)]
    assert titles[1] == "<script>alert(1)</script>", "a title is plain text; the platform escapes it"
    values = [value for item in items(answer) for value in item["custom"].values()]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", value) for value in values)


def test_the_answer_is_what_the_platform_checks(tool, ines):
    answer = chosen(ines, "module:datenrecht")
    now = int(tool.clock().timestamp())
    assert answer[LTI + "message_type"] == "LtiDeepLinkingResponse"
    assert (answer[LTI + "version"], answer[LTI + "deployment_id"]) == ("1.3.0", "1")
    assert now - 60 <= answer["iat"] <= now < answer["exp"] <= now + 300
    assert len(answer["nonce"]) > 20
    other = chosen(picker(tool), "module:datenrecht")
    assert other["nonce"] != answer["nonce"]


def test_an_item_says_all_a_platform_can_use(ines):
    [item] = items(chosen(ines, "quiz:datenrecht", graded="yes", maximum="50"))
    assert item["type"] == "ltiResourceLink"
    assert item["title"] == "Quiz: Datenschutz und Datenrecht"
    assert item["text"].startswith("Welche Daten personenbezogen sind")
    assert item["custom"] == {"content": "quiz", "module": "datenrecht"}
    assert item["lineItem"] == {
        "label": "Quiz: Datenschutz und Datenrecht",
        "scoreMaximum": 50,
        "resourceId": "datenrecht",
        "tag": "quiz",
        "submissionReview": {"reviewableStatus": ["Completed"]},
    }
    assert {"iframe", "window"} <= item.keys()


def test_no_two_activities_of_a_module_have_the_same_name(ines):
    module = "beteiligung-teilhabe"
    answer = chosen(ines, f"module:{module}", f"quiz:{module}", f"assignment:{module}")
    assert [item["title"] for item in items(answer)] == [
        "Beteiligung, Teilhabe, Barrierefreiheit",
        "Quiz: Beteiligung, Teilhabe, Barrierefreiheit",
        "Beteiligung, Teilhabe, Barrierefreiheit: Beteiligungsskizze",
    ]


def test_hints_name_only_targets_the_platform_takes(tool):
    [item] = items(chosen(picker(tool, accept_presentation_document_targets=["window", "embed"]), "tracker"))
    assert ("window" in item, "iframe" in item) == (True, False)


def test_the_whole_course_is_its_written_modules_and_the_tracker_each_once(young_tool):
    ines = picker(young_tool)
    assert "10 weitere sind in Vorbereitung" in ines.text
    made = items(chosen(ines, "course:manager", "module:datenrecht", "tracker"))
    assert [item["custom"] for item in made] == [
        {"content": "module", "module": "smart-city-verstehen"},
        {"content": "module", "module": "datenrecht"},
        {"content": "tracker"},
    ]
    assert ["lineItem" in item for item in made] == [True, True, False], "the tracker sends no score"


def test_without_grade_no_column_is_asked_for(ines):
    [item] = items(chosen(ines, "module:datenrecht", graded="no", maximum="100"))
    assert item["custom"] == {"content": "module", "module": "datenrecht", "grade": "none"}, "or a score would make one"
    assert "lineItem" not in item


@pytest.mark.parametrize("maximum", ["0", "-5", "1001", "zehn", "1e3", "", "9" * 5000])
def test_a_maximum_that_is_none_is_asked_for_again(ines, maximum):
    ines.press("Übernehmen", item="module:datenrecht", graded="yes", maximum=maximum)
    assert (ines.page.status_code, "eine Zahl von 1 bis 1000" in ines.text) == (400, True)
    assert re.search(r'value="module:datenrecht"[^>]* checked', ines.page.text), "the choice is kept"


def test_the_page_that_hands_back_may_post_to_this_platform_and_nowhere_else(ines):
    policy = ines.page.headers["Content-Security-Policy"]
    assert "form-action 'self';" in policy
    chosen(ines, "tracker")
    policy = ines.page.headers["Content-Security-Policy"]
    assert "form-action 'self' https://lms.example;" in policy
    assert f'action="{RETURN_URL.replace("&", "&amp;")}"' in ines.page.text
    assert "Zurück zum Kurs" in ines.text


def test_search_without_scripts_narrows_the_list_and_keeps_what_is_ticked(young_tool):
    ines = picker(young_tool)
    ines.press("Suchen", q="Sensoren", item="module:smart-city-verstehen", tag="SC-05")
    shown = re.findall(r'<li class="choice" data-words[^>]*?(?P<hidden> hidden)?>', ines.page.text)
    assert shown.count("") == 1
    assert re.search(r'value="module:smart-city-verstehen"[^>]* checked', ines.page.text)
    ines.press("Suchen", q="gibtesnicht")
    assert "Dazu gibt es kein Modul." in ines.text
    assert "0 von 2 Modulen" in ines.text


def test_what_the_course_has_already_is_marked(tool):
    tool.launch_as(custom={"module": "datenrecht"})
    text = picker(tool).text
    assert text.count("schon im Kurs") == 1
    assert re.search(r"Datenschutz und Datenrecht 2 Std\..{0,80}schon im Kurs", text)
    elsewhere = picker(tool, tool.browser())
    other = tool.launch(roles=TEACHER, **request_claims(), context={"id": "3", "title": "Anderer Kurs"})
    assert "schon im Kurs" in elsewhere.text
    assert "schon im Kurs" not in Visit(tool.client, other.location).text


def test_without_cookies_the_picker_opens_in_a_new_tab(tool):
    asked = tool.login()
    claims = tool.platform.claims(asked["nonce"], roles=TEACHER, **request_claims())
    browser = tool.browser()
    parked = tool.post_launch({"state": asked["state"], "id_token": tool.platform.sign(claims)}, browser)
    code = re.search(r'name="code" value="([^"]+)"', parked.text).group(1)
    opened = browser.post("/lti/handover", data={"code": code}, base_url=BASE_URL)
    assert len(items(chosen(Visit(browser, opened.location), "tracker"))) == 1


def test_nobody_answers_without_the_forms_token_or_from_another_launch(tool, ines):
    assert_refused(ines.post("choose/answer", item="tracker"), Code.CSRF)
    learner = tool.browser()
    lea = Visit(learner, tool.launch_as(learner))
    assert lea.go("choose").status_code == 404
    assert lea.post("choose/answer", csrf=Visit(learner, lea.landing).csrf, item="tracker").status_code == 404


def test_the_picker_speaks_english_where_the_platform_does(tool):
    response = tool.launch(roles=TEACHER, **request_claims(), launch_presentation={"locale": "en"})
    visit = Visit(tool.client, response.location)
    visit.press("Add", item="tracker")
    [item] = items(handed_back(visit.page, visit.client))
    assert item["title"] == "My way to the certificate"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        pytest.param({"minutes": "abc", "tag": "<b>", "q": "x" * 5000, "graded": "maybe"}, 400, id="filters"),
        pytest.param({"item": "module:\x00"}, 404, id="control"),
        pytest.param({"item": "🏙️:datenrecht"}, 404, id="picture"),
        pytest.param({"item": ["module:datenrecht"] * 300}, 200, id="three-hundred-times-the-same"),
        pytest.param({"item": "module:datenrecht", "maximum": "٣"}, 400, id="digits-of-another-script"),
    ],
)
def test_an_odd_form_is_answered_without_a_fault(ines, fields, status):
    ines.press("Übernehmen", **fields)
    assert ines.page.status_code == status
    assert "<b>" not in ines.page.text
