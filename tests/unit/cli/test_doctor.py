"""The doctor finds what is wrong, names the mend, and changes nothing."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lti_tool.cli.doctor.examination import examine
from lti_tool.cli.doctor.finding import Verdict
from lti_tool.cli.doctor.outside import OutsideView, examine_clock
from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.domain.self_test import Probed
from lti_tool.lti.ports import Answer
from tests.factories.tool_key import lend_tool_key
from tests.functional.conftest import BASE_URL, running_tool

BAD, HINT, GOOD = Verdict.BAD, Verdict.HINT, Verdict.GOOD


def found(done):
    return {row["check"]: row for row in json.loads(done.out)}


def examined(**settings):
    return {
        finding.check: finding for finding in examine({f"SMARTCITY_{name}": value for name, value in settings.items()})
    }


@pytest.fixture
def with_key(complete, database_url):
    engine = make_engine(database_url)
    with make_sessions(engine).begin() as session:
        lend_tool_key(session, complete["SECRET_KEY"], datetime.now(UTC) - timedelta(days=400))
    engine.dispose()
    return complete | {"BASE_URL": "http://127.0.0.1:9"}


def test_all_faults_of_the_settings_are_told_at_once_with_the_mend(smartcity):
    done = smartcity("doctor", SECRET_KEY="short", BASE_URL="http://lernen.example.org")
    assert done.code == 1
    for words in ("SECRET_KEY: ist kürzer als 32", "BASE_URL: beginnt mit http", "DATABASE_URL: fehlt", "→ Nötig ist"):
        assert words in done.out
    assert "Fehler: 3, Hinweise: 0" in done.out


def test_a_house_without_worker_and_web_server_is_told_what_to_start(smartcity, with_key):
    done = smartcity("doctor", "--json", **with_key)
    rows = found(done)
    assert done.code == 1
    assert {check for check, row in rows.items() if row["verdict"] == "bad"} == {"worker.alive", "outside.keys"}
    assert "smartcity worker" in rows["worker.alive"]["mend"]
    assert "smartcity keys rotate" in rows["keys.age"]["mend"], "the key is older than a year"
    assert rows["database.migrations"]["verdict"] == rows["places.room"]["verdict"] == "good"


def test_another_secret_key_is_found_before_the_tool_fails_to_start(with_key):
    rows = examined(**with_key | {"SECRET_KEY": "another secret key that is long enough"})
    assert rows["keys.readable"].verdict is BAD


def test_looking_at_a_database_that_is_not_there_does_not_make_it(tmp_path, complete):
    path = tmp_path / "new" / "x.sqlite3"
    path.parent.mkdir()
    rows = examined(**complete | {"DATABASE_URL": f"sqlite:///{path}"})
    assert "db upgrade" in rows["database"].mend
    assert list(path.parent.iterdir()) == []


def test_broken_content_and_a_database_that_was_not_migrated_are_told(tmp_path, complete):
    (tmp_path / "content").mkdir()
    engine = make_engine(f"sqlite:///{tmp_path}/empty.sqlite3")
    engine.connect().close()
    engine.dispose()
    rows = examined(
        **complete | {"CONTENT_DIR": str(tmp_path / "content"), "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"}
    )
    assert rows["content"].verdict is rows["database.migrations"].verdict is BAD


class ByProxy:
    """Reaches the running tool as a reverse proxy would, which adds or replaces headers."""

    def __init__(self, tool, **added):
        self.tool = tool
        self.added = added

    def send(self, method, url, *, headers, **_):
        sent = {**headers, **{name.replace("_", "-"): value for name, value in self.added.items()}}
        sent = {name: value.format(given=headers.get(name, "")) for name, value in sent.items()}
        plain = self.tool.client.open(
            urlsplit(url).path, method=method, headers=sent, base_url="http://tool.example", buffered=True
        )
        return Answer(plain.status_code, {}, plain.data)


PROPER = {"X_Forwarded_Proto": "https", "X_Forwarded_Host": "tool.example", "X_Forwarded_For": "198.51.100.7"}
APPENDING = PROPER | {"X_Forwarded_For": "{given}, 198.51.100.7"}
PASSING = {"X_Forwarded_Proto": "https"}


@pytest.mark.parametrize(
    ("trusted", "proxy", "verdict"),
    [
        ("1", PROPER, GOOD),
        ("1", APPENDING, GOOD),
        ("0", PROPER, BAD),  # it takes everybody for the proxy
        ("0", {}, GOOD),
        ("2", APPENDING, BAD),  # it believes what the sender made up
        ("1", PASSING, BAD),
    ],
)
def test_whether_forwarded_headers_are_trusted_rightly_is_seen_from_outside(database_url, trusted, proxy, verdict):
    with running_tool(database_url, SMARTCITY_TRUSTED_PROXIES=trusted) as tool:
        published = frozenset(key["kid"] for key in tool.client.get("/lti/jwks", base_url=BASE_URL).json["keys"])
        view = OutsideView(tool.settings, ByProxy(tool, **proxy))
        rows = {finding.check: finding for finding in view.examine(published)}
        assert rows["outside.proxies"].verdict is verdict, rows["outside.proxies"]
        assert rows["outside.keys"].verdict is GOOD
        other = {finding.check: finding for finding in view.examine(published | {"another"})}
        assert other["outside.keys"].verdict is BAD


def test_nobody_but_the_doctor_learns_what_the_tool_sees(database_url):
    with running_tool(database_url) as tool:
        for headers in ({}, {"X-Smartcity-Question": "seen"}):
            assert tool.client.get("/healthz/seen", base_url=BASE_URL, headers=headers).status_code == 404


@contextmanager
def secure_server(tmp_path, days: int) -> Iterator[int]:
    """A server at localhost whose certificate, its own authority, ends in so many days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    (tmp_path / "server.pem").write_bytes(pem)
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # whoever does not trust us hangs up
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("days", "verdict"), [(5, BAD), (14, HINT), (60, GOOD)])
def test_a_certificate_that_ends_soon_is_told(database_url, tmp_path, monkeypatch, days, verdict):
    with running_tool(database_url) as tool, secure_server(tmp_path, days) as port:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
        settings = replace(tool.settings, base_url=f"https://localhost:{port}")
        finding = next(iter(OutsideView(settings, ByProxy(tool)).examine(frozenset())))
        assert (finding.check, finding.verdict) == ("outside.tls", verdict), finding
        assert f"(Tage: {days})" in finding.found
        monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
        finding = next(iter(OutsideView(settings, ByProxy(tool)).examine(frozenset())))
        assert (finding.verdict, "self-signed" in finding.found) == (BAD, True), finding


@pytest.mark.parametrize(("seconds", "verdict"), [(1, GOOD), (60, HINT), (600, BAD)])
def test_a_clock_that_is_wrong_is_told_by_a_platform_that_answers(database_url, seconds, verdict):
    class Platforms:
        asked = 0

        def platform_keys(self, _registration):
            self.asked += 1
            late = datetime.now(UTC) - timedelta(seconds=seconds)
            return Probed("timeout") if self.asked == 1 else Probed(answered_at=late)

    with running_tool(database_url) as tool:
        known = tool.app.extensions["smartcity"].registrations.by_id(tool.platform.registration_id)
        (finding,) = examine_clock(Platforms(), [known, known, known])
    assert (finding.check, finding.verdict) == ("clock.platform", verdict)
