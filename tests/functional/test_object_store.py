"""Files that people hand in lie in an object store: a real server, and what happens when it is away or has lost some."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from lti_tool.cli.commands import smartcity
from lti_tool.db.models import DoomedFile, UploadedFile
from lti_tool.storage.errors import Fault, StoreFailed
from lti_tool.worker.erasing import FileRemoval
from tests.factories.content import content_with_all_kinds
from tests.factories.files import PDF, PNG
from tests.factories.plain_content import PLAIN_CONTENT
from tests.factories.visit import BASE_URL
from tests.functional.conftest import running_tool
from tests.functional.test_class_page import sessions
from tests.functional.test_question_kinds import AS_ASSIGNMENT, attempt_of, begin, save, upload
from tests.object_store import BUCKET, running_object_store, s3_settings, store_at
from tests.unit.storage.test_s3 import serving

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def server():
    with running_object_store() as running:
        yield running


@pytest.fixture
def store(server):
    yield server
    server.empty()


@pytest.fixture
def house(database_url, tmp_path, monkeypatch):
    """Settings for commands and for the tool, and a function that runs the tool with more of them."""
    settings = {
        "SMARTCITY_BASE_URL": BASE_URL,
        "SMARTCITY_DATABASE_URL": database_url,
        "SMARTCITY_SECRET_KEY": "a secret only for tests, long enough",
        "SMARTCITY_CONTENT_DIR": str(content_with_all_kinds(tmp_path / "content")),
        "SMARTCITY_FILES_DIR": str(tmp_path / "files"),
    }

    class House:
        folder = tmp_path / "files"

        def running(self, **more):
            return running_tool(database_url, **{**settings, **more})

        def type(self, *words, **more):
            done = CliRunner(env={**settings, **more}).invoke(smartcity, words, prog_name="smartcity")
            return done.exit_code, done.output

        def in_folder(self):
            return {
                str(path.relative_to(self.folder)): path.read_bytes()
                for path in self.folder.rglob("*")
                if path.is_file()
            }

    return House()


def download(visit):
    return visit.client.get(f"{attempt_of(visit)}/files/skizze", base_url=BASE_URL)


def rows(tool, table):
    with sessions(tool)() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_file_is_kept_given_back_replaced_and_erased_there(house, store):
    with house.running(**store.settings) as tool:
        visit = begin(tool, AS_ASSIGNMENT, name="Kim Klar", sub="kim-klar")
        upload(visit, PDF, name="Kim Klar.pdf")
        [(key, held)] = store.objects().items()
        assert held == PDF
        assert "kim" not in key.lower()
        assert download(visit).data == PDF
        upload(visit, PNG, name="neu.png")
        assert list(store.objects().values()) == [PNG], "the one before is gone at once"
        assert download(visit).data == PNG
        assert rows(tool, DoomedFile) == 0
        visit.go("my-data/erase")
        visit.press("Endgültig löschen", sure="yes", proofs="keep")
        assert store.objects() == {}
    assert house.in_folder() == {}


def test_a_store_that_is_away_costs_nothing_but_this_file(house, tmp_path):
    with house.running(**s3_settings(NOWHERE), SMARTCITY_FILES_STORE="s3") as tool:
        visit = begin(tool, AS_ASSIGNMENT)
        page = upload(visit, PDF)
        assert (page.status_code, page.headers["Retry-After"]) == (503, "60")
        assert "Der Speicher für abgegebene Dateien ist gerade nicht erreichbar." in visit.text
        assert rows(tool, UploadedFile) == 0
        assert rows(tool, DoomedFile) == 1, "should the store have taken it after all, it goes"


def test_nobody_waits_for_a_store_that_takes_its_time(house):
    asked, answered = Event(), Event()

    def slowly():
        asked.set()
        answered.wait(20)
        return 200, b""

    with serving((200, b"")) as slow:
        slow.next = slowly
        with house.running(**s3_settings(slow.address), SMARTCITY_FILES_STORE="s3") as tool:
            visit, other = begin(tool, AS_ASSIGNMENT, sub="1"), begin(tool, sub="2")
            sending = Thread(target=upload, args=(visit, PDF))
            sending.start()
            assert asked.wait(20)
            assert save(other, "zahl", ["72"]).status_code == 200, "no lock is held"
            answered.set()
            sending.join()
            assert visit.page.status_code == 200
            assert (rows(tool, UploadedFile), rows(tool, DoomedFile)) == (1, 0)


def test_what_was_stored_but_never_kept_goes_by_itself_and_nothing_else(house, store):
    with house.running(**store.settings) as tool:
        visit = begin(tool, AS_ASSIGNMENT)
        upload(visit, PDF)
        [kept] = store.objects()
        stray = f"{tool.platform.registration_id}/{'e' * 32}"
        store.client.put_object(Bucket=BUCKET, Key=stray, Body=b"the tool died before it could keep this")
        with sessions(tool).begin() as session:
            number = tool.platform.registration_id
            later = tool.clock() + timedelta(minutes=10)
            session.add(DoomedFile(registration_id=number, key=stray, noted_at=later))
        removal = FileRemoval(sessions(tool), tool.clock, store_at(store.address))
        removal()
        assert set(store.objects()) == {kept, stray}, "it may still be on its way"
        tool.clock.turn(minutes=12)
        removal()
        assert set(store.objects()) == {kept}
        assert rows(tool, DoomedFile) == 0


def test_a_lost_or_changed_file_is_told_as_lost_and_not_as_a_store_that_is_away(house, store):
    with house.running(**store.settings) as tool:
        visit = begin(tool, AS_ASSIGNMENT)
        upload(visit, PDF)
        [key] = store.objects()
        store.client.put_object(Bucket=BUCKET, Key=key, Body=PDF + b" changed")
        assert download(visit).status_code == 410
        store.client.delete_object(Bucket=BUCKET, Key=key)
        answer = download(visit)
        assert answer.status_code == 410
        assert "Diese Datei liegt nicht mehr unversehrt im Speicher." in answer.text


def test_files_move_to_the_store_and_back_while_the_tool_runs(house, store):
    with house.running(**s3_settings(store.address)) as tool:
        visits = [begin(tool, AS_ASSIGNMENT, sub=str(number)) for number in range(3)]
        for visit in visits[:2]:
            upload(visit, PDF)
    assert len(house.in_folder()) == 2
    assert store.objects() == {}
    code, told = house.type("files", "move", "--to", "s3", **s3_settings(store.address))
    assert (code, "SMARTCITY_FILES_STORE=s3" in told) == (1, True), "not before new files go there"
    with house.running(**store.settings) as tool:
        again = begin(tool, AS_ASSIGNMENT, sub="9")
        upload(again, PNG)
        code, told = house.type("files", "move", "--to", "s3", **{**store.settings, **s3_settings(NOWHERE)})
        assert (code, "derselbe Befehl macht weiter" in told, len(house.in_folder())) == (1, True, 2)
        code, told = house.type("files", "move", "--to", "s3", **store.settings)
        assert (code, "Umgezogen: 2, schon dort und geprüft: 1" in told) == (0, True), told
        assert (house.in_folder(), sorted(store.objects().values())) == ({}, sorted([PDF, PDF, PNG]))
        assert download(again).data == PNG
    code, told = house.type("files", "move", "--to", "folder", **s3_settings(store.address))
    assert (code, "Umgezogen: 3" in told) == (0, True), told
    assert (store.objects(), len(house.in_folder())) == ({}, 3)


def test_a_damaged_file_is_named_and_left_where_it_is(house, store):
    with house.running(**s3_settings(store.address)) as tool:
        upload(begin(tool, AS_ASSIGNMENT), PDF)
    [name] = house.in_folder()
    (house.folder / name).write_bytes(b"rotten")
    code, told = house.type("files", "move", "--to", "s3", **store.settings)
    assert (code, name in told) == (1, True)
    assert (house.in_folder(), store.objects()) == ({name: b"rotten"}, {})


def test_a_backup_takes_the_objects_along_and_brings_them_back(house, store, tmp_path):
    with house.running(**store.settings) as tool:
        upload(begin(tool, AS_ASSIGNMENT), PDF)
    archive, held = str(tmp_path / "backup.tar"), store.objects()
    away = {**store.settings, **s3_settings(NOWHERE)}
    code, told = house.type("backup", "create", archive, **away)
    assert (code, "Objektspeicher" in told) == (1, True), "never an archive without files that are only away"
    assert house.type("backup", "create", archive, **store.settings)[0] == 0
    store.empty()
    code, told = house.type("backup", "restore", archive, "--replace", **store.settings)
    assert (code, store.objects()) == (0, held), told


def test_a_server_that_checks_signatures_and_rights_knows_the_key(server):
    with server.guarded() as (access_key, secret):
        store = store_at(server.address, access_key, secret)
        store.put("7/signed", b"checked by another hand")
        assert store.get("7/signed") == b"checked by another hand"
        with pytest.raises(StoreFailed) as refused:
            store.delete("7/signed")
        assert refused.value.fault is Fault.RIGHTS, "this key may only read and write"
        with pytest.raises(StoreFailed) as refused:
            store_at(server.address, access_key, "another secret").get("7/signed")
        assert refused.value.fault is Fault.KEYS
    server.empty()


def test_the_doctor_writes_reads_and_deletes_a_probe_and_says_what_to_mend(store, tmp_path):
    settings = {
        "SMARTCITY_BASE_URL": BASE_URL,
        "SMARTCITY_DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3",
        "SMARTCITY_SECRET_KEY": "a secret only for tests, long enough",
        "SMARTCITY_CONTENT_DIR": str(PLAIN_CONTENT),
        **store.settings,
    }

    def doctor(**more):
        return CliRunner(env={**settings, **more}).invoke(smartcity, ["doctor"], prog_name="smartcity").output

    good = doctor()
    assert "Im Objektspeicher lässt sich schreiben, lesen und löschen." in good
    assert "Versionen" not in good
    assert store.objects() == {}
    wrong = doctor(SMARTCITY_S3_BUCKET="another-bucket")
    assert "Im Objektspeicher lässt sich nicht schreiben (404 NoSuchBucket)." in wrong
    assert "Legen Sie den Bucket an" in wrong
    versions = {"Bucket": BUCKET, "VersioningConfiguration": {"Status": "Enabled"}}
    store.client.put_bucket_versioning(**versions)
    assert "Der Bucket bewahrt Versionen auf" in doctor()
    store.client.put_bucket_versioning(**{**versions, "VersioningConfiguration": {"Status": "Suspended"}})
