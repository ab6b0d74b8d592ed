"""Somebody changes town: what they passed goes along in a signed file and counts where its issuer is accepted."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import func, select, update

from lti_tool.db.models import (
    IssuedTranscript,
    LtiUser,
    ModuleCredit,
    ModuleProgress,
    Municipality,
    PresentedTranscript,
    Registration,
    ScoreDelivery,
)
from lti_tool.domain.town_time import TOWN_TIME
from lti_tool.lti.issuer_documents import IssuerDocuments
from lti_tool.services.audit import Action, Who, read_audit_log
from lti_tool.services.identities import Identities
from lti_tool.worker.tracker_grades import TrackerGrading
from lti_tool.worker.transcripts import TranscriptChecking
from tests.factories.id_token import MEMBERSHIP
from tests.factories.platform_key import PlatformKey
from tests.factories.transcripts import (
    CODE,
    OtherTool,
    a_module,
    encoded,
    new_key,
    payload,
    present,
    take_along,
    with_payload,
)
from tests.factories.visit import BASE_URL, Visit
from tests.functional.conftest import register_platform

ADMINISTRATOR = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"
PASSED = ("datenrecht", "informationssicherheit")
DATENRECHT = "Datenschutz und Datenrecht"


@pytest.fixture
def extension(tool):
    return tool.app.extensions["smartcity"]


@pytest.fixture
def olpe(tool):
    """The town to arrive in: opens launches of its platform."""
    return Town(tool, tool.platform)


@pytest.fixture
def siegen(tool, extension):
    """The town to leave."""
    platform = register_platform(
        tool.settings.database_url, tool.clock, tool.internet, issuer="https://siegen.example", key=PlatformKey("s")
    )
    with extension.sessions.begin() as session:
        town = Municipality(name="Stadt Siegen")
        session.add(town)
        session.flush()
        moved = update(Registration).where(Registration.id == platform.registration_id)
        session.execute(moved.values(municipality_id=town.id))
    extension.registrations.forget()
    return Town(tool, platform)


class Town:
    def __init__(self, tool, platform):
        self.tool, self.platform = tool, platform

    def open(self, sub="lea", role="Learner", **claims):
        before, self.tool.platform = self.tool.platform, self.platform
        client = self.tool.browser()
        claims = {"custom": {"content": "tracker"}, **claims}
        visit = Visit(client, self.tool.launch_as(client, role=role, sub=sub, **claims))
        self.tool.platform = before
        return visit

    def administer(self, **claims):
        before, self.tool.platform = self.tool.platform, self.platform
        client = self.tool.browser()
        answer = self.tool.launch(client, sub="adam", roles=[MEMBERSHIP + "Instructor", ADMINISTRATOR], **claims)
        self.tool.platform = before
        visit = Visit(client, answer.location)
        visit.go(f"{visit.landing}platform/")
        return visit


@pytest.fixture
def towns(olpe, siegen):
    return olpe, siegen


@pytest.fixture
def leaver(tool, extension, siegen):
    """Lea in Siegen, with two modules passed."""
    visit = siegen.open("lea-in-siegen")
    passes(tool, extension, siegen, *PASSED)
    return visit


@pytest.fixture
def lea(olpe):
    """Lea in Olpe, new there."""
    return olpe.open("lea-in-olpe")


@pytest.fixture
def check(tool, extension):
    """The worker's task."""
    documents = IssuerDocuments(tool.internet, tool.clock)

    def run():
        TranscriptChecking(extension.sessions, documents, tool.clock, extension.catalogue)()

    return run


def passes(tool, extension, town, *modules):
    with extension.sessions.begin() as session:
        of_town = select(LtiUser).where(LtiUser.registration_id == town.platform.registration_id)
        for user in session.scalars(of_town):
            for module_id in modules:
                own = {"registration_id": user.registration_id, "user_id": user.id, "module_id": module_id}
                session.add(ModuleProgress(**own, passed_at=tool.clock(), updated_at=tool.clock()))


