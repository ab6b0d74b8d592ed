"""A graduation evening: everybody's certificate in a folder, once, also when it was stopped in the middle."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

import lti_tool
from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import IssuedProof, LtiUser, ModuleProgress
from lti_tool.domain.ids import new_id
from tests.functional.conftest import Internet, SettableClock, register_platform

RULE = """\
id: lotse
title: Smart City Lotse – Musterlehrgang
summary: Zum Testen.
issuer: Akademie Musterstadt (fiktiv)
rule: Ein Modul ist bestanden.
required: [datenrecht]
"""


class Evening:
    """The command with its surroundings."""

    def __init__(self, database_url: str, folder: Path) -> None:
        content = folder / "content"
        shutil.copytree(Path(lti_tool.__file__).parent / "content", content)
        (content / "certifications" / "lotse.yaml").write_text(RULE, "utf-8")
        self.folder = folder / "urkunden"
        self.platform = register_platform(database_url, SettableClock(), Internet())
        self.sessions = make_sessions(make_engine(database_url))
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("SMARTCITY_")} | {
            "SMARTCITY_BASE_URL": "https://tool.example",
            "SMARTCITY_DATABASE_URL": database_url,
            "SMARTCITY_SECRET_KEY": "a secret only for tests, long enough",
            "SMARTCITY_CONTENT_DIR": str(content),
        }

    def enrol(self, *names: str | None, passed: bool = True) -> None:
        now = datetime.now(UTC)
        with self.sessions.begin() as session:
            for name in names:
                user = LtiUser(
                    registration_id=self.platform.registration_id,
                    id=new_id(),
                    subject=str(new_id()),
                    name=name,
                    created_at=now,
                )
                session.add(user)
                session.flush()
                session.add(
                    ModuleProgress(
                        registration_id=user.registration_id,
                        user_id=user.id,
                        module_id="datenrecht",
                        passed_at=now if passed else None,
                        updated_at=now,
                    )
                )

    def start(self, course: str = "lotse") -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "lti_tool.cli", "certificate", "batch", course]
        command += ["--platform", str(self.platform.registration_id), "--folder", str(self.folder)]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
        )

    def run(self, course: str = "lotse") -> tuple[int, str, str]:
        process = self.start(course)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def issued(self) -> int:
        with self.sessions() as session:
            return session.scalar(select(func.count()).select_from(IssuedProof)) or 0

    def files(self) -> list[Path]:
        return sorted(self.folder.iterdir())


@pytest.fixture
def evening(database_url, tmp_path):
    running = Evening(database_url, tmp_path)
    yield running
    running.sessions.kw["bind"].dispose()


def test_everybody_who_has_earned_it_gets_a_certificate_once(evening):
    evening.enrol("Ada Lovelace", "Grace Hopper", None, "漢字")
    evening.enrol("Noch Unterwegs", passed=False)
    code, out, err = evening.run()
    assert code == 0, err
    assert "4 von 4" in out
    assert "2-mal geschrieben" in out
    assert "1-mal ohne Namen: Das LMS schickt keinen" in out
    assert "1-mal Name mit Zeichen, die die Urkunde nicht abbilden kann" in out
    before = {path: path.read_bytes() for path in evening.files()}
    assert len(before) == evening.issued() == 2
    assert all(content.startswith(b"%PDF") for content in before.values())
    _, out, _ = evening.run()
    assert "2-mal lag schon da" in out
    evening.files()[0].unlink()
    evening.run()
    assert {path: path.read_bytes() for path in evening.files()} == before, "the same file, byte for byte"
    assert evening.issued() == 2
    with evening.sessions() as session:
        assert set(session.scalars(select(IssuedProof.holder_name))) == {None}, "names are not stored"


def test_killed_in_the_middle_it_goes_on_without_duplicates(evening):
    evening.enrol(*(f"Person {number}" for number in range(60)))
    process = evening.start()
    assert process.stdout is not None
    assert process.stdout.readline() == "25 von 60\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    code, out, err = evening.run()
    assert code == 0, err
    assert "60 von 60" in out
    assert len(evening.files()) == evening.issued() == 60
    assert {path.suffix for path in evening.files()} == {".pdf"}


def test_a_course_that_is_none_is_told(evening):
    code, _, err = evening.run("koenig")
    assert code == 1
    assert "Den Lehrgang koenig gibt es nicht: manager, lotse" in err
