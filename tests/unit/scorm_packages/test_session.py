"""What the player says to an LMS, and when: both editions, refusals and goodbyes included."""

from __future__ import annotations

import pytest

OLD, NEW = "api_scorm12", "api_scorm2004"
WORDS = {
    OLD: {
        "status": "cmi.core.lesson_status",
        "place": "cmi.core.lesson_location",
        "exit": "cmi.core.exit",
        "close": "Finish",
    },
    NEW: {"status": "cmi.completion_status", "place": "cmi.location", "exit": "cmi.exit", "close": "Terminate"},
}


@pytest.fixture
def play(node):
    def run(edition, *steps, kept=None, no_api=False):
        return node("session_story.mjs", edition=edition, kept=kept or {}, story={"steps": steps, "noApi": no_api})

    return run


def _sets(found):
    return [(words[1], words[2] if len(words) > 2 else "") for words in found["said"] if words[0] == "SetValue"]


@pytest.mark.parametrize("edition", [OLD, NEW])
def test_the_first_words_are_suspend_and_incomplete_and_they_are_committed(play, edition):
    found = play(edition, ["open"], ["put", {}, "now"])
    assert found["said"][0] == ["Initialize"]
    assert _sets(found)[:2] == [(WORDS[edition]["exit"], "suspend"), (WORDS[edition]["status"], "incomplete")]
    assert found["said"][-1] == ["Commit"]


@pytest.mark.parametrize("edition", [OLD, NEW])
def test_many_changes_make_one_commit_and_tell_only_what_changed(play, edition):
    quick = [["put", {"suspended": f"1|{at}"}] for at in range(10)]
    found = play(edition, ["open"], ["put", {}, "now"], *quick, ["wait", 900])
    assert [words[0] for words in found["said"]].count("Commit") == 2
    assert _sets(found)[-1] == ("cmi.suspend_data", "1|9")
    assert [name for name, _ in _sets(found)].count(WORDS[edition]["place"]) == 1


@pytest.mark.parametrize("refusal", ["SetValue", "Commit", "throw"])
def test_what_was_refused_is_told_and_tried_again_later_and_later(play, refusal):
    found = play(
        OLD,
        ["open"],
        ["refuse", refusal],
        ["put", {}, "now"],
        ["wait", 2000],
        ["wait", 4000],
        ["accept"],
        ["wait", 8000],
    )
    commits = [words[0] for words in found["said"]].count("Commit")
    assert commits == 4  # at once, after 2, 4 and 8 seconds
    assert found["states"][-2:] == ["unsaved", "saved"]
    assert dict(_sets(found))["cmi.suspend_data"] == "1|x"


def test_retries_do_not_become_rarer_than_once_a_minute(play):
    found = play(OLD, ["open"], ["refuse", "Commit"], ["put", {}, "now"], ["wait", 600_000])
    assert [words[0] for words in found["said"]].count("Commit") >= 12


@pytest.mark.parametrize("edition", [OLD, NEW])
def test_the_goodbye_tells_the_time_and_what_is_left_without_a_commit(play, edition):
    found = play(
        edition,
        ["open"],
        ["put", {}, "now"],
        ["wait", 3_725_000],
        ["put", {"place": "p4"}],
        ["end"],
        ["put", {"place": "p5"}, "now"],
        ["end"],
    )
    last = [words[0] for words in found["said"]][-3:]
    assert last == ["SetValue", "SetValue", WORDS[edition]["close"]]
    time = ("cmi.core.session_time", "0001:02:05") if edition == OLD else ("cmi.session_time", "PT3725S")
    assert _sets(found)[-2:] == [(WORDS[edition]["place"], "p4"), time]


@pytest.mark.parametrize(
    ("kept", "told", "expected"),
    [
        ("passed", "failed", "passed"),
        ("passed", "incomplete", "passed"),
        ("completed", "failed", "completed"),
        ("failed", "incomplete", "failed"),
        ("failed", "passed", "passed"),
        ("not attempted", "incomplete", "incomplete"),
    ],
)
def test_a_status_is_never_lowered(play, kept, told, expected):
    found = play(OLD, ["open"], ["put", {"status": told}, "now"], kept={"cmi.core.lesson_status": kept})
    assert dict(_sets(found))["cmi.core.lesson_status"] == expected


