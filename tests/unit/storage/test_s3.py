"""The object store's answers, good and bad, from a server that says what each test wants."""

from __future__ import annotations

import base64
import hashlib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lti_tool.restraint.circuits import MemoryCircuits
from lti_tool.storage.bucket import Bucket
from lti_tool.storage.errors import Fault, StoreFailed
from lti_tool.storage.s3 import LARGEST, S3Store
from lti_tool.storage.transport import Transport

KEY = "7/0123456789abcdef"


class Server:
    """Answers with the next of `answers` (status, body), the last one for ever; notes what it was asked."""

    def __init__(self, *answers) -> None:
        self.answers = list(answers)
        self.asked = []
        self.address = ""

    def next(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def serving(*answers, context: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(*answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            server.asked.append((self.command, self.path, dict(self.headers), body))
            status, data, *more = server.next()
            promised = more[0] if more else len(data)
            self.send_response(status)
            self.send_header("Content-Length", str(promised))
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            for place in range(len(data)) if more[1:] else ():
                self.wfile.write(data[place : place + 1])
                if more[1].wait(0.05):
                    return
            if not more[1:]:
                self.wfile.write(data)
            if promised != len(data):
                self.close_connection = True

        do_GET = do_PUT = do_DELETE = answer  # noqa: N815 -- http.server's names

        def log_message(self, *_args):
            pass

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.handle_error = lambda *_args: None
    if context:
        listener.socket = context.wrap_socket(listener.socket, server_side=True)
    server.address = f"http{'s' if context else ''}://127.0.0.1:{listener.server_port}"
    thread = Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    listener.shutdown()
    thread.join()
    listener.server_close()


def store_of(server, *, total=14.0, authorities="", circuits=None, by_path=True):
    bucket = Bucket(server.address, "lernen", "eu-central-1", "ID", "SECRET", by_path=by_path)
    return S3Store(bucket, circuits or MemoryCircuits(), Transport(authorities, total), sleep=lambda _seconds: None)


def error(code):
    return f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>…</Message></Error>".encode()


def fault_of(call, *args):
    with pytest.raises(StoreFailed) as caught:
        call(*args)
    return caught.value.fault


def test_what_is_sent_is_signed_with_its_checksum_and_says_nothing_about_anybody():
    with serving((200, b"")) as server:
        store_of(server).put(KEY, b"an answer")
    [(method, path, headers, body)] = server.asked
    assert (method, path, body) == ("PUT", f"/lernen/{KEY}", b"an answer")
    digest = hashlib.sha256(b"an answer")
    assert headers["x-amz-content-sha256"] == digest.hexdigest()
    assert headers["x-amz-checksum-sha256"] == base64.b64encode(digest.digest()).decode()
    assert "Credential=ID/" in headers["Authorization"]
    assert "/eu-central-1/s3/aws4_request" in headers["Authorization"]
    assert "x-amz-content-sha256" in headers["Authorization"]
    assert "SECRET" not in repr(headers)


@pytest.mark.parametrize(
    ("status", "code", "fault"),
    [
        (404, "NoSuchBucket", Fault.BUCKET),
        (404, "", Fault.ODD),
        (403, "InvalidAccessKeyId", Fault.KEYS),
        (403, "SignatureDoesNotMatch", Fault.KEYS),
        (403, "RequestTimeTooSkewed", Fault.CLOCK),
        (403, "AccessDenied", Fault.RIGHTS),
        (301, "PermanentRedirect", Fault.REGION),
        (400, "AuthorizationHeaderMalformed", Fault.REGION),
        (507, "XMinioStorageFull", Fault.FULL),
        (507, "", Fault.FULL),
        (418, "", Fault.ODD),
    ],
)
def test_each_refusal_has_its_reason_and_is_not_repeated(status, code, fault):
    with serving((status, error(code) if code else b"")) as server:
        assert fault_of(store_of(server).put, KEY, b"x") is fault
        assert len(server.asked) == 1, "neither repeated nor followed elsewhere"


def test_an_object_that_is_not_there_is_told_from_a_store_that_is_not_one():
    with serving((404, error("NoSuchKey"))) as server:
        store = store_of(server)
        with pytest.raises(FileNotFoundError):
            store.get(KEY)
        store.delete(KEY)


@pytest.mark.parametrize("first", [(503, error("SlowDown")), (500, b""), (400, error("BadDigest")), (200, b"half", 99)])
def test_what_may_pass_is_tried_again(first):
    with serving(first, (200, b"whole")) as server:
        assert store_of(server).get(KEY) == b"whole"
        assert len(server.asked) == 2


def test_a_store_that_is_away_is_left_alone_after_three_calls_and_asked_again_later():
    seconds = [0.0]
    circuits = MemoryCircuits(lambda: seconds[0])
    with serving((503, b"")) as server:
        store = store_of(server, circuits=circuits)
        for _ in range(3):
            assert fault_of(store.get, KEY) is Fault.AWAY
        assert len(server.asked) == 9
        assert fault_of(store.get, KEY) is Fault.AWAY
        assert len(server.asked) == 9, "it was not asked"
        seconds[0], server.answers = 6.0, [(200, b"there")]
        assert store.get(KEY) == b"there"
        assert store.get(KEY) == b"there"


def test_an_answer_that_drips_ends_when_the_time_is_over():
    from threading import Event

    over = Event()
    with serving((200, b"x" * 1000, 1000, over)) as server:
        assert fault_of(store_of(server, total=0.3).get, KEY) is Fault.AWAY
        over.set()


def test_nothing_larger_than_a_file_may_be_is_read():
    with serving((200, b"x" * (LARGEST + 1))) as server:
        assert fault_of(store_of(server).get, KEY) is Fault.TOO_LARGE


@pytest.mark.parametrize("key", ["../secret", "7/name.pdf", "7//x", "", "7/Müller"])
def test_no_name_becomes_the_name_of_an_object(key):
    with serving((200, b"")) as server:
        with pytest.raises(ValueError, match="not a key"):
            store_of(server).put(key, b"x")
        assert server.asked == []


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate for 127.0.0.1 that nobody has signed but itself, and the server's side of it."""
    from ipaddress import ip_address

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "store")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(pem + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return pem.decode(), context


def test_a_certificate_of_a_stranger_is_refused_and_of_the_own_authority_accepted(authority):
    pem, context = authority
    with serving((200, b"there"), context=context) as server:
        assert fault_of(store_of(server).get, KEY) is Fault.TLS
        assert server.asked == []
        assert store_of(server, authorities=pem).get(KEY) == b"there"


def test_the_bucket_stands_in_the_path_or_before_the_host():
    where = {"endpoint": "https://s3.example.org", "name": "lernen", "region": "r", "access_key": "", "secret_key": ""}
    assert Bucket(**where).url("7/a") == "https://s3.example.org/lernen/7/a"
    assert Bucket(**where, by_path=False).url("7/a") == "https://lernen.s3.example.org/7/a"
