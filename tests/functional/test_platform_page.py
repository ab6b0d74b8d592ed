"""The platform page: what an LMS's administrators see and switch, and what nobody else may."""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import format_datetime

import pytest
from sqlalchemy import func, select, update

from lti_tool.db.models import AuditEntry, Context, LtiUser, RefusedLaunch, Roster, RosterMember, ScoreDelivery
from lti_tool.domain.delivery import Reason
from lti_tool.domain.errors import Code
from lti_tool.domain.scores import Delivery
from lti_tool.domain.town_time import TOWN_TIME
from lti_tool.lti.errors import TimedOut
from lti_tool.lti.ports import Answer
from lti_tool.services.housekeeping import Housekeeping
from lti_tool.services.refused_launches import KEPT
from tests.factories.id_token import AGS, LEAVE_OUT
from tests.factories.visit import BASE_URL, Visit
from tests.functional.test_grade_states import Lms

ADMINISTRATOR = "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"
TEACHER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"


@pytest.fixture
def extension(tool):
    return tool.app.extensions["smartcity"]


def enter(tool, client=None, **changed):
    """Launch as Moodle sends its administrators: they teach every course as well."""
    client = client or tool.browser()
    response = tool.launch(client, **{"roles": [ADMINISTRATOR, TEACHER], "sub": "2", "name": "Ada Min", **changed})
    assert response.status_code == 303, response.text
    return Visit(client, response.location.removeprefix(BASE_URL))


@pytest.fixture
def admin(tool):
    return enter(tool)


def state_of(extension, number):
    extension.registrations.forget()
    return extension.registrations.by_id(number)


def actions(extension):
    with extension.sessions() as session:
        return [(entry.actor, entry.action, entry.subject) for entry in session.scalars(select(AuditEntry))]


def test_administrators_find_the_page_above_the_content(admin):
    assert "Stand des Kurses" in admin.text
    admin.click("Plattform verwalten")
    assert admin.page.status_code == 200
    for value in (
        "https://lms.example",
        "tool-client",
        f"{BASE_URL}/lti/jwks",
        AGS + "scope/score",
        "moodle 2024100706",
    ):
        assert value in admin.text


@pytest.mark.parametrize("role", ["Instructor", "Learner"])
def test_nobody_else_sees_it(tool, role):
    someone = Visit(tool.client, tool.launch_as(role=role))
    assert "Plattform verwalten" not in someone.text
    assert someone.go("platform/").status_code == 403
    assert "role.forbidden" in someone.text
    for path in ("platform/self-test", "platform/deployments", "platform/switches"):
        assert someone.post(path, csrf=someone.csrf, switch="pause").status_code == 403


def test_the_page_names_no_person(tool, admin, extension):
    tool.launch_as(tool.browser())
    admin.go("platform/")
    assert "Lea Lernfeld" not in admin.text
    assert "Ada Min" not in admin.text


def test_a_new_deployment_waits_there_and_is_let_in_at_once(tool, admin, extension):
    assert tool.launch(tool.browser(), deployment_id="9").status_code in {400, 403}
    asked = tool.login(client := tool.browser(), lti_deployment_id="9")
    token = tool.platform.sign(tool.platform.claims(asked["nonce"], deployment_id="9"))
    refused = tool.post_launch({"state": asked["state"], "id_token": token}, client)
    assert Code.LAUNCH_DEPLOYMENT_PENDING.slug in refused.text
    admin.go("platform/")
    assert "1 Deployment wartet auf Ihre Freigabe." in admin.text
    assert "wartet auf Freigabe" in admin.text
    admin.press("Freigeben")
    assert admin.page.status_code == 200
    assert "wartet auf" not in admin.text
    asked = tool.login(client, lti_deployment_id="9")
    token = tool.platform.sign(tool.platform.claims(asked["nonce"], deployment_id="9"))
    assert tool.post_launch({"state": asked["state"], "id_token": token}, client).status_code == 303
    assert actions(extension) == [("administrator", "deployment.approved", "9")]


