"""A backup is made while the tool runs, proves itself, and brings everything back: launches, answers, files, grades."""

from __future__ import annotations

from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select

from lti_tool.cli.backup.archive import STREAM
from lti_tool.cli.backup.creation import create_backup, stream_backup
from lti_tool.cli.backup.restoring import restore_backup, verify_backup
from lti_tool.cli.german import CommandFailed
from lti_tool.db.models import AuditEntry, LtiUser, ScoreDelivery, UploadedFile
from lti_tool.domain.scores import Delivery
from tests.factories.content import content_with_all_kinds
from tests.factories.files import PDF, PNG
from tests.functional.conftest import BASE_URL, running_tool
from tests.functional.test_class_page import sessions
from tests.functional.test_grade_states import Lms
from tests.functional.test_question_kinds import AS_ASSIGNMENT, begin, upload
from tests.functional.test_quiz_pages import QUIZ

ALL = len(QUIZ.questions)
SECRET = "a secret only for tests, long enough"


@pytest.fixture
def house(database_url, tmp_path, monkeypatch):
    """Settings for commands and for the tool, which is run as often as a test likes."""
    content = content_with_all_kinds(tmp_path / "content")
    settings = {"SMARTCITY_CONTENT_DIR": str(content), "SMARTCITY_FILES_DIR": str(tmp_path / "files")}
    for name, value in {
        "SMARTCITY_BASE_URL": BASE_URL,
        "SMARTCITY_DATABASE_URL": database_url,
        "SMARTCITY_SECRET_KEY": SECRET,
        **settings,
    }.items():
        monkeypatch.setenv(name, value)
    return House(database_url, settings, tmp_path)


class House:
    def __init__(self, database_url: str, settings: dict[str, str], folder: Path) -> None:
        self.database_url = database_url
        self.settings = settings
        self.archive = folder / "backup.tar"

    @contextmanager
    def running(self, **settings: str):
        with running_tool(self.database_url, **self.settings, **settings) as tool:
            yield tool

    def back_up(self) -> str:
        return "\n".join(create_backup(self.archive))

    def restore(self, *, replace: bool = True) -> str:
        return "\n".join(restore_backup(self.archive, replace=replace))


def refusal(lines) -> str:
    with pytest.raises(CommandFailed) as caught:
        list(lines)
    return caught.value.format_message()


def test_files_and_answers_come_back_into_an_empty_place(house, empty_database_url, tmp_path, monkeypatch):
    with house.running() as tool:
        visit = begin(tool, AS_ASSIGNMENT)
        upload(visit, PDF)
        house.back_up()
        landing, cookies = visit.landing, visit.client
    monkeypatch.setenv("SMARTCITY_DATABASE_URL", empty_database_url)
    monkeypatch.setenv("SMARTCITY_FILES_DIR", str(tmp_path / "elsewhere"))
    assert "Unbeschädigt" in "\n".join(verify_backup(house.archive))
    told = house.restore(replace=False)
    assert "Wiederhergestellt ist der Stand vom" in told
    assert (house.archive.stat().st_mode & 0o777) == 0o600, "nobody but the service reads it"
    house.database_url = empty_database_url
    with house.running() as tool:
        again = tool.browser()
        again._cookies = cookies._cookies
        page = again.get(landing, base_url=BASE_URL, follow_redirects=True)
        assert page.status_code == 200, "the session goes on"
        with sessions(tool)() as session:
            [row] = session.scalars(select(UploadedFile))
            assert (tmp_path / "elsewhere" / row.key).read_bytes() == PDF
            assert session.scalars(select(AuditEntry.action)).all()[-1] == "backup.restored"
        upload(begin(tool, AS_ASSIGNMENT, sub="6"), PNG)


