"""From pages read and quizzes passed to a certificate that anybody can verify."""

from __future__ import annotations

import base64
import gzip
import json
import re
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import takewhile

import jwt
import pypdf
import pytest
from sqlalchemy import select, update

from lti_tool.curriculum.model import Part
from lti_tool.db.models import Attempt, IssuedProof, LtiUser, ModuleProgress, ResourceLink
from lti_tool.services.audit import Who
from lti_tool.services.identities import Identities
from lti_tool.services.quiz_versions import QuizVersions
from tests.factories.visit import BASE_URL, Visit
from tests.functional.conftest import register_platform

MODULE = "datenrecht"
CERTIFICATE = "proofs/certificate/manager"
PAGE = f"modules/{MODULE}/{{}}"
PARTICIPATION = f"proofs/participation/{MODULE}"


@pytest.fixture
def lea(tool):
    return Visit(tool.client, tool.launch_as(custom={"module": MODULE}))


def _sessions(tool):
    return tool.app.extensions["smartcity"].sessions


def _pass_everything(tool):
    """Write down that everybody who was ever here has passed every module."""
    catalogue = tool.app.extensions["smartcity"].catalogue
    with _sessions(tool).begin() as session:
        for user in session.scalars(select(LtiUser)):
            for module_id in catalogue.certifications["manager"].required:
                row = session.get(ModuleProgress, (user.registration_id, user.id, module_id)) or ModuleProgress(
                    registration_id=user.registration_id, user_id=user.id, module_id=module_id
                )
                row.passed_at = row.updated_at = tool.clock()
                session.add(row)


@pytest.fixture
def graduate(tool, lea):
    """Lea with every module passed, and with the final project marked."""
    _pass_everything(tool)
    catalogue = tool.app.extensions["smartcity"].catalogue
    final = catalogue.modules[catalogue.certifications["manager"].capstone.module]
    with _sessions(tool).begin() as session:
        project = QuizVersions(session, catalogue).keep(final, Part.ASSIGNMENT)
        link = session.scalars(select(ResourceLink)).one()
        user = session.scalars(select(LtiUser)).one()
        marked = {"points": project.maximum, "maximum": project.maximum, "passed": True, "needs_marking": False}
        session.add(
            Attempt(
                registration_id=user.registration_id,
                user_id=user.id,
                resource_link_id=link.id,
                module_id=final.id,
                part=Part.ASSIGNMENT,
                quiz_version=project.version,
                number=1,
                started_at=tool.clock(),
                submitted_at=tool.clock(),
                **marked,
            )
        )
    return lea


def test_without_the_final_project_the_certificate_is_one_part_short(tool, lea):
    _pass_everything(tool)
    lea.go(CERTIFICATE)
    assert "Es fehlt noch 1 Teil." in lea.text


def _issue(visit, path=CERTIFICATE, name="Ada Lovelace", **fields):
    visit.go(path)
    return visit.press("Nachweis ausstellen", name=name, **fields)


def _address(visit):
    return re.search(rf"{BASE_URL}(/v/[A-Za-z0-9_-]{{22}})", visit.page.text)[1]


def _public(tool, path, **options):
    return tool.browser().get(path, base_url=BASE_URL, **options)


def _words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def test_before_it_is_earned_the_page_says_what_is_missing_and_nothing_can_be_issued(tool, lea):
    lea.go(CERTIFICATE)
    assert re.search(r"Es fehlen noch \d+ Teile\.", lea.text)
    answer = lea.post(CERTIFICATE, csrf=lea.csrf, name="Ada Lovelace")
    assert (answer.status_code, "proof.not_earned" in answer.text) == (409, True)