def test_a_declined_deployment_asks_no_more_and_stays_out(tool, admin, extension):
    with extension.sessions.begin() as session:
        from lti_tool.services.launches import StoreLaunch

        StoreLaunch(session, tool.clock).remember_deployment(tool.platform.registration_id, "9")
    admin.go("platform/")
    admin.press("Ablehnen", deployment_id="9")
    assert "wartet auf" not in admin.text
    assert "gesperrt" in admin.text
    asked = tool.login(client := tool.browser(), lti_deployment_id="9")
    token = tool.platform.sign(tool.platform.claims(asked["nonce"], deployment_id="9"))
    refused = tool.post_launch({"state": asked["state"], "id_token": token}, client)
    assert Code.LAUNCH_DEPLOYMENT_INACTIVE.slug in refused.text


def test_a_deployment_of_another_platform_does_not_exist_here(admin):
    admin.go("platform/")
    admin.press("Sperren", deployment_id="of another town", decision="approve")
    assert admin.page.status_code == 404


def test_pausing_refuses_logins_and_resuming_lets_them_in(tool, admin, extension):
    admin.go("platform/")
    admin.press("Anbindung anhalten")
    assert "Die Anbindung ist angehalten" in admin.text
    refused = tool.client.post("/lti/login", data=tool.platform.login(), base_url=BASE_URL)
    assert (refused.status_code, Code.LOGIN_REGISTRATION_INACTIVE.slug in refused.text) == (403, True)
    admin.press("Anbindung fortsetzen")
    assert "Die Anbindung arbeitet." in admin.text
    assert tool.client.post("/lti/login", data=tool.platform.login(), base_url=BASE_URL).status_code == 302
    assert [action for _, action, _ in actions(extension)] == ["platform.paused", "platform.resumed"]


def test_the_latest_launches_are_listed_without_names(tool, admin):
    tool.launch_as(tool.browser(), role="Instructor", custom={"content": "tracker"})
    tool.launch_as(tool.browser(), custom={"module": "datenrecht", "content": "quiz"})
    admin.go("platform/")
    rows = re.search(r"<h2[^>]*>Letzte Aufrufe</h2>.*?<tbody>(.*?)</tbody>", admin.page.text, re.DOTALL)[1]
    seen = re.findall(r"<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>", rows)
    assert seen == [
        ("lernende Person", "Quiz: Datenschutz und Datenrecht"),
        ("Lehrkraft", "Zertifikatsstand"),
        ("Administration", "Datenschutz und Datenrecht"),
    ]
    assert len(re.findall(r"\d\d\.\d\d\.\d{4}, \d\d:\d\d\sUhr", rows)) == 3


def test_the_last_refusals_are_listed_with_code_and_reference_until_three_months_are_over(tool, admin, extension):
    refused = tool.launch(tool.browser(), version="1.1")
    admin.go("platform/")
    assert "launch.bad_version" in admin.text
    assert refused.headers["X-Request-ID"] in admin.text
    tool.clock.turn(seconds=KEPT.total_seconds() + 1)
    with extension.sessions.begin() as session:
        Housekeeping(session, tool.clock).sweep()
        assert session.scalar(select(func.count()).select_from(RefusedLaunch)) == 0


def test_a_flood_of_refused_logins_does_not_fill_the_disk(tool, extension):
    for _ in range(40):
        tool.client.post("/lti/login", data={"iss": "https://unknown.example"}, base_url=BASE_URL)
    with extension.sessions() as session:
        assert session.scalar(select(func.count()).select_from(RefusedLaunch)) == 30


def test_switching_names_off_deletes_those_stored_and_keeps_new_ones_out(tool, admin, extension):
    def names():
        with extension.sessions() as session:
            return set(session.scalars(select(LtiUser.name))) | set(session.scalars(select(RosterMember.name)))

    tool.launch_as(tool.browser())
    with extension.sessions.begin() as session:
        course = {
            "registration_id": tool.platform.registration_id,
            "context_id": session.scalars(select(Context.id)).one(),
        }
        session.add(Roster(**course, url="https://lms.example/nrps", wanted=False, next_read_at=tool.clock()))
        session.flush()
        session.add(RosterMember(**course, subject="8", name="Tom Talweg", active=True))
    assert names() == {"Ada Min", "Lea Lernfeld", "Tom Talweg"}
    admin.go("platform/")
    admin.press("Namen löschen")
    assert names() == {None}
    tool.launch_as(tool.browser())
    tool.launch_as(tool.browser(), sub="77", name="Tom Talweg")
    assert names() == {None}
    admin.press("Namen speichern")
    tool.launch_as(tool.browser())
    assert names() == {None, "Lea Lernfeld"}