def test_in_2004_a_status_is_two_words(play):
    found = play(NEW, ["open"], ["put", {"status": "failed"}, "now"])
    assert {("cmi.completion_status", "completed"), ("cmi.success_status", "failed")} <= set(_sets(found))


@pytest.mark.parametrize("edition", [OLD, NEW])
def test_no_score_is_told_before_there_is_one(play, edition):
    found = play(edition, ["open"], ["put", {}, "now"])
    assert not [name for name, _ in _sets(found) if "score" in name]
    found = play(edition, ["open"], ["put", {"score": 6666}, "now"])
    prefix = "cmi.core.score" if edition == OLD else "cmi.score"
    scores = [(f"{prefix}.min", "0"), (f"{prefix}.max", "100"), (f"{prefix}.raw", "66.66")]
    assert [pair for pair in _sets(found) if "score" in pair[0]] == scores + (
        [] if edition == OLD else [("cmi.score.scaled", "0.6666")]
    )


@pytest.mark.parametrize("mode", ["browse", "review"])
def test_a_view_without_grading_changes_nothing(play, mode):
    found = play(OLD, ["open"], ["put", {}, "now"], ["end"], kept={"cmi.core.lesson_mode": mode})
    assert found["said"] == [["Initialize"], ["Finish"]]
    assert found["states"] == ["silent"]


@pytest.mark.parametrize("refusal", ["Initialize", "throw"])
def test_without_an_lms_nothing_is_said_and_the_player_knows(play, refusal):
    assert play(OLD, ["open"], ["put", {}, "now"], ["end"], no_api=True) == {
        "said": [],
        "states": ["alone"],
        "problems": [""],
        "old": True,
    }
    found = play(OLD, ["refuse", refusal], ["open"], ["put", {}, "now"], ["end"])
    assert found["said"] == [["Initialize"]]
    assert (found["states"], found["problems"]) == (["alone"], ["launchAgain"])


INTERACTION = {"name": "q3", "verdict": "partly", "credit": "0.5", "weight": 2, "seconds": 65}
RESPONSES = [
    ("multiple", {"letters": ["a", "c"]}, ("choice", "a,c"), ("choice", "a[,]c")),
    ("true_false", {"truth": True}, ("true-false", "t"), ("true-false", "true")),
    ("order", {"letters": ["b", "a"]}, ("sequencing", "b,a"), ("sequencing", "b[,]a")),
    ("match", {"pairs": [["1", "b"], ["2", "a"]]}, ("matching", "1.b,2.a"), ("matching", "1[.]b[,]2[.]a")),
    ("numeric", {"texts": ["72,5"], "number": "72.5"}, ("numeric", "72.5"), ("numeric", "72.5")),
    ("text", {"texts": ["Gemeinwohl"]}, ("fill-in", "Gemeinwohl"), ("fill-in", "Gemeinwohl")),
    ("gaps", {"texts": ["a", "b"]}, ("fill-in", "a, b"), ("fill-in", "a[,]b")),
]


@pytest.mark.parametrize(("kind", "response", "old", "new"), RESPONSES, ids=[row[0] for row in RESPONSES])
def test_answers_are_told_in_each_standards_own_form(play, kind, response, old, new):
    for edition, (told_kind, told_response), answer in ((OLD, old, "student_response"), (NEW, new, "learner_response")):
        found = play(
            edition,
            ["open"],
            ["answer", {**INTERACTION, "kind": kind, "response": response}],
            ["flush"],
            kept={"cmi.interactions._count": "4"},
        )
        told = dict(_sets(found))
        assert next(iter(told)) == "cmi.interactions.4.id"
        assert told["cmi.interactions.4.type"] == told_kind
        assert told[f"cmi.interactions.4.{answer}"] == told_response
        assert told["cmi.interactions.4.result"] == "0.5"


def test_times_have_the_forms_that_lmss_accept(play):
    step = ["answer", {**INTERACTION, "kind": "single", "response": {"letters": ["a"]}}]
    old = dict(_sets(play(OLD, ["open"], step, ["flush"])))
    assert (old["cmi.interactions.0.time"], old["cmi.interactions.0.latency"]) == ("09:05:07", "0000:01:05")
    new = dict(_sets(play(NEW, ["open"], step, ["flush"])))
    assert new["cmi.interactions.0.timestamp"].endswith(".00Z")
    assert new["cmi.interactions.0.latency"] == "PT65S"
