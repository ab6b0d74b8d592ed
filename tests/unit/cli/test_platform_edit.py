"""An LMS moves its endpoints: the operator changes them one by one, and nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from lti_tool.db.engine import make_engine
from tests.unit.cli.test_commands import PLATFORM

NEW = "https://moodle.example.org/certs.php"


def addresses(complete):
    engine = make_engine(complete["DATABASE_URL"])
    with engine.connect() as connection:
        row = connection.execute(text("SELECT auth_login_url, auth_token_url, jwks_url FROM registration")).one()
    engine.dispose()
    return tuple(row)


def test_one_address_is_changed_and_the_others_stay(smartcity, complete):
    smartcity(*PLATFORM, **complete)
    before = addresses(complete)
    done = smartcity("platform", "edit", "1", "--jwks-url", NEW, **complete)
    assert (done.code, done.out) == (0, "Geändert: --jwks-url von Nummer 1.\n")
    assert addresses(complete) == (*before[:2], NEW)
    log = smartcity("audit", "list", **complete).out
    assert "platform.moved" in log
    assert "platform.connected" in log


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("7", "--jwks-url", NEW), "Es gibt kein LMS mit der Nummer 7."),
        (("1",), "Nennen Sie mindestens eine Adresse"),
        (("1", "--token-url", "http://moodle.example.org/token"), "--token-url: keine https-Adresse"),
    ],
)
def test_a_change_that_cannot_be_meant_is_refused(smartcity, complete, options, said):
    smartcity(*PLATFORM, **complete)
    before = addresses(complete)
    done = smartcity("platform", "edit", *options, **complete)
    assert (done.code, said in done.err) == (1, True)
    assert addresses(complete) == before