def test_rosters_are_read_only_once_an_administrator_switched_that_on(tool, admin, extension):
    admin.go("platform/")
    assert "werden nicht gelesen" in admin.text
    admin.press("Teilnehmendenlisten lesen")
    assert "werden gelesen" in admin.text
    admin.press("nicht mehr lesen")
    assert "werden nicht gelesen" in admin.text
    assert [action for _, action, _ in actions(extension)] == ["rosters.read", "rosters.deleted"]


@pytest.fixture
def failed_grade(tool, extension, admin):
    """Lea's grade was refused for good."""
    client = tool.browser()
    lea = Visit(client, tool.launch_as(client))
    lea.go("quiz/datenrecht")
    lea.press("Quiz beginnen")
    attempt = lea.path.split("/question")[0]
    lea.post(f"{attempt}/submit", csrf=lea.csrf)
    with extension.sessions.begin() as session:
        failed = {"state": Delivery.FAILED, "reason": "ags.forbidden", "tries": 3}
        session.execute(update(ScoreDelivery).values(**failed, queued_at=tool.clock() - timedelta(days=2)))
        assert session.scalar(select(func.count()).select_from(ScoreDelivery)) == 1
    return lea


def test_failed_grades_are_counted_by_reason_and_sent_again(tool, admin, extension, failed_grade):
    admin.go("platform/")
    assert "Die Lernplattform hat die Übertragung untersagt." in admin.text
    admin.press("Alle fehlgeschlagenen erneut senden")
    assert "fehlgeschlagen" not in admin.text
    with extension.sessions() as session:
        row = session.scalars(select(ScoreDelivery)).one()
        assert row.state == Delivery.WAITING
        assert row.queued_at == tool.clock()
        assert session.scalars(select(AuditEntry)).one().detail == {"count": 1}


def test_grades_held_back_by_a_pause_go_on_by_themselves(tool, admin, extension, failed_grade):
    with extension.sessions.begin() as session:
        session.execute(update(ScoreDelivery).values(reason="registration.inactive"))
    admin.go("platform/")
    admin.press("Anbindung anhalten")
    admin.press("Anbindung fortsetzen")
    with extension.sessions() as session:
        assert session.scalars(select(ScoreDelivery.state)).one() == Delivery.WAITING


def findings(admin):
    """What the self-test says: what was tried -> (verdict and result, mend)."""
    import re

    admin.go("platform/")
    admin.press("Selbsttest starten")
    rows = re.findall(r"<tr class=\"kern-table__row\">\s*<th[^>]*>([^<]*)</th>(.*?)</tr>", admin.page.text, re.DOTALL)
    clean = {}
    for name, cells in rows[1:]:
        texts = [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td.*?</td>", cells, re.DOTALL)
        ]
        clean[name] = texts
    return clean


@pytest.fixture
def answering(tool):
    """A platform whose servers answer as they should, and our own key set as outsiders see it."""
    issuer, internet = tool.platform.issuer, tool.internet
    date = format_datetime(tool.clock())
    headers = {"content-type": "application/json", "date": date}
    keys = internet.answers[tool.platform.jwks_url]().body
    internet.answers[tool.platform.jwks_url] = lambda: Answer(200, headers, keys)
    own = tool.client.get("/lti/jwks", base_url=BASE_URL).data
    internet.answers[f"{BASE_URL}/lti/jwks"] = lambda: Answer(200, headers, own)
    internet.serve_json(
        f"{issuer}/mod/lti/token.php",
        {
            "access_token": "t",
            "token_type": "bearer",
            "expires_in": 3600,
            "scope": f"{AGS}scope/score {AGS}scope/result.readonly",
        },
    )
    internet.serve_json(f"{issuer}/mod/lti/services.php/2/lineitems/9/lineitem/results?type_id=1&user_id=2", [])
    return internet