def test_half_of_the_required_pages_earn_a_confirmation_of_participation(tool, lea):
    pages = tool.app.extensions["smartcity"].catalogue.modules[MODULE].pages
    for page in pages[: len(pages) // 2 - 1]:
        lea.go(PAGE.format(page.slug))
    lea.go(PARTICIPATION)
    assert "Es fehlt noch 1 Seite." in lea.text
    lea.go(PAGE.format(pages[-1].slug))
    _issue(lea, PARTICIPATION)
    assert "Teilnahmebescheinigung: Datenschutz und Datenrecht" in lea.text
    assert "Gültig" in _words(_public(tool, _address(lea)))


def test_the_pdf_says_whom_and_what_for_and_is_the_same_each_time(tool, graduate):
    _issue(graduate)
    first = graduate.press("PDF herunterladen", name="Ada Lovelace").data
    document = pypdf.PdfReader(BytesIO(first))
    text = " ".join(document.pages[0].extract_text().split())
    assert len(document.pages) == 1
    for words in ("Zertifikat", "Ada Lovelace", "Smart City Manager – Musterlehrgang", "Selbstlernumfang"):
        assert words in text
    graduate.go("proofs")
    graduate.click("Zertifikat: Smart City Manager")
    assert graduate.press("PDF herunterladen", name="Ada Lovelace").data == first


def test_a_name_is_kept_only_where_it_is_wanted(tool, graduate):
    _issue(graduate)
    with _sessions(tool)() as session:
        stored = json.dumps([str(value) for row in session.execute(select(IssuedProof.__table__)) for value in row])
    assert "Lovelace" not in stored
    assert "Lovelace" not in _public(tool, _address(graduate)).text


def test_another_name_than_the_one_it_was_issued_to_gets_no_pdf(tool, graduate):
    _issue(graduate)
    answer = graduate.press("PDF herunterladen", name="Charles Babbage")
    assert (answer.status_code, "proof.other_name" in answer.text) == (409, True)


def test_whoever_wants_the_name_seen_finds_it_on_the_page_for_verification(tool, graduate):
    _issue(graduate, keep_name="on", name_public="on")
    assert "Ada Lovelace" in _public(tool, _address(graduate)).text


def test_two_clicks_at_once_issue_one_certificate(tool, graduate):
    graduate.go(CERTIFICATE)
    token, path = graduate.csrf, graduate.landing + CERTIFICATE

    def click(_):
        browser = tool.browser()
        browser._cookies = graduate.client._cookies
        return browser.post(path, data={"csrf": token, "name": "Ada Lovelace"}, base_url=BASE_URL).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(click, range(4))) == {200}
    with _sessions(tool)() as session:
        assert len(session.scalars(select(IssuedProof)).all()) == 1


@pytest.mark.parametrize("name", ["x" * 301, "   ", "\x00\x07"])
def test_a_name_that_cannot_be_one_is_refused_with_a_sentence_and_nothing_is_stored(tool, graduate, name):
    answer = _issue(graduate, name=name)
    assert answer.status_code == 400
    assert "Bitte geben Sie einen Namen mit höchstens 300 Zeichen ein." in graduate.text
    with _sessions(tool)() as session:
        assert session.scalars(select(IssuedProof)).all() == []


def test_characters_that_no_font_has_are_named_and_nothing_is_stored(tool, graduate):
    _issue(graduate, name="漢字")
    assert "Diese Zeichen kann die Urkunde nicht abbilden: 漢." in graduate.text
    with _sessions(tool)() as session:
        assert session.scalars(select(IssuedProof)).all() == []


def test_issued_anew_under_another_name_the_earlier_one_is_revoked(tool, graduate):
    _issue(graduate)
    earlier = _address(graduate)
    graduate.press("Neu ausstellen", name="Ada King")
    later = _address(graduate)
    assert "Widerrufen" in _words(_public(tool, earlier))
    assert "Der Nachweis wurde neu ausgestellt." in _words(_public(tool, earlier))
    assert "Gültig" in _words(_public(tool, later))


def test_a_withdrawn_certificate_stands_in_the_list_of_revocations(tool, graduate):
    _issue(graduate)
    token = graduate.go(graduate.landing + f"proofs/{_address(graduate)[3:]}/badge.jwt").text
    status = jwt.decode(token, options={"verify_signature": False})["credentialStatus"]
    before = _public(tool, "/v/status/1").text
    graduate.go(graduate.landing + f"proofs/{_id(token)}")
    graduate.press("Nachweis zurücknehmen")
    assert "widerrufen am" in graduate.text
    after = _public(tool, "/v/status/1").text
    index = int(status["statusListIndex"])
    assert (_bit(before, index), _bit(after, index)) == (0, 1)


def _id(token):
    return jwt.decode(token, options={"verify_signature": False})["id"].rpartition("/")[2]