def count(extension, table):
    with extension.sessions() as session:
        return session.scalar(select(func.count()).select_from(table))


def today(tool):
    return tool.clock().astimezone(TOWN_TIME)


def tracker(visit):
    visit.go("certificates?way=manager")
    return visit.text


def test_the_whole_way_between_two_towns_of_one_tool(tool, extension, olpe, leaver, lea):
    token, code = take_along(leaver)
    present(lea, token, code)
    assert "Lernnachweis aus Stadt Siegen" in lea.text
    assert lea.text.count("wird zählen") == 2
    assert count(extension, ModuleCredit) == 0, "nothing counts before the holder says so"
    lea.press("Ja, vorlegen")
    assert "Nun entscheidet die Administration Ihrer Lernplattform" in lea.text
    assert "Sie haben 0 von 12 Modulen" in tracker(lea)

    admin = olpe.administer()
    assert "Aus 1 Kommune warten Lernnachweise auf Ihre Entscheidung." in admin.text
    assert "Stadt Siegen tool.example" in admin.text
    admin.press("Anerkennen")
    assert "lea" not in admin.text.lower().replace("leasing", "")
    assert "Sie haben 2 von 12 Modulen" in tracker(lea)
    assert lea.text.count(f"bestanden in Stadt Siegen, anerkannt am {today(tool):%d.%m.%Y}") == 2
    ines = olpe.open("ines", role="Instructor")
    ines.go("class/credits")
    assert ines.text.count("Bestanden in Stadt Siegen, laut Lernnachweis.") == 2
    with extension.sessions() as session:
        entries = read_audit_log(session)
    assert [(entry.action, entry.who, entry.detail) for entry in entries if "transcripts" in entry.action] == [
        (Action.TRANSCRIPTS_ACCEPTED, Who.ADMINISTRATOR, {"town": "Stadt Siegen"})
    ]


def test_an_accepted_town_counts_at_once_and_a_town_no_longer_accepted_only_for_what_came_before(
    tool, extension, towns, leaver, lea
):
    olpe, siegen = towns
    token, code = take_along(leaver)
    present(lea, token, code)
    lea.press("Ja, vorlegen")
    admin = olpe.administer()
    admin.press("Anerkennen")

    siegen.open("max-in-siegen")
    passes(tool, extension, Town(tool, siegen.platform), "smart-city-verstehen")
    second = siegen.open("max-in-siegen")
    max_ = olpe.open("max-in-olpe")
    present(max_, *take_along(second))
    max_.press("Ja, vorlegen")
    assert "anerkannt am" in max_.text

    admin.go("platform/")
    admin.press("Nicht mehr anerkennen")
    assert "Sie haben 2 von 12 Modulen" in tracker(lea), "what counted once stays"
    third = olpe.open("mia-in-olpe")
    siegen.open("mia-in-siegen")
    passes(tool, extension, siegen, "ki-kommune")
    present(third, *take_along(siegen.open("mia-in-siegen")))
    third.press("Ja, vorlegen")
    assert "erkennt Lernnachweise aus Stadt Siegen nicht an" in third.text
    assert "Sie haben 0 von 12 Modulen" in tracker(third)


def test_the_file_tells_no_name_no_points_and_no_code(leaver, extension):
    token, code = take_along(leaver)
    record = payload(token)
    assert "ClrCredential" in record["type"]
    text = str(record)
    assert not re.search(r"\blea\b", text, re.IGNORECASE)
    for secret in (code, code.replace("-", ""), "lea-in-siegen", "score", "percent"):
        assert secret not in text
    parts = record["credentialSubject"]["verifiableCredential"]
    assert [part["credentialSubject"]["achievement"]["humanCode"] for part in parts] == sorted(
        PASSED, key=list(extension.catalogue.modules).index
    )
    leaver.go("transcript/file")
    assert leaver.page.text == token, "the same file each time"
    form = {"file": (BytesIO(token.encode()), "lernnachweis.jwt")}
    told = leaver.client.post("/v/", data=form, base_url=BASE_URL)
    assert "Das ist ein Lernnachweis zum Mitnehmen." in told.text, "where certificates are verified, it is named"
    leaver.go("transcript")
    assert code not in leaver.text, "the code is shown once"