def test_a_backup_goes_through_a_pipe_and_back(house, empty_database_url, tmp_path, monkeypatch, capfdbinary):
    with house.running() as tool:
        upload(begin(tool, AS_ASSIGNMENT), PDF)
        capfdbinary.readouterr()
        told = "\n".join(stream_backup())
    made = capfdbinary.readouterr().out
    assert "Sicherung ausgegeben, Datenbank, Dateien: 1" in told
    monkeypatch.setenv("SMARTCITY_DATABASE_URL", empty_database_url)
    monkeypatch.setenv("SMARTCITY_FILES_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(made)))
    assert "Wiederhergestellt ist der Stand vom" in "\n".join(restore_backup(STREAM, replace=False))
    house.database_url = empty_database_url
    with house.running() as tool, sessions(tool)() as session:
        assert (tmp_path / "elsewhere" / session.scalars(select(UploadedFile.key)).one()).read_bytes() == PDF


def test_every_file_that_the_backup_knows_is_in_it_though_files_are_replaced_all_the_time(house, tmp_path):
    with house.running() as tool:
        visits = [begin(tool, AS_ASSIGNMENT, sub=str(number)) for number in range(3)]
        for visit in visits:
            upload(visit, PDF)
        for number, told in enumerate(create_backup(house.archive)):
            assert "Achtung" not in told
            for visit in visits:  # before the files are copied, and again while the database is held still
                upload(visit, (PNG, PDF)[number % 2])
                assert visit.page.status_code == 200
    for path in sorted((tmp_path / "files").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    house.restore()
    engine = create_engine(house.database_url)
    with engine.connect() as connection:
        rows = connection.execute(select(UploadedFile.key, UploadedFile.digest)).all()
    engine.dispose()
    assert len(rows) == 3
    assert all(sha256((tmp_path / "files" / key).read_bytes()).hexdigest() == digest for key, digest in rows)


def test_a_file_that_was_lost_before_is_told_and_stops_nothing(house, tmp_path):
    with house.running() as tool:
        upload(begin(tool, AS_ASSIGNMENT), PDF)
        [path] = (path for path in (tmp_path / "files").rglob("*") if path.is_file())
        path.unlink()
        assert "beschädigt sind: 1." in house.back_up()


def test_grades_sent_after_the_backup_are_neither_sent_twice_nor_overwritten(house):
    house.settings = {}
    with house.running() as tool:
        lms = Lms(tool)
        lms.hand_in(1, sub="5", name="Lea")
        lms.work()
        lms.hand_in(1, sub="6", name="Tom")
        lms.hand_in(2, sub="7", name="Uwe")
        house.back_up()
        for subject in ("5", "6", "8"):
            lms.hand_in(ALL, sub=subject, name=f"Person {subject}")
        lms.work()
    assert [lms.share(subject) for subject in ("5", "6", "8")] == [1, 1, 1]
    assert len(lms.column.grades["7"]) == 1

    house.restore()
    with house.running() as tool:
        tool.clock.now = lms.tool.clock.now
        later = Lms(tool)
        later.services, later.url, later.endpoint = lms.services, lms.url, lms.endpoint
        later.work()
        assert len(lms.column.grades["7"]) == 1, "it is there already"
        assert state(tool, "7") == (Delivery.SENT, None)
        assert (lms.share("6"), state(tool, "6")) == (1, (Delivery.FAILED, "ags.changed_in_lms"))
        for subject, right in (("5", 2), ("8", 2), ("9", 2)):
            later.hand_in(right, sub=subject, name=f"Person {subject}")
        later.work()
        assert (lms.share("5"), state(tool, "5")) == (1, (Delivery.FAILED, "ags.changed_in_lms"))
        assert (lms.share("8"), state(tool, "8")) == (1, (Delivery.FAILED, "ags.changed_in_lms"))
        assert 0 < lms.share("9") < 1, "who has nothing there gets the grade"
        later.hand_in(ALL, sub="9", name="Person 9")
        later.work()
        assert lms.share("9") == 1, "and a better one"


def state(tool, subject):
    with sessions(tool)() as session:
        row = session.execute(
            select(ScoreDelivery.state, ScoreDelivery.reason)
            .join(LtiUser, LtiUser.id == ScoreDelivery.user_id)
            .where(LtiUser.subject == subject)
        ).one()
    return Delivery(row.state), row.reason


def test_what_does_not_fit_is_refused_before_anything_changes(house, monkeypatch):
    with house.running() as tool:
        tool.launch_as()
        house.back_up()
        assert "in Gebrauch" in refusal(restore_backup(house.archive, replace=True))
    assert "gibt es schon" in refusal(create_backup(house.archive))
    assert "nicht leer" in refusal(restore_backup(house.archive, replace=False))
    whole = house.archive.read_bytes()
    with monkeypatch.context() as other:
        other.setenv("SMARTCITY_SECRET_KEY", "another secret only for tests, long enough")
        assert "anderen SMARTCITY_SECRET_KEY" in refusal(restore_backup(house.archive, replace=True))
        other.setenv("SMARTCITY_SECRET_KEY", SECRET)
        kind = "postgresql" if house.database_url.startswith("sqlite") else "sqlite"
        house.archive.write_bytes(whole.replace(*_swapped_kind(whole, kind)))
        assert "derselben Art" in refusal(restore_backup(house.archive, replace=True))
    middle = whole.index(b"database.") + 2000
    house.archive.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    for attempt in (verify_backup(house.archive), restore_backup(house.archive, replace=True)):
        assert "beschädigt" in refusal(attempt)
    house.archive.write_bytes(whole[: len(whole) // 2])
    assert "abgeschnitten" in refusal(verify_backup(house.archive))
    house.archive.write_bytes(b"something else")
    assert "keine Sicherung" in refusal(verify_backup(house.archive))
    with house.running() as tool, sessions(tool)() as session:
        assert session.scalar(select(func.count()).select_from(LtiUser)) == 1
        assert "backup.restored" not in session.scalars(select(AuditEntry.action)).all()


def test_a_place_that_cannot_be_looked_at_is_told_in_one_sentence(house, tmp_path):
    with house.running():
        assert "lässt sich nicht schreiben" in refusal(create_backup(tmp_path / ("x" * 300)))
    assert "lässt sich nicht lesen" in refusal(verify_backup(tmp_path))


def _swapped_kind(whole: bytes, kind: str) -> tuple[bytes, bytes]:
    """The manifest with another kind and the same length."""
    start = whole.index(b'"kind": "')
    end = whole.index(b"\n", whole.index(b'"server"', start))
    old = whole[start:end]
    new = f'"kind": "{kind}", "server": "1",'.encode()
    return old, new + b" " * (len(old) - len(new))


def test_an_unfinished_backup_leaves_nothing_under_its_name(house, tmp_path, monkeypatch):
    with house.running():
        monkeypatch.setenv("SMARTCITY_DATABASE_URL", f"sqlite:///{tmp_path}/no-tables.sqlite3")
        (tmp_path / "no-tables.sqlite3").touch()
        assert "Datenbank" in refusal(create_backup(house.archive))
    assert [path for path in tmp_path.iterdir() if "backup" in path.name] == []
