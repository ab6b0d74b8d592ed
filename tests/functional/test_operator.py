"""The operator's console: one link, one session, and nothing in anybody's frame."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from lti_tool.db.models import AuditEntry, Deployment, Municipality, OperatorLink, OperatorSession
from lti_tool.db.models import Registration as RegistrationRow
from lti_tool.services.launches import StoreLaunch
from lti_tool.services.operators import Operators
from lti_tool.services.towns import PAGE, Towns
from tests.factories.visit import BASE_URL, Visit


@pytest.fixture
def extension(tool):
    return tool.app.extensions["smartcity"]


def new_link(tool, extension, **lasts):
    with extension.sessions.begin() as session:
        code = Operators(session, tool.clock).make_link(*([timedelta(**lasts)] if lasts else []))
    return f"/operator/enter/{code}"


@pytest.fixture
def console(tool, extension):
    """An operator who has come in."""
    client = tool.browser()
    visit = Visit(client, new_link(tool, extension))
    visit.press("Anmelden")
    assert visit.path == "/operator/"
    return visit


def log(extension):
    with extension.sessions() as session:
        return [(entry.actor, entry.action, entry.subject) for entry in session.scalars(select(AuditEntry))]


def test_a_link_opens_one_session_and_looking_at_it_uses_nothing_up(tool, extension):
    link = new_link(tool, extension)
    first, second = Visit(tool.browser(), link), Visit(tool.browser(), link)
    assert first.page.status_code == second.page.status_code == 200
    first.press("Anmelden")
    assert first.page.status_code == 200
    second.press("Anmelden")
    assert second.page.status_code == 403
    assert "operator.link_invalid" in second.text


def test_a_link_ends(tool, extension):
    visit = Visit(tool.browser(), new_link(tool, extension, minutes=5))
    tool.clock.turn(minutes=5)
    visit.press("Anmelden")
    assert visit.page.status_code == 403


def test_a_session_ends_after_eight_hours_and_when_the_operator_leaves(tool, console):
    tool.clock.turn(hours=7, minutes=59)
    assert console.go("/operator/").status_code == 200
    tool.clock.turn(minutes=1)
    assert console.go("/operator/").status_code == 401
    assert "operator.session_expired" in console.text


def test_leaving_ends_the_session_also_for_who_kept_the_cookie(tool, extension, console):
    kept = console.client.get_cookie("operator", domain="tool.example", path="/operator").value
    console.press("Abmelden")
    other = tool.browser()
    other.set_cookie("operator", kept, domain="tool.example", path="/operator")
    assert other.get("/operator/", base_url=BASE_URL).status_code == 401


def test_the_cookie_is_bound_to_the_console(tool, extension):
    client = tool.browser()
    answer = client.post(new_link(tool, extension), base_url=BASE_URL)
    cookie = answer.headers["Set-Cookie"]
    for part in ("Secure", "HttpOnly", "Path=/operator", "SameSite=Strict", "Max-Age=28800"):
        assert part in cookie


def test_the_database_holds_neither_link_nor_session(tool, extension):
    link = new_link(tool, extension)
    with extension.sessions() as session:
        assert session.scalars(select(OperatorLink.code_hash)).one() not in link
    visit = Visit(tool.browser(), link)
    visit.press("Anmelden")
    kept = visit.client.get_cookie("operator", domain="tool.example", path="/operator").value
    with extension.sessions() as session:
        assert session.scalars(select(OperatorSession.secret_hash)).one() != kept


@pytest.mark.parametrize("path", ["/operator/", "/operator/towns/1", "/operator/keys", "/operator/audit"])
def test_nobody_gets_in_without_a_session_and_nobody_frames_the_door(tool, path):
    answer = tool.client.get(path, base_url=BASE_URL)
    assert answer.status_code == 401
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_launch_opens_no_door_to_the_console(tool):
    client = tool.browser()
    Visit(client, tool.launch_as(client, role="Instructor"))
    assert client.get("/operator/", base_url=BASE_URL).status_code == 401


def test_every_page_of_the_console_stays_out_of_frames(console):
    for path in ("/operator/", "/operator/towns/1", "/operator/keys", "/operator/audit"):
        answer = console.go(path)
        assert answer.status_code == 200
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}])
def test_a_form_of_another_site_changes_nothing(console, extension, headers):
    answer = console.client.post("/operator/towns/1", data={"name": "Neu"}, headers=headers, base_url=BASE_URL)
    assert answer.status_code == 403
    with extension.sessions() as session:
        assert session.scalars(select(Municipality.name)).one() == "Stadt Olpe"


@pytest.mark.parametrize("words", ["olpe", "lms.exam", "tool-client", "TOOL-CLIENT", "Moodle"])
def test_a_town_is_found_by_name_issuer_and_client(console, words):
    console.go("/operator/", query_string={"q": words})
    assert "Stadt Olpe" in console.text
    console.go("/operator/", query_string={"q": words + "x%"})
    assert "Stadt Olpe" not in console.text


def test_a_refused_launch_is_found_by_its_reference_number(tool, console):
    refused = tool.launch(tool.browser(), version="1.1")
    console.go("/operator/", query_string={"q": refused.headers["X-Request-ID"]})
    assert "launch.bad_version" in console.text
    console.click("zur Kommune")
    assert "Stadt Olpe" in console.text
    assert refused.headers["X-Request-ID"] in console.text


@pytest.fixture
def many_towns(extension, tool):
    with extension.sessions.begin() as session:
        towns = [Municipality(name=f"Gemeinde {number:05}") for number in range(3000)]
        session.add_all(towns)
        session.flush()
        session.add_all(
            RegistrationRow(
                municipality_id=town.id, name=f"ILIAS {town.name}", issuer=f"https://{town.id}.example", client_id="c",
                auth_login_url="", auth_token_url="", jwks_url="", created_at=tool.clock(),
            )
            for town in towns
        )  # fmt: skip


def test_thousands_of_towns_come_page_by_page_without_loss(many_towns, extension):
    with extension.sessions() as session:
        names, after = [], ""
        while after is not None:
            page = Towns(session).find("gemeinde", after)
            assert len(page.towns) <= PAGE
            names += [town.name for town in page.towns]
            after = page.after
    assert names == [f"Gemeinde {number:05}" for number in range(3000)]


def test_the_list_leads_on_to_its_next_page(many_towns, console):
    console.go("/operator/")
    assert "Gemeinde 00049" in console.text
    console.click("Weitere zeigen")
    assert "Gemeinde 00050" in console.text
    assert "Gemeinde 00049" not in console.text


def test_a_lowercase_umlaut_finds_its_capital(console):
    console.go("/operator/towns/1")
    console.press("Umbenennen", name="Gemeinde Öhringen")
    console.go("/operator/", query_string={"q": "öhringen"})
    assert "Gemeinde Öhringen" in console.text


def test_a_town_gets_another_name_but_not_that_of_another(tool, extension, console):
    with extension.sessions.begin() as session:
        session.add(Municipality(name="Stadt Siegen"))
    console.go("/operator/towns/1")
    console.press("Umbenennen", name="  Kreisstadt   Olpe ")
    assert "Kreisstadt Olpe" in console.text
    console.press("Umbenennen", name="Stadt Siegen")
    assert console.page.status_code == 409
    assert log(extension)[-1] == ("operator", "town.renamed", "Kreisstadt Olpe")


def test_a_platform_is_paused_and_resumed(tool, extension, console):
    console.go("/operator/towns/1")
    console.press("Anbindung anhalten")
    assert tool.client.post("/lti/login", data=tool.platform.login(), base_url=BASE_URL).status_code == 403
    console.press("Anbindung fortsetzen")
    assert tool.client.post("/lti/login", data=tool.platform.login(), base_url=BASE_URL).status_code == 302


def test_the_town_shows_at_once_what_another_process_has_just_changed(tool, extension, console):
    console.go("/operator/towns/1")
    assert "Die Anbindung arbeitet." in console.text
    with extension.sessions.begin() as session:
        session.get_one(RegistrationRow, tool.platform.registration_id).active = False

    console.go("/operator/towns/1")

    assert "Die Anbindung ist angehalten." in console.text


def test_a_waiting_deployment_is_approved(tool, extension, console):
    with extension.sessions.begin() as session:
        StoreLaunch(session, tool.clock).remember_deployment(tool.platform.registration_id, "9")
    console.go("/operator/")
    console.go("/operator/towns/1")
    assert "wartet auf Freigabe" in console.text
    console.press("Freigeben")
    with extension.sessions() as session:
        assert all(session.scalars(select(Deployment.active)))
    console.go("/operator/audit")
    assert "Deployment freigegeben" in console.text
    assert "Betrieb" in console.text


def test_an_invitation_is_shown_once(tool, extension, console):
    console.go("/operator/towns/1")
    console.press("Einladung ausstellen")
    address = re.search(r"https://tool\.example/register/[\w-]+", console.text).group()
    assert tool.client.get(address + "/manual", base_url=BASE_URL).status_code == 200
    console.go("/operator/towns/1")
    assert "offen" in console.text
    assert address not in console.text


def test_a_town_that_is_new_here_is_invited_and_the_invitation_taken_back(tool, extension, console):
    console.go("/operator/")
    console.click("Einladungen")
    console.press("Einladung ausstellen", town=" Kreis  Olpe ", days="3", hosts="Moodle.Intern.Example, lms.local")
    assert "Einladung für Kreis Olpe" in console.text
    address = re.search(r"https://tool\.example/register/[\w-]+", console.text).group()
    assert tool.client.get(address + "/manual", base_url=BASE_URL).status_code == 200
    console.go("/operator/invitations/")
    assert "lms.local, moodle.intern.example" in console.text
    assert address not in console.text
    console.press("Zurückziehen")
    assert "zurückgezogen" in console.text
    assert tool.client.get(address + "/manual", base_url=BASE_URL).status_code == 403
    assert log(extension)[-2:] == [
        ("operator", "invitation.made", "Kreis Olpe"),
        ("operator", "invitation.revoked", "1"),
    ]
    assert console.post("/operator/invitations/1/revoke", csrf=console.csrf).status_code == 404


@pytest.mark.parametrize(
    ("filled", "fault"),
    [
        ({"town": " "}, "Nennen Sie die Kommune"),
        ({"town": "x" * 256}, "Nennen Sie die Kommune"),
        ({"days": "0"}, "Nennen Sie eine Zahl von 1 bis 90."),
        ({"days": "91"}, "Nennen Sie eine Zahl von 1 bis 90."),
        ({"days": "²"}, "Nennen Sie eine Zahl von 1 bis 90."),
        ({"days": "9" * 5000}, "Nennen Sie eine Zahl von 1 bis 90."),
        ({"hosts": "https://moodle.example:8080"}, "Nennen Sie nur den Rechnernamen"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_asked_for_again(console, filled, fault):
    console.go("/operator/invitations/")
    console.press("Einladung ausstellen", **{"town": "Kreis Olpe", "days": "14", "hosts": "", **filled})
    assert console.page.status_code == 400
    assert fault in console.text
    console.go("/operator/invitations/")
    assert "Noch gibt es keine Einladung." in console.text


def test_the_next_key_is_published_by_a_button(tool, console):
    console.go("/operator/keys")
    console.press("Nächsten Schlüssel")
    assert "nächster" in console.text
    assert len(tool.client.get("/lti/jwks", base_url=BASE_URL).json["keys"]) == 2
    console.press("Nächsten Schlüssel")
    assert console.page.status_code == 409


@pytest.mark.parametrize("statement", ["DELETE FROM audit_entry", "UPDATE audit_entry SET actor = 'nobody'"])
def test_the_audit_log_can_only_grow(extension, console, statement):
    with extension.sessions() as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))
    assert log(extension) == [("command_line", "operator.link_made", ""), ("operator", "operator.entered", "")]


def test_an_unknown_town_or_platform_does_not_exist(console):
    assert console.go("/operator/towns/99").status_code == 404
    assert console.go("/operator/platforms/99/identities").status_code == 404