def test_only_with_the_code_and_only_by_one_person(olpe, leaver, lea, extension):
    token, code = take_along(leaver)
    assert present(lea, token, CODE).status_code == 400
    assert "Der Code passt nicht zu dieser Datei." in lea.text
    assert present(lea, token, f" {code.lower().replace('-', ' ')} ").status_code == 200
    otto = olpe.open("otto")
    present(otto, token, code)
    assert "hat schon jemand anderes vorgelegt" in otto.text
    present(lea, token, code)
    lea.press("Ja, vorlegen")
    present(lea, token, code)
    olpe.administer().press("Anerkennen")
    assert count(extension, ModuleCredit) == 2, "presented twice, counted once"


def test_it_counts_nothing_where_it_was_made_nor_once_it_was_taken_back(siegen, olpe, leaver, lea):
    first = take_along(leaver)
    again = siegen.open("somebody")
    assert present(again, *first).status_code == 400
    assert "Dieser Lernnachweis kommt von dieser Lernplattform." in again.text
    second = take_along(leaver)
    present(lea, *first)
    assert "Der Lernnachweis wurde zurückgenommen" in lea.text
    present(lea, *second)
    lea.press("Ja, vorlegen")
    leaver.go("transcript")
    leaver.press("Lernnachweis zurücknehmen")
    lea.go(lea.path)
    assert "Der Lernnachweis wurde zurückgenommen" in lea.text
    olpe.administer().press("Anerkennen")
    assert "Sie haben 0 von 12 Modulen" in tracker(lea), "taken back before anybody decided"
    assert present(lea, *second).status_code == 400
    assert "Der Lernnachweis wurde zurückgenommen" in lea.text


def test_the_revocation_is_published_in_a_list_of_its_own(tool, extension, leaver):
    assert leaver.client.get("/v/transcripts/status/1", base_url=BASE_URL).status_code == 404
    token, _ = take_along(leaver)
    leaver.go("transcript")
    leaver.press("Lernnachweis zurücknehmen")
    status = payload(token)["credentialStatus"]
    answer = tool.browser().get("/v/transcripts/status/1", base_url=BASE_URL)
    assert payload(answer.text)["id"] == status["statusListCredential"] == f"{BASE_URL}/v/transcripts/status/1"
    with extension.sessions() as session:
        assert session.scalar(select(IssuedTranscript.status_index)) == int(status["statusListIndex"])


def test_without_a_pass_there_is_nothing_to_take_along_and_previews_take_nothing(olpe, lea):
    lea.go("transcript")
    assert "Noch haben Sie kein Modul bestanden." in lea.text
    assert lea.post("transcript", csrf=lea.csrf).status_code == 409
    assert lea.go("transcript/file").status_code == 404
    ines = olpe.open("ines", role="Instructor")
    ines.go("transcript/presented")
    assert "In der Vorschau kann nichts vorgelegt werden." in ines.text
    assert ines.post("transcript", csrf=ines.csrf).status_code == 403


def test_what_was_recognised_goes_along_again_with_its_origin(olpe, leaver, lea):
    present(lea, *take_along(leaver))
    lea.press("Ja, vorlegen")
    olpe.administer().press("Anerkennen")
    record = payload(take_along(lea)[0])
    assert record["issuer"]["name"] == "Stadt Olpe"
    sources = [
        part["credentialSubject"]["source"]["name"] for part in record["credentialSubject"]["verifiableCredential"]
    ]
    assert sources == ["Stadt Siegen", "Stadt Siegen"]


