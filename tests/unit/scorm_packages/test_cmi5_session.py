"""What the cmi5 player says to a learning record store, when, and what happens when the store does not listen."""

from __future__ import annotations

import json

import pytest

CONTEXT = "https://w3id.org/xapi/cmi5/context/"
SESSION = f"{CONTEXT}extensions/sessionid"
TEMPLATE = {
    "contextActivities": {
        "grouping": [{"objectType": "Activity", "id": "urn:uuid:9f856927-3a62-5a80-9f9d-d9c2fb477f8e"}]
    },
    "extensions": {SESSION: "s1"},
}
ANSWER = {
    "name": "q1",
    "kind": "single",
    "response": {"letters": ["b"]},
    "verdict": "right",
    "credit": "1",
    "weight": 2,
}


@pytest.fixture
def play(node):
    def run(*steps, refuse=(), kept=None, no_launch_data=False, **data):
        launch = {"contextTemplate": TEMPLATE, "launchMode": "Normal", "moveOn": "Passed", **data}
        story = {"steps": [["open"], *steps], "refuse": list(refuse)}
        return node("cmi5_story.mjs", data=None if no_launch_data else launch, kept=kept, story=story)

    return run


def _verbs(found):
    return [statement["verb"]["id"].rpartition("/")[2] for statement in found["store"]["statements"]]


def _statement(found, verb):
    (statement,) = [told for told in found["store"]["statements"] if told["verb"]["id"].endswith(f"/{verb}")]
    return statement


def _categories(statement):
    return [
        activity["id"].rpartition("/")[2] for activity in statement["context"]["contextActivities"].get("category", [])
    ]


def test_the_beginning_is_in_the_order_that_cmi5_wants(play):
    found = play(["put", {}, "now"])
    assert [(method, path.rpartition("/")[2], what) for method, path, what, _ in found["asked"]] == [
        ("POST", "token", ""),
        ("GET", "state", "LMS.LaunchData"),
        ("GET", "profile", "cmi5LearnerPreferences"),
        ("GET", "state", "smartcity.state"),
        ("POST", "statements", ""),
        ("PUT", "state", "smartcity.state"),
    ]
    assert {token for *_, token in found["asked"][1:]} == {"Basic geheim"}
    assert _verbs(found) == ["initialized"]
    assert "geheim" not in json.dumps(found["store"])


def test_a_passed_quiz_is_told_once_with_score_duration_and_categories(play):
    passed = {"status": "passed", "score": 6666, "suspended": "2|x"}
    found = play(
        ["wait", 65_000],
        ["answer", {**ANSWER, "seconds": 9}],
        ["put", passed, "now"],
        ["put", passed, "now"],
        ["end"],
        masteryScore=0.6,
    )
    assert _verbs(found) == ["initialized", "answered", "completed", "passed", "terminated"]
    passed = _statement(found, "passed")
    assert passed["result"] == {
        "success": True,
        "score": {"scaled": 0.6666, "raw": 66, "min": 0, "max": 100},
        "duration": "PT65S",
    }
    assert passed["context"]["extensions"] == {SESSION: "s1", f"{CONTEXT}extensions/masteryscore": 0.6}
    assert passed["context"]["contextActivities"]["grouping"] == TEMPLATE["contextActivities"]["grouping"]
    assert {
        verb: _categories(_statement(found, verb))
        for verb in ("initialized", "completed", "passed", "terminated", "answered")
    } == {
        "initialized": ["cmi5"],
        "completed": ["cmi5", "moveon"],
        "passed": ["cmi5", "moveon"],
        "terminated": ["cmi5"],
        "answered": [],
    }
    assert _statement(found, "completed")["result"] == {"completion": True, "duration": "PT65S"}
    assert _statement(found, "terminated")["result"] == {"duration": "PT65S"}
    assert _statement(found, "answered")["result"]["response"] == "b"


def test_without_a_bar_of_the_lms_no_mastery_score_is_claimed(play):
    found = play(["put", {"status": "passed", "score": 10000}, "now"])
    assert list(_statement(found, "passed")["context"]["extensions"]) == [SESSION]


def test_whoever_fails_may_pass_in_the_same_session(play):
    failed, passed = {"status": "failed", "score": 1000}, {"status": "passed", "score": 9000}
    assert _verbs(play(["put", failed, "now"], ["put", passed, "now"], ["end"])) == [
        "initialized",
        "completed",
        "passed",
        "terminated",
    ]
    found = play(["put", failed, "now"], ["end"], masteryScore=0.6)
    assert _verbs(found) == ["initialized", "failed", "terminated"]
    assert _statement(found, "failed")["result"]["success"] is False


def test_a_failure_is_told_again_only_after_a_new_attempt(play):
    failed = {"status": "failed", "score": 1000}
    story = [["put", failed, "now"], ["end"], ["again"], ["put", failed, "now"]]
    assert _verbs(play(*story, ["end"])).count("failed") == 1
    assert _verbs(play(*story, ["answer", {**ANSWER, "seconds": 9}], ["end"])).count("failed") == 2