def test_the_self_test_of_a_good_connection_finds_nothing_to_mend(admin, answering):
    found = findings(admin)
    assert len(found) == 9
    assert all(result.startswith("in Ordnung") and mend == "–" for result, mend in found.values()), found
    assert "Die Verbindung ist in Ordnung." in admin.text


def broken(answering, url, answer):
    def fail():
        if isinstance(answer, Exception):
            raise answer
        return answer

    answering.answers[url] = fail


@pytest.mark.parametrize(
    ("url", "answer", "said"),
    [
        ("https://lms.example/mod/lti/certs.php", TimedOut("late"), ("Schlüssel der Lernplattform abrufen", "Nach fünf Sekunden kam keine Antwort.")),
        ("https://lms.example/mod/lti/certs.php", Answer(404, {}, b""), ("Schlüssel der Lernplattform abrufen", "Die Adresse antwortet mit einem Fehler.")),
        ("https://lms.example/mod/lti/certs.php", Answer(200, {}, b"<html>"), ("Schlüssel der Lernplattform abrufen", "Unter der Adresse steht keine Schlüsselliste.")),
        ("https://lms.example/mod/lti/certs.php", Answer(200, {}, b'{"keys": []}'), ("Schlüssel der Lernplattform abrufen", "keinen verwendbaren Schlüssel")),
        ("https://lms.example/mod/lti/token.php", Answer(400, {}, b'{"error": "invalid_client"}'), ("Zugriffstoken für Bewertungen holen", "erkennt den Schlüssel")),
        ("https://tool.example/lti/jwks", Answer(200, {}, b'{"keys": []}'), ("Unsere Schlüssel von außen abrufen", "nicht alle unsere Schlüssel")),
        ("https://tool.example/lti/jwks", TimedOut("late"), ("Unsere Schlüssel von außen abrufen", "Nach fünf Sekunden")),
    ],
)  # fmt: skip
def test_the_self_test_says_what_is_wrong_and_how_to_mend_it(admin, answering, url, answer, said):
    line, result = said
    broken(answering, url, answer)
    found, mend = findings(admin)[line]
    assert found.startswith("Fehler")
    assert result in found
    assert len(mend) > 20
    assert "behoben werden" in admin.text


def test_the_self_test_finds_a_wrong_clock_and_a_proxy_that_forbids_frames(tool, admin, answering):
    keys = answering.answers[tool.platform.jwks_url]().body
    date = format_datetime(tool.clock() + timedelta(minutes=10))
    answering.answers[tool.platform.jwks_url] = lambda: Answer(200, {"date": date}, keys)
    own = answering.answers[f"{BASE_URL}/lti/jwks"]().body
    answering.answers[f"{BASE_URL}/lti/jwks"] = lambda: Answer(200, {"x-frame-options": "DENY"}, own)
    found = findings(admin)
    assert "Sekunden vor." in found["Uhrzeit vergleichen"][0]
    assert "NTP" in found["Uhrzeit vergleichen"][1]
    assert "X-Frame-Options: DENY" in found["Anzeige innerhalb der Lernplattform"][0]


def test_the_self_test_tries_no_grades_where_the_platform_offers_none(tool, answering):
    admin = enter(tool, endpoint=LEAVE_OUT)
    found = findings(admin)
    assert "bietet an dieser Aktivität keine Bewertungen" in found["Rechte für Bewertungen"][0]
    assert "Zugriffstoken für Bewertungen holen" not in found
    assert not any("token.php" in url for url in answering.asked)


def test_administrators_read_until_when_a_silent_platform_is_left_alone(tool, extension):
    silent = "antwortet gerade nicht"
    lms = Lms(tool)
    lms.hand_in(2)
    assert silent not in enter_page(tool).text
    with extension.sessions.begin() as session:
        row = session.scalars(select(ScoreDelivery)).one()
        row.reason, row.next_try_at = Reason.PLATFORM_UNAVAILABLE, tool.clock() + timedelta(minutes=5)
    text = enter_page(tool).text
    assert silent in text
    assert f"frühestens um {(tool.clock() + timedelta(minutes=5)).astimezone(TOWN_TIME):%H:%M} Uhr" in text
    tool.clock.turn(minutes=6)
    assert silent not in enter_page(tool).text


def enter_page(tool):
    admin = enter(tool)
    admin.click("Plattform verwalten")
    return admin