def test_what_is_taken_further_keeps_the_day_it_was_passed_on(tool, olpe, lea, check):
    other = OtherTool()
    other.answer(tool.internet, tool.clock())
    present(lea, other.token(tool.clock(), modules=(a_module(), a_module("ki-kommune", passed_on=date(2200, 1, 1)))))
    lea.press("Ja, vorlegen")
    check()
    olpe.administer().press("Anerkennen")
    record = payload(take_along(lea)[0])
    days = [part["validFrom"][:10] for part in record["credentialSubject"]["verifiableCredential"]]
    assert days == ["2024-11-20", f"{today(tool):%Y-%m-%d}"], "nobody passed anything in the future"


def test_the_trackers_grade_column_follows(tool, extension, olpe, leaver):
    graded = {"custom": {"content": "tracker", "way": "lotse"}}
    lea = olpe.open("lea-in-olpe", **graded)
    grading = TrackerGrading(extension.sessions, tool.clock, extension.catalogue)
    grading()
    present(lea, *take_along(leaver))
    lea.press("Ja, vorlegen")
    tool.clock.turn(minutes=2)
    olpe.administer(**graded).press("Anerkennen")
    grading()
    with extension.sessions() as session:
        assert session.scalars(select(ScoreDelivery.given)).all() == [Decimal("25.00")]


def test_a_transcript_of_another_tool_is_checked_by_the_worker(tool, extension, olpe, lea, check):
    other = OtherTool()
    other.answer(tool.internet, tool.clock())
    unknown = a_module("gartenbau", title="Gartenbau")
    present(lea, other.token(tool.clock(), modules=(a_module(), unknown)))
    assert tool.internet.asked.count("https://lernen.siegen.example/.well-known/did.json") == 0, "no request waits"
    assert "Wir fragen bei lernen.siegen.example, ob die Signatur stimmt." in lea.text
    assert "Gartenbau" in lea.text
    assert "hier nicht angeboten" in lea.text
    lea.press("Ja, vorlegen")
    assert "Signatur wird geprüft" in lea.text
    assert "Noch hat niemand einen Lernnachweis vorgelegt." in olpe.administer().text, "nobody hears of it before"
    check()
    admin = olpe.administer()
    assert "lernen.siegen.example" in admin.text
    admin.press("Anerkennen")
    assert "Sie haben 1 von 12 Modulen" in tracker(lea)
    with extension.sessions() as session:
        row = session.scalars(select(PresentedTranscript)).one()
    assert (row.token, row.complete) == (None, False)
    present(olpe.open("otto"), other.token(tool.clock()))
    for _ in range(2):
        tool.clock.turn(minutes=1)
        check()
    assert count(extension, ModuleCredit) == 1, "nobody's counts before they say so"


def test_a_module_that_is_offered_later_counts_then(tool, extension, olpe, lea, check):
    other = OtherTool()
    other.answer(tool.internet, tool.clock())
    present(lea, other.token(tool.clock(), modules=(a_module(), a_module("gartenbau"))))
    lea.press("Ja, vorlegen")
    check()
    olpe.administer().press("Anerkennen")
    with extension.sessions.begin() as session:
        row = session.scalars(select(PresentedTranscript)).one()
        row.contents = [{**one, "id": one["id"].replace("gartenbau", "ki-kommune")} for one in row.contents]
    tool.clock.turn(minutes=1)
    check()
    check()
    assert "Sie haben 2 von 12 Modulen" in tracker(lea)
    assert count(extension, ModuleCredit) == 2


@pytest.mark.parametrize("away", ["nobody", "old list"])
def test_an_issuer_that_is_away_is_asked_again_until_it_answers(tool, lea, check, away):
    other = OtherTool()
    if away == "old list":
        other.answer(tool.internet, tool.clock.now.replace(year=tool.clock.now.year - 1))
    present(lea, other.token(tool.clock()))
    shown = lea.path
    check()
    lea.go(shown)
    assert "lernen.siegen.example antwortet gerade nicht." in lea.text
    other.answer(tool.internet, tool.clock())
    tool.clock.turn(seconds=10)
    check()
    lea.go(shown)
    assert "antwortet gerade nicht" in lea.text, "not asked again at once"
    tool.clock.turn(minutes=2)
    check()
    lea.go(shown)
    assert "antwortet gerade nicht" not in lea.text
    lea.press("Ja, vorlegen")
    assert "Der Lernnachweis ist echt." in lea.text


