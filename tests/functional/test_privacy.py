"""What is held of a person: told on a page, taken along, erased without a trace, and gone by itself in time."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import String, cast, func, select, update

from lti_tool.db.base import Base
from lti_tool.db.models import (
    Attempt,
    AuditEntry,
    DoomedFile,
    IdeaPicture,
    IssuedProof,
    KeptStatistic,
    LtiUser,
    ModuleProgress,
    Municipality,
    Registration,
    Review,
    RosterMember,
    ScoreDelivery,
)
from lti_tool.domain.errors import Code, Refusal
from lti_tool.services.audit import Who
from lti_tool.services.kept_statistics import KeptStatistics
from lti_tool.services.personal_data import HOLDINGS, PersonalData
from lti_tool.services.privacy import Privacy
from lti_tool.services.proofs import PublicProofs
from lti_tool.services.retention import BATCH, Retention
from lti_tool.services.town_closing import TownClosing
from lti_tool.worker.erasing import FileRemoval, NightlyErasure
from tests.factories.id_token import LEAVE_OUT
from tests.factories.visit import BASE_URL, Visit
from tests.factories.whole_person import Registry
from tests.functional.conftest import register_platform, running_tool
from tests.functional.test_platform_page import enter

SUBJECT, NAME = "sub-of-kim-4711", "Kim Unverwechselbar"


@pytest.fixture
def tool(database_url, tmp_path):
    with running_tool(database_url, SMARTCITY_FILES_DIR=str(tmp_path / "files")) as running:
        yield running


@pytest.fixture
def extension(tool):
    return tool.app.extensions["smartcity"]


@pytest.fixture
def other(tool):
    client = tool.browser()
    return Visit(client, tool.launch_as(client, sub="other", name="Alex Andere"))


@pytest.fixture
def kim(tool, extension, other):
    """Somebody with a row in every table and a file, and the tab they are in."""
    client = tool.browser()
    visit = Visit(client, tool.launch_as(client, sub=SUBJECT, name=NAME))
    key = f"{tool.platform.registration_id}/{'a' * 32}"
    extension.files.put(key, b"what Kim wrote")
    with extension.sessions.begin() as session:
        registry = Registry(session, tool.platform.registration_id, tool.clock())
        registry.surroundings()
        visit.user_id = registry.person(SUBJECT, NAME, marked_by="other", file_key=key)
    return visit


def person(session, tool):
    return PersonalData(session).by_subject(tool.platform.registration_id, SUBJECT)


def traces(session, *words):
    """Table and column of every value that holds one of these words, in the whole database."""
    forms = {form for word in words for form in (word, word.replace("-", "") if len(word) == 36 else word)}
    return sorted(
        {
            f"{table.name}.{column.name}"
            for table in Base.metadata.sorted_tables
            for column in table.columns
            for form in forms
            if session.scalar(
                select(func.count()).select_from(table).where(cast(column, String).contains(form, autoescape=True))
            )
        }
    )


def files(tool):
    return [path for path in tool.settings.files_dir.rglob("*") if path.is_file()]


def test_somebody_in_every_table_vanishes_from_all_of_them_and_from_the_files(tool, extension, kim):
    with extension.sessions() as session:
        held = {holding.table for holding, _ in PersonalData(session).rows(person(session, tool))}
        assert held == {holding.table for holding in HOLDINGS} - {"identity_merge"}, "the test knows every table"
        assert len(traces(session, SUBJECT, NAME, str(kim.user_id))) > 15
    kim.go("my-data/erase")
    kim.press("Endgültig löschen", sure="yes", proofs="keep")
    assert "Ihre Daten sind gelöscht" in kim.text
    with extension.sessions() as session:
        assert traces(session, SUBJECT, NAME, str(kim.user_id)) == []
        assert session.scalars(select(Review.comment)).all() == ["a remark about somebody else"]
        assert session.scalars(select(DoomedFile)).all() == []
        receipt = session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "person.erased")).one()
    assert receipt in kim.text
    assert files(tool) == []


def test_a_later_launch_starts_from_nothing_and_the_old_tab_is_over(tool, extension, kim):
    landing = kim.landing
    kim.go("my-data/erase")
    kim.press("Endgültig löschen", sure="yes", proofs="keep")
    assert kim.go(landing).status_code in {401, 403}
    client = tool.browser()
    again = Visit(client, tool.launch_as(client, sub=SUBJECT, name=NAME))
    again.go("my-data/")
    assert "Versuche mit Ergebnis" not in again.page.text.partition("<details")[0]
    with extension.sessions() as session:
        assert person(session, tool).user_ids != (kim.user_id,)


@pytest.mark.parametrize(("choice", "revoked"), [("keep", False), ("withdraw", True)])
def test_proofs_stay_verifiable_without_a_name_or_are_withdrawn(tool, extension, kim, choice, revoked):
    kim.go("my-data/erase")
    kim.press("Endgültig löschen", sure="yes", proofs=choice)
    with extension.sessions() as session:
        proof = PublicProofs(session).find("p" * 22)
        row = session.scalars(select(IssuedProof)).one()
    assert (proof.revoked_at is not None) is revoked
    assert (row.user_id, row.holder_name, row.name_mark) == (None, None, "")


def test_the_page_tells_numbers_readers_and_what_erasing_takes_along(kim):
    kim.click("Meine Daten")
    for words in ("Kennung, Name und Monat", "Lehrkräfte Ihres Kurses", "24 Monate", "Mit abgegebenen Dateien"):
        assert words in kim.text
    kim.click("Löschen vorbereiten")
    for words in (
        "1 begonnener Versuch", "1 Bewertung, die noch nicht", "1 abgegebene Datei", "Ihre gespeicherte Selbst",
        "Was soll mit Ihrem Nachweis", "schickt Ihre Lernplattform Ihre Kennung", "Was Sie als Lehrkraft",
    ):  # fmt: skip
        assert words in kim.text


def test_nothing_is_erased_without_the_tick(extension, kim):
    kim.go("my-data/erase")
    assert kim.press("Endgültig löschen").status_code == 400
    with extension.sessions() as session:
        assert session.get(LtiUser, (1, kim.user_id)) is not None


def test_the_download_holds_everything_of_this_person_and_nothing_of_others(tool, extension, kim):
    document = json.loads(kim.go("my-data/meine-daten.json").text)
    assert document["identities"] == [SUBJECT]
    told = {part["table"] for part in document["data"]}
    assert told == {holding.table for holding in HOLDINGS} - {"identity_merge"}
    with extension.sessions() as session:
        other = session.scalars(select(LtiUser.id).where(LtiUser.subject == "other")).one()
    plain = kim.page.text
    for foreign in (str(other), "Alex Andere", "credited to somebody else", "a" * 32, "m" * 64):
        assert foreign not in plain
    archive = zipfile.ZipFile(io.BytesIO(kim.go("my-data/meine-daten.zip").data))
    assert json.loads(archive.read("daten.json"))["data"] == document["data"]
    [name] = [name for name in archive.namelist() if name.startswith("dateien/")]
    assert archive.read(name) == b"what Kim wrote"


def test_an_anonymous_launch_is_told_that_nothing_is_held(tool):
    client = tool.browser()
    visit = Visit(client, tool.launch_as(client, sub=LEAVE_OUT))
    visit.go("my-data/")
    assert "nichts gespeichert" in visit.text
    assert visit.go("my-data/erase").status_code == 404


def test_identities_that_were_merged_go_together_and_others_stay(tool, extension, kim):
    tool.launch_as(tool.browser(), sub="old-kim", name="Kim früher")
    with extension.sessions.begin() as session:
        Registry(session, tool.platform.registration_id, tool.clock()).merge("old-kim", SUBJECT)
    kim.go("my-data/erase")
    kim.press("Endgültig löschen", sure="yes", proofs="keep")
    with extension.sessions() as session:
        assert session.scalars(select(LtiUser.subject)).all() == ["other"]
        assert session.scalars(select(Attempt)).one()


def test_somebody_known_from_a_roster_only_can_be_erased(tool, extension, kim):
    with extension.sessions.begin() as session:
        registry = Registry(session, tool.platform.registration_id, tool.clock())
        registry.put(RosterMember, context_id=registry.context, subject="never-here", name="N", active=True)
        data = PersonalData(session)
        people = data.by_subject(tool.platform.registration_id, "never-here")
        Privacy(session, tool.clock, Who.COMMAND_LINE).erase(people, withdraw_proofs=False)
        with pytest.raises(Refusal):
            data.by_subject(tool.platform.registration_id, "never-here")
    with extension.sessions() as session:
        assert session.scalars(select(RosterMember.subject)).all() == [SUBJECT]


def test_the_same_id_in_another_town_is_somebody_else(tool, extension, kim):
    url = tool.settings.database_url
    elsewhere = register_platform(url, tool.clock, tool.internet, issuer="https://lms.siegen.example")
    extension.registrations.forget()
    here, tool.platform = tool.platform, elsewhere
    tool.launch_as(tool.browser(), sub=SUBJECT, name=NAME)
    tool.platform = here
    kim.go("my-data/meine-daten.json")
    assert json.loads(kim.page.text)["registration"] == here.registration_id
    kim.go("my-data/erase")
    kim.press("Endgültig löschen", sure="yes", proofs="keep")
    with extension.sessions() as session:
        rows = session.execute(select(LtiUser.registration_id, LtiUser.subject)).all()
    assert (elsewhere.registration_id, SUBJECT) in rows
    assert (here.registration_id, SUBJECT) not in rows


def test_a_crash_after_the_erasure_leaves_no_file_for_good(tool, extension, kim):
    """The row that names the file goes with the person; the note that stays leads the worker to it."""
    with extension.sessions.begin() as session:
        Privacy(session, tool.clock, Who.PERSON).erase(person(session, tool), withdraw_proofs=False)
    assert len(files(tool)) == 1
    tool.clock.turn(minutes=2)
    FileRemoval(extension.sessions, tool.clock, extension.files)()
    assert files(tool) == []
    with extension.sessions() as session:
        assert session.scalars(select(DoomedFile)).all() == []


def test_a_crash_before_the_end_leaves_everything(tool, extension, kim):
    with extension.sessions() as session:
        Privacy(session, tool.clock, Who.PERSON).erase(person(session, tool), withdraw_proofs=True)
        session.rollback()
    with extension.sessions() as session:
        assert session.scalars(select(IssuedProof.holder_name)).one() == NAME
        assert session.scalars(select(ScoreDelivery)).one()
    assert len(files(tool)) == 1


# What goes by itself


def at_night(tool, extension):
    local = tool.clock().astimezone(ZoneInfo("Europe/Berlin"))
    tool.clock.now = local.replace(hour=2, minute=30).astimezone(tool.clock.now.tzinfo)
    job = NightlyErasure(extension.sessions, tool.clock)
    for _ in range(8):
        job()


def test_who_has_not_been_here_for_the_time_is_erased_at_night_and_who_came_stays(tool, extension, kim):
    for months in (12, 12):
        tool.clock.turn(days=months * 30.5)
        tool.launch_as(tool.browser(), sub="other", name="Alex Andere")
    at_night(tool, extension)
    with extension.sessions() as session:
        assert session.scalars(select(LtiUser.subject).order_by(LtiUser.subject)).all() == ["other", SUBJECT]
    tool.clock.turn(days=32)
    at_night(tool, extension)
    with extension.sessions() as session:
        assert session.scalars(select(LtiUser.subject)).all() == ["other"]
        assert traces(session, SUBJECT, NAME, str(kim.user_id)) == []
        assert session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "people.expired")).one() == {
            "people": 1,
            "rows": pytest.approx(30, abs=8),
        }


def test_by_day_nobody_is_erased(tool, extension, kim):
    with extension.sessions.begin() as session:
        session.execute(update(LtiUser).values(seen_in=datetime.fromisoformat("2020-01-01T00:00:00+00:00")))
    local = tool.clock().astimezone(ZoneInfo("Europe/Berlin"))
    tool.clock.now = local.replace(hour=14).astimezone(tool.clock.now.tzinfo)
    NightlyErasure(extension.sessions, tool.clock)()
    with extension.sessions() as session:
        assert len(session.scalars(select(LtiUser)).all()) == 2


def test_counts_outlive_people_and_show_from_five_on(tool, extension, kim):
    registration_id = tool.platform.registration_id
    with extension.sessions.begin() as session:
        at, many = tool.clock(), [f"s{number}" for number in range(BATCH + 4)]
        session.add_all(LtiUser(registration_id=registration_id, subject=one, created_at=at) for one in many)
        session.flush()
        for row in session.scalars(select(LtiUser).where(LtiUser.subject.like("s_"))).all():
            session.add(
                ModuleProgress(registration_id=registration_id, user_id=row.id, module_id="ki-kommune", updated_at=at)
            )
    with extension.sessions() as session:
        before = KeptStatistics(session).figures(registration_id)
    tool.clock.turn(days=800)
    while True:
        with extension.sessions.begin() as session:
            if not Retention(session, tool.clock).expire(registration_id):
                break
    with extension.sessions() as session:
        assert session.scalars(select(LtiUser)).all() == []
        after = KeptStatistics(session).figures(registration_id)
        assert session.scalars(select(KeptStatistic.begun)).all()
    assert after == before
    assert {(figure.module_id, figure.begun) for figure in after} == {("datenrecht", None), ("ki-kommune", 10)}


def test_administrators_choose_the_time_within_bounds(tool, extension):
    admin = enter(tool)
    admin.go("platform/")
    admin.press("Frist speichern", months="6")
    for months in ("2", "121", "", "viele"):
        admin.go("platform/")
        assert admin.press("Frist speichern", months=months).status_code == 400
    with extension.sessions() as session:
        assert session.scalars(select(Registration.retention_months)).one() == 6
        assert session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "retention.set")).one() == {
            "months": 6
        }


def test_a_closed_town_is_refused_kept_for_a_while_and_then_gone(tool, extension, kim):
    begun = tool.login(client := tool.browser())
    with extension.sessions.begin() as session:
        TownClosing(session, tool.clock, Who.COMMAND_LINE).close(1, tool.clock(), 90)
    extension.registrations.forget()
    message = tool.platform.sign(tool.platform.claims(begun["nonce"], sub=SUBJECT))
    for refused in (
        tool.client.post("/lti/login", data=tool.platform.login(), base_url=BASE_URL),
        tool.post_launch({"state": begun["state"], "id_token": message}, client),
    ):
        assert refused.status_code == 403
        assert "Ihre Kommune nutzt Smart City Lernen nicht mehr" in refused.text
    tool.clock.turn(days=89)
    at_night(tool, extension)
    with extension.sessions() as session:
        assert person(session, tool).user_ids == (kim.user_id,)
    tool.clock.turn(days=3)
    with pytest.raises(Refusal) as late, extension.sessions.begin() as session:
        TownClosing(session, tool.clock, Who.COMMAND_LINE).reopen(1)
    assert late.value.code is Code.TOWN_ERASING
    with extension.sessions() as session:
        pictures = set(session.scalars(select(IdeaPicture.key)))
    at_night(tool, extension)
    with extension.sessions() as session:
        assert traces(session, SUBJECT, NAME, str(kim.user_id)) == []
        assert pictures
        assert pictures <= set(session.scalars(select(DoomedFile.key)))
        full = {
            table.name
            for table in Base.metadata.sorted_tables
            if session.scalar(select(func.count()).select_from(table))
        }
        assert session.scalars(select(Municipality.erased_at)).one() is not None
    assert full == {
        *(
            "municipality",
            "registration",
            "audit_entry",
            "audit_link",
            "issued_proof",
            "issued_transcript",
            "proof_key",
            "tool_key",
        ),
        *("quiz_version", "doomed_file", "platform_change"),
    }
    with extension.sessions.begin() as session:
        TownClosing(session, tool.clock, Who.COMMAND_LINE).reopen(1)
        assert session.scalars(select(Municipality.closes_at)).one() is None, "it may begin again, from nothing"


def test_a_town_reopened_in_time_has_lost_nothing(tool, extension, kim):
    with extension.sessions.begin() as session:
        TownClosing(session, tool.clock, Who.COMMAND_LINE).close(1, tool.clock(), 90)
    tool.clock.turn(days=80)
    with extension.sessions.begin() as session:
        TownClosing(session, tool.clock, Who.COMMAND_LINE).reopen(1)
    extension.registrations.forget()
    tool.clock.turn(days=20)
    at_night(tool, extension)
    assert tool.launch(tool.browser(), sub=SUBJECT).status_code == 303
    with extension.sessions() as session:
        assert session.scalars(select(IssuedProof.holder_name)).one() == NAME


# The public pages


def test_the_public_pages_hold_what_the_operator_entered(database_url):
    with running_tool(
        database_url,
        SMARTCITY_OPERATOR_NAME="Stadt Olpe",
        SMARTCITY_ACCESSIBILITY_CONTACT="Frau Muster, barriere@olpe.example",
        SMARTCITY_ENFORCEMENT_BODY="Schlichtungsstelle NRW, schlichtung@nrw.example",
        SMARTCITY_ACCESSIBILITY_DATE="2027-03-01",
        SMARTCITY_PRIVACY_CONTACT="Datenschutz der Stadt Olpe",
        SMARTCITY_SUPERVISORY_AUTHORITY="Landesbeauftragte NRW",
    ) as running:
        page = running.client.get("/barrierefreiheit", base_url=BASE_URL).text
        for words in ("mailto:barriere@olpe.example", "Schlichtungsstelle NRW", "01.03.2027", "Selbstbewertung"):
            assert words in page
        page = running.client.get("/datenschutz", base_url=BASE_URL).text
        for words in ("Datenschutz der Stadt Olpe", "Landesbeauftragte NRW", "24 Monaten"):
            assert words in page