def _bit(status_list, index):
    encoded = jwt.decode(status_list, options={"verify_signature": False})["credentialSubject"]["encodedList"]
    assert encoded.startswith("u")
    bits = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
    return bits[index // 8] >> (7 - index % 8) & 1


def test_a_certificate_that_ends_says_so(tool, graduate):
    _issue(graduate)
    with _sessions(tool).begin() as session:
        session.execute(update(IssuedProof).values(valid_until=tool.clock()))
    assert "Abgelaufen am" in _words(_public(tool, _address(graduate)))


def test_what_was_proved_stays_readable_when_the_content_is_gone(tool, graduate):
    _issue(graduate)
    with _sessions(tool).begin() as session:
        facts = session.scalars(select(IssuedProof.facts)).one()
        session.execute(update(IssuedProof).values(subject_id="gone", facts={**facts, "subject_id": "gone"}))
    page = _words(_public(tool, _address(graduate)))
    assert "Smart City Manager – Musterlehrgang" in page
    assert "Gültig" in page


@pytest.mark.parametrize("form", ["png", "svg", "jwt", "json"])
def test_an_uploaded_badge_is_found_genuine(tool, graduate, form):
    _issue(graduate)
    badge = graduate.go(f"{graduate.landing}proofs/{_address(graduate)[3:]}/badge.{form}").data
    page = _words(_upload(tool, badge))
    assert "Gültig" in page
    assert "Die Datei ist echt" in page
    assert "Lovelace" not in page


def test_an_uploaded_pdf_is_told_from_a_changed_one(tool, graduate):
    _issue(graduate)
    document = graduate.press("PDF herunterladen", name="Ada Lovelace").data
    genuine = _words(_upload(tool, document))
    assert "Das PDF ist unverändert." in genuine
    assert "Ausgestellt für: Ada Lovelace" in genuine
    changed = _words(_upload(tool, document + b"\n% changed"))
    assert "sieht aber nicht genau so aus" in changed


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 no", b"<svg/>", b"\x89PNG\r\n\x1a\nno", b"{}", b"a.b.c", b"no"])
def test_a_file_that_proves_nothing_is_told_so(tool, graduate, content):
    _issue(graduate)
    assert "kein signierter Nachweis" in _words(_upload(tool, content))


def test_a_file_that_is_too_large_is_told_so(tool, graduate):
    _issue(graduate)
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="n"\r\n\r\n'
    body = head + b"x" * (3 * 1024 * 1024) + b"\r\n--x--\r\n"
    answer = tool.browser().post("/v/", base_url=BASE_URL, data=body, content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, "too_large" in answer.text) == (413, True)


def _upload(tool, content):
    data = {"file": (BytesIO(content), "nachweis")}
    return tool.browser().post("/v/", data=data, base_url=BASE_URL, content_type="multipart/form-data")


def test_unknown_addresses_are_not_found_and_no_search_engine_keeps_any(tool, graduate):
    _issue(graduate)
    for path in ("/v/" + "A" * 22, "/v/short", "/v/status/2", "/v/status/0"):
        answer = _public(tool, path)
        assert answer.status_code == 404, path
    assert _public(tool, _address(graduate)).headers["X-Robots-Tag"] == "noindex, nofollow"


def test_too_many_questions_are_refused_for_a_while(tool, graduate):
    _issue(graduate)
    path, browser = _address(graduate), tool.browser()
    asked = (browser.get(path, base_url=BASE_URL).status_code for _ in range(1000))  # a slow machine is granted more
    answers = list(takewhile(lambda status: status == 200, asked))
    assert 120 <= len(answers) < 1000
    assert next(asked) == 429


def test_a_preview_earns_nothing(tool):
    teacher = Visit(tool.client, tool.launch_as(role="Instructor", custom={"module": MODULE}))
    _pass_everything(tool)
    teacher.go(PARTICIPATION)
    answer = teacher.post(PARTICIPATION, csrf=teacher.csrf, name="Ines")
    assert answer.status_code == 409
    with _sessions(tool)() as session:
        assert session.scalars(select(IssuedProof)).all() == []


def test_somebody_elses_certificate_does_not_exist(tool, graduate, database_url):
    _issue(graduate)
    proof = _address(graduate)[3:]
    stranger = Visit(tool.browser(), tool.launch_as(tool.browser(), sub="stranger", custom={"module": MODULE}))
    elsewhere = register_platform(database_url, tool.clock, tool.internet, issuer="https://other.example")
    assert elsewhere.registration_id != tool.platform.registration_id
    for way in ("", "/badge.jwt"):
        assert stranger.go(f"{stranger.landing}proofs/{proof}{way}").status_code in {403, 404}
    browser = tool.browser()
    other = Visit(browser, tool.launch_as(browser, sub="other", custom={"module": MODULE}))
    assert other.go(f"proofs/{proof}").status_code == 404
    assert other.post(f"proofs/{proof}/pdf", csrf=other.csrf, name="Ada Lovelace").status_code == 404
    assert other.post(f"proofs/{proof}/withdraw", csrf=other.csrf).status_code == 404


def test_merged_identities_keep_their_certificates(tool, graduate):
    _issue(graduate)
    proof = _address(graduate)[3:]
    browser = tool.browser()
    new = Visit(browser, tool.launch_as(browser, sub="new", custom={"module": MODULE}))
    with _sessions(tool).begin() as session:
        old = session.scalars(select(LtiUser.subject).where(LtiUser.subject != "new")).one()
        merge = Identities(session, tool.clock, Who.OPERATOR).merge(tool.platform.registration_id, old, "new")
    assert new.go(f"proofs/{proof}").status_code == 200
    with _sessions(tool).begin() as session:
        Identities(session, tool.clock, Who.OPERATOR).undo(tool.platform.registration_id, merge)
    assert new.go(f"proofs/{proof}").status_code == 404
