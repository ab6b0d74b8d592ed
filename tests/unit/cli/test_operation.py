"""What the operator's console does, typed: keys, links, platforms, towns, merged identities."""

from __future__ import annotations

import re

import pytest

from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.services.launches import Placement, StoreLaunch
from tests.factories.launches import learner_launch
from tests.unit.cli.test_commands import PLATFORM


@pytest.fixture
def ready(smartcity, complete):
    """A platform, and a function that types a command and returns what it says."""
    assert smartcity(*PLATFORM, **complete).code == 0

    def type_(*words):
        done = smartcity(*words, **complete)
        return done.out if done.code == 0 else f"{done.code}: {done.err}"

    return type_


def test_keys_are_rotated_once_and_then_brought_forward(ready):
    assert "Noch gibt es keinen Schlüssel" in ready("keys", "list")
    assert "ist veröffentlicht und unterschreibt ab" in ready("keys", "rotate")
    assert ready("keys", "rotate").startswith("1: Fehler: Ein nächster Schlüssel ist schon veröffentlicht.")
    assert "ist veröffentlicht" in ready("keys", "rotate", "--now")
    listed = ready("keys", "list").splitlines()
    assert [re.search(r"  (\D+) \d\d\.", line)[1] for line in listed] == [
        "unterschreibt seit",
        "nächster, unterschreibt ab",
    ]


@pytest.mark.parametrize("command", [["worker"], ["serve"], ["keys", "rotate"]])
def test_k3_nothing_starts_with_another_secret_key(smartcity, complete, ready, command):
    ready("keys", "rotate")
    done = smartcity(*command, **{**complete, "SECRET_KEY": "x" * 40, "BIND": "127.0.0.1:0"})
    assert done.code != 0
    assert "passen nicht zu SMARTCITY_SECRET_KEY" in done.err


def test_a_link_is_an_address_of_the_tool(ready):
    assert re.match(r"https://lernen\.example\.org/operator/enter/[\w-]{32}\n", ready("operator", "link"))
    assert "--expires" in ready("operator", "link", "--expires", "15")
    assert "--expires" in ready("operator", "link", "--expires", "0m")


def test_a_platform_is_paused_resumed_and_its_deployments_decided_about(ready):
    assert ready("platform", "pause", "1") == "LMS 1 ist angehalten.\n"
    assert "ausgeschaltet" in ready("platform", "list")
    assert "läuft wieder" in ready("platform", "resume", "1")
    assert "Deployment 2 von LMS 1 ist abgelehnt." in ready("platform", "decline", "1", "2")
    assert "2 (nicht freigegeben)" in ready("platform", "list")
    assert "freigegeben" in ready("platform", "approve", "1", "2")
    assert "gesendet werden: 0" in ready("platform", "resend", "1")
    assert ready("platform", "pause", "99").startswith("1: Fehler: Unter dieser Nummer")
    log = ready("audit", "list")
    assert re.findall(r"command_line  (\S+?),", log)[::-1][:3] == [
        "platform.connected",
        "platform.paused",
        "platform.resumed",
    ]


def test_a_town_is_found_and_renamed(ready):
    assert "1  Stadt Olpe: 1 LMS, 0 angehalten" in ready("town", "list", "olpe")
    assert "Kreisstadt Olpe" in ready("town", "rename", "1", "Kreisstadt Olpe")
    assert ready("town", "list", "Siegen") == "Nichts gefunden.\n"


def test_identities_are_merged_and_parted(ready, complete):
    engine = make_engine(complete["DATABASE_URL"])
    for subject in ("old", "new"):
        with make_sessions(engine).begin() as session:
            from lti_tool.cli.acting import now

            placement = Placement("module", "datenrecht", "de")
            StoreLaunch(session, now).store(learner_launch(1, subject=subject), placement)
    engine.dispose()
    assert "noch nie" in ready("identity", "merge", "--registration", "1", "--from", "old", "--to", "nobody")
    assert "Zusammengeführt." in ready("identity", "merge", "--registration", "1", "--from", "old", "--to", "new")
    assert "old -> new" in ready("identity", "list", "--registration", "1")
    assert "rückgängig gemacht." in ready("identity", "undo", "--registration", "1")
    assert ready("identity", "undo", "--registration", "1").startswith("1: Fehler: Für dieses LMS")
