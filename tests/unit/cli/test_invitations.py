"""What an operator types to invite a municipality, and what comes back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from lti_tool.db.engine import make_engine

CREATE = ("invite", "create", "--municipality", "Stadt  Olpe")


def test_an_invitation_shows_its_address_once_and_stores_only_a_hash(smartcity, complete):
    made = smartcity(*CREATE, "--private-host", "Moodle.Intern.Example", **complete)
    assert made.code == 0, made.err
    assert "Einladung 1 für Stadt Olpe, gültig bis " in made.out
    token = re.search(r"https://lernen\.example\.org/register/([\w-]{32})\?lti=1\.3\n", made.out)[1]
    assert f"/register/{token}/manual" in made.out
    engine = make_engine(complete["DATABASE_URL"])
    with engine.connect() as connection:
        stored = str(connection.execute(text("SELECT * FROM invitation")).all())
    engine.dispose()
    assert token not in stored
    listed = smartcity("invite", "list", **complete).out
    assert "1  Stadt Olpe, offen, gültig bis " in listed
    assert "Hausnetz: moodle.intern.example" in listed
    assert token not in listed


def test_an_invitation_can_be_revoked_once(smartcity, complete):
    smartcity(*CREATE, "--expires", "12h", **complete)
    assert smartcity("invite", "revoke", "1", **complete).out == "Einladung 1 ist zurückgezogen.\n"
    assert "zurückgezogen" in smartcity("invite", "list", **complete).out
    again = smartcity("invite", "revoke", "1", **complete)
    assert (again.code, again.err) == (
        1,
        "Fehler: Es gibt keine offene Einladung 1. Alle zeigt: smartcity invite list\n",
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--expires", "soon"), "--expires soon: Schreiben Sie zum Beispiel 14d"),
        (("--expires", "0d"), "--expires 0d"),
        (("--expires", "91d"), "höchstens 90d"),
        (("--private-host", "https://moodle.intern"), "--private-host https://moodle.intern: Nennen Sie nur"),
        (("--private-host", "moodle.intern:8443"), "ohne https:// und Port"),
    ],
)
def test_an_option_that_makes_no_sense_is_explained(smartcity, complete, options, said):
    done = smartcity(*CREATE, *options, **complete)
    assert (done.code, said in done.err) == (1, True)


def test_without_invitations_the_list_says_how_to_make_one(smartcity, complete):
    assert "smartcity invite create --help" in smartcity("invite", "list", **complete).out
