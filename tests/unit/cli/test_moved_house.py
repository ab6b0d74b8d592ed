"""What the command line says after the tool got another address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from lti_tool.cli.acting import now
from lti_tool.cli.commands import smartcity
from lti_tool.cli.doctor.finding import Verdict
from lti_tool.cli.doctor.former_addresses import examine_former_addresses
from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.lti.errors import Unreachable
from lti_tool.lti.ports import Answer
from lti_tool.services.launches import Placement, StoreLaunch
from lti_tool.settings import load_settings
from tests.factories.launches import learner_launch
from tests.unit.cli.test_commands import PLATFORM

OLD = "https://old.example"


class FormerHost:
    """The former address as the command finds it."""

    def __init__(self, answer) -> None:
        self.answer = answer

    def send(self, method, url, **_):
        assert (method, url) == ("GET", f"{OLD}/lti/launch")
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def settings(complete):
    return {f"SMARTCITY_{name}": value for name, value in complete.items()}


@pytest.mark.parametrize(
    ("status", "path", "verdict", "words"),
    [
        (308, "/lti/launch", Verdict.GOOD, "leitet richtig weiter"),
        (301, "/lti/launch", Verdict.BAD, "dabei gehen Formulare verloren"),
        (308, "/", Verdict.BAD, "leitet nicht auf"),
        (200, None, Verdict.BAD, "leitet nicht auf"),
    ],
)
def test_a_former_address_must_send_everything_on(settings, status, path, verdict, words):
    known = load_settings({**settings, "SMARTCITY_FORMER_BASE_URLS": OLD})
    headers = {} if path is None else {"location": known.base_url + path}
    [found] = examine_former_addresses(known, FormerHost(Answer(status, headers, b"")))
    assert (found.verdict, words in found.found) == (verdict, True)


def test_a_former_address_that_is_gone_is_told(settings):
    known = load_settings({**settings, "SMARTCITY_FORMER_BASE_URLS": OLD})
    [found] = examine_former_addresses(known, FormerHost(Unreachable("no")))
    assert found.verdict is Verdict.BAD
    assert "antwortet nicht" in found.found


def test_an_lms_knows_the_new_address_once_somebody_has_launched_since(settings, complete):
    def check(since):
        words = ["base-url", "check", "--since", f"{since:%Y-%m-%dT%H:%M}"]
        done = CliRunner(env=settings).invoke(smartcity, words, prog_name="smartcity")
        return done.exit_code, done.output

    CliRunner(env=settings).invoke(smartcity, PLATFORM)
    code, told = check(now())
    assert (code, "in den letzten Stunden keine Anmeldung" in told) == (1, True)
    assert f"Anmeldung (Initiate login): {settings['SMARTCITY_BASE_URL']}/lti/login" in told
    engine = make_engine(complete["DATABASE_URL"])
    with make_sessions(engine).begin() as session:
        StoreLaunch(session, now).store(learner_launch(1), Placement("module", "datenrecht", "de"))
    engine.dispose()
    code, told = check(now() - timedelta(days=2))
    assert (code, "es kennt die neue Adresse" in told, "Einzutragen" in told) == (0, True, False), told
    code, told = check(now() + timedelta(days=2))
    assert (code, "vor dem Umzug" in told, "Einzutragen" in told) == (1, True, True)