def test_an_issuer_that_is_gone_is_given_up_after_a_month(tool, lea, olpe, check):
    present(lea, OtherTool().token(tool.clock()))
    shown = lea.path.removeprefix(lea.landing)
    tool.clock.turn(days=31)
    check()
    lea = olpe.open("lea-in-olpe")
    lea.go(shown)
    assert "Unter der Adresse des Ausstellers hat 30 Tage lang niemand geantwortet." in lea.text
    lea.press("Aus der Liste entfernen")
    assert "Bisher vorgelegt" not in lea.text


def another_module(token):
    subject = payload(token)["credentialSubject"]
    subject["verifiableCredential"][0]["credentialSubject"]["achievement"]["humanCode"] = "ki-kommune"
    return with_payload(token, credentialSubject=subject)


def test_what_the_issuer_says_against_it_is_named(tool, extension, lea, check):
    now, cases = tool.clock(), {}
    for number, words in enumerate(
        (
            "Gefälscht oder beschädigt",
            "Gefälscht oder beschädigt",
            "Der Lernnachweis wurde zurückgenommen",
            "nennt keinen Aussteller, bei dem sich die Signatur prüfen lässt",
        )
    ):
        other = OtherTool(f"https://lernen{number}.example")
        other.answer(tool.internet, now, revoked=[4711] if number == 2 else [])
        token = other.token(now)
        if number == 0:
            token = OtherTool(other.base_url, town=other.town).token(now)
        elif number == 1:
            token = another_module(token)
        elif number == 3:
            tool.internet.serve_json(f"{other.base_url}/.well-known/did.json", {"id": "did:web:evil.example"})
        present(lea, token)
        lea.press("Ja, vorlegen")
        cases[lea.path] = words
    check()
    for shown, words in cases.items():
        lea.go(shown)
        assert words in lea.text
    assert count(extension, ModuleCredit) == 0


def test_a_new_key_of_the_issuer_is_found_although_its_old_ones_are_kept(tool, lea, extension, check):
    other, documents = OtherTool(), IssuerDocuments(tool.internet, tool.clock)
    other.answer(tool.internet, tool.clock())
    task = TranscriptChecking(extension.sessions, documents, tool.clock, extension.catalogue)
    present(lea, other.token(tool.clock()))
    task()
    rotated = OtherTool(key=new_key(), town=other.town)
    rotated.answer(tool.internet, tool.clock(), keys=[rotated.key, other.key])
    present(lea, rotated.token(tool.clock()))
    tool.clock.turn(seconds=6)
    task()
    lea.press("Ja, vorlegen")
    assert "Der Lernnachweis ist echt." in lea.text


def unsigned(token):
    _, claims, _ = token.split(".")
    return f"{encoded({'alg': 'none'})}.{claims}."


def signed_by_its_own_public_key(token):
    _, claims, signature = token.split(".")
    return f"{encoded({'alg': 'HS256'})}.{claims}.{signature}"


def of_issuer(name):
    def spoil(token):
        return with_payload(token, iss=name, issuer={**payload(token)["issuer"], "id": name})

    return spoil


def with_list_at(address):
    def spoil(token):
        status = payload(token)["credentialStatus"]
        return with_payload(token, credentialStatus={**status, "statusListCredential": address})

    return spoil