@pytest.mark.parametrize("later", ["failed", "incomplete"])
def test_in_a_later_session_nothing_is_said_twice_or_taken_back(play, later):
    passed = {"status": "passed", "score": 9000, "place": "p3", "suspended": "9|x"}
    found = play(
        ["put", passed, "now"],
        ["end"],
        ["again"],
        ["put", {**passed, "status": later}, "now"],
        ["put", passed, "now"],
        ["end"],
    )
    assert _verbs(found) == ["initialized", "completed", "passed", "terminated", "initialized", "terminated"]
    assert sum(map(len, found["store"]["posts"])) == len(found["store"]["statements"])
    assert (found["memory"]["place"], found["memory"]["suspended"]) == ("p3", "9|x")


def test_a_module_without_a_quiz_is_completed_and_not_passed(play):
    assert _verbs(play(["put", {"status": "passed", "score": None}, "now"])) == ["initialized", "completed"]


@pytest.mark.parametrize("mode", ["Browse", "Review"])
def test_who_only_looks_leaves_beginning_and_end(play, mode):
    found = play(
        ["answer", {**ANSWER, "seconds": 9}],
        ["put", {"status": "passed", "score": 9000}, "now"],
        ["end"],
        launchMode=mode,
    )
    assert _verbs(found) == ["initialized", "terminated"]
    assert (found["states"], found["store"]["state"]) == (["silent"], None)


@pytest.mark.parametrize("refusal", ["network", "503"])
def test_what_was_refused_is_shown_and_told_again_with_the_same_ids(play, refusal):
    found = play(
        ["refuse", refusal],
        ["put", {"status": "passed", "score": 9000}, "now"],
        ["wait", 2000],
        ["wait", 4000],
        ["accept"],
        ["wait", 8000],
    )
    assert _verbs(found) == ["initialized", "completed", "passed"]
    assert found["states"][-2:] == ["unsaved", "saved"]
    assert found["store"]["state"]["said"] == ["completed", "passed"]


def test_an_answer_that_got_lost_makes_no_second_statement(play):
    found = play(["refuse", "answers"], ["put", {"status": "passed", "score": 9000}, "now"], ["accept"], ["wait", 2000])
    assert _verbs(found) == ["initialized", "completed", "passed"]
    assert len(found["store"]["posts"]) > 2
    assert found["states"][-1] == "saved"


def test_what_came_up_behind_a_lost_answer_is_told(play):
    passed = {"status": "passed", "score": 9000}
    found = play(["accept"], ["put", passed, "now"], ["wait", 2000], refuse=["answers"])
    assert _verbs(found) == ["initialized", "completed", "passed"]


def test_a_pass_that_got_through_before_a_crash_is_not_doubled_by_the_next_session(play):
    passed = {"status": "passed", "score": 9000}
    found = play(["refuse", "answers"], ["put", passed, "now"], ["accept"], ["again"], ["put", passed, "now"], ["end"])
    assert _verbs(found) == ["initialized", "completed", "passed", "initialized", "terminated"]


def test_what_is_refused_for_good_does_not_keep_the_place_from_being_saved(play):
    found = play(["refuse", "verb answered"], ["answer", {**ANSWER, "seconds": 1}], ["put", {"place": "p7"}, "now"])
    assert found["store"]["state"]["place"] == "p7"
    assert found["states"][-1] == "unsaved"


def test_a_session_that_the_lms_has_ended_says_what_to_do(play):
    found = play(["refuse", "403"], ["put", {"place": "p7"}, "now"])
    assert found["states"][-1] == "unsaved launchAgain"


def test_many_changes_make_one_document(play):
    quick = [["put", {"suspended": f"1|{at}"}] for at in range(10)]
    found = play(["put", {}, "now"], *quick, ["wait", 900])
    assert [method for method, *_ in found["asked"]].count("PUT") == 2
    assert found["store"]["state"]["suspended"] == "1|9"


def test_time_is_counted_across_sessions_but_the_end_tells_its_own(play):
    passed = {"status": "passed", "score": 9000}
    found = play(
        ["put", {}, "now"], ["wait", 60_000], ["end"], ["again"], ["wait", 30_000], ["put", passed, "now"], ["end"]
    )
    assert _statement(found, "passed")["result"]["duration"] == "PT90S"
    assert [
        s["result"]["duration"] for s in found["store"]["statements"] if s["verb"]["id"].endswith("/terminated")
    ] == ["PT60S", "PT30S"]


def test_a_token_that_was_given_away_already_leaves_the_learner_reading(play):
    found = play(["put", {}, "now"], ["end"], refuse=["token"])
    assert (found["states"], found["store"]["tokens"], found["fault"][:5]) == (["alone"], 1, "Error")


def test_without_launch_data_nothing_is_said(play):
    found = play(["put", {}, "now"], no_launch_data=True)
    assert (found["states"], found["store"]["statements"]) == (["alone"], [])


def test_a_store_need_not_tell_preferences(play):
    assert _verbs(play(["put", {}, "now"], refuse=["profile"])) == ["initialized"]


@pytest.mark.parametrize(
    ("address", "taken"), [("https://lms.example/kurs?id=1", True), ("javascript:alert(1)", False), (None, False)]
)
def test_only_a_web_address_is_returned_to(play, address, taken):
    found = play(["end"], **({"returnURL": address} if address else {}))
    assert found["returnTo"] == (address if taken else None)