ALGORITHM = "nicht oder mit einem unbekannten Verfahren signiert"
NONE = "Das ist kein Lernnachweis zum Mitnehmen."
ISSUER = "nennt keinen Aussteller, bei dem sich die Signatur prüfen lässt"
REFUSED = [
    (unsigned, ALGORITHM),
    (signed_by_its_own_public_key, ALGORITHM),
    (lambda token: token + "A" * 300_000, "Die Datei ist zu groß."),
    (lambda _: "%PDF-1.7", NONE),
    (lambda _: "", NONE),
    (lambda _: "\0.\0.\0", NONE),
    (lambda token: with_payload(token, credentialSubject={}), NONE),
    (lambda token: with_payload(token, credentialSubject="x"), NONE),
    (lambda token: with_payload(token, type=["AchievementCredential"]), NONE),
    (lambda token: with_payload(token, id=["x"]), NONE),
    (lambda token: with_payload(token, validUntil="2020-01-01T00:00:00Z"), "Der Lernnachweis ist abgelaufen."),
    (lambda token: with_payload(token, validFrom="2099-01-01T00:00:00Z"), "Der Lernnachweis gilt noch nicht."),
    *((of_issuer(name), ISSUER) for name in ("did:key:z6Mk", "https://siegen.example", "did:web:a:b", "did:web:a@b")),
    (with_list_at("https://10.0.0.1/list"), NONE),
    (with_list_at("https://lernen.siegen.example.evil.example/list"), NONE),
]


def test_a_file_that_cannot_count_is_refused_with_its_reason_and_not_kept(tool, extension, lea):
    token = OtherTool().token(tool.clock())
    for number, (spoil, words) in enumerate(REFUSED):
        answer = present(lea, spoil(token))
        assert (number, answer.status_code) == (number, 400)
        assert words in lea.text, number
    assert count(extension, PresentedTranscript) == 0


def test_a_forged_file_of_our_own_is_refused_at_once(tool, lea, leaver):
    take_along(leaver)
    forged = OtherTool(base_url=BASE_URL)
    present(lea, forged.token(tool.clock()))
    assert "Gefälscht oder beschädigt" in lea.text


def test_nobody_sees_or_changes_what_others_have_presented(tool, extension, towns, leaver, lea):
    olpe, siegen = towns
    present(lea, *take_along(leaver))
    shown = lea.path.removeprefix(lea.landing)
    for stranger in (olpe.open("otto"), siegen.open("otto"), leaver):
        assert stranger.go(shown).status_code == 404
        stranger.go("transcript/presented")
        assert "Bisher vorgelegt" not in stranger.text
        for act in ("confirm", "remove"):
            assert stranger.post(f"{shown}/{act}", csrf=stranger.csrf).status_code == 404
    lea.go(shown)
    lea.press("Ja, vorlegen")
    admin = olpe.administer()
    fields = {name: re.search(rf'name="{name}" value="([^"]+)"', admin.page.text)[1] for name in ("issuer", "town_id")}
    other = siegen.administer()
    assert "Noch hat niemand einen Lernnachweis vorgelegt." in other.text
    answer = other.post("platform/transcripts", csrf=other.csrf, decision="accept", **fields)
    assert answer.status_code == 404
    assert lea.post("platform/transcripts", csrf=lea.csrf, decision="accept", **fields).status_code == 403
    assert "Sie haben 0 von 12 Modulen" in tracker(lea)


def test_merged_identities_keep_what_they_took_and_brought(tool, extension, towns, leaver, lea):
    olpe, siegen = towns
    token, code = take_along(leaver)
    present(lea, token, code)
    lea.press("Ja, vorlegen")
    siegen.open("lea-new")
    olpe.open("lea-newer")
    with extension.sessions.begin() as session:
        Identities(session, tool.clock, Who.OPERATOR).merge(siegen.platform.registration_id, "lea-in-siegen", "lea-new")
        merge = Identities(session, tool.clock, Who.OPERATOR).merge(
            olpe.platform.registration_id, "lea-in-olpe", "lea-newer"
        )
    newer = siegen.open("lea-new")
    newer.go("transcript/file")
    assert newer.page.text == token
    olpe.administer().press("Anerkennen")
    assert "Sie haben 2 von 12 Modulen" in tracker(olpe.open("lea-newer"))
    with extension.sessions.begin() as session:
        Identities(session, tool.clock, Who.OPERATOR).undo(olpe.platform.registration_id, merge)
    assert olpe.open("lea-in-olpe").go("transcript/presented").status_code == 200
