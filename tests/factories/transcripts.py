"""Transcripts as they travel from one town to another, and the tools that sign them."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from lti_tool.credentials.badge import Badges
from lti_tool.credentials.transcript import TranscriptFiles
from lti_tool.domain.proofs import Competence
from lti_tool.domain.transcripts import CodeMark, PassedModule, Town, Transcript
from lti_tool.lti.ports import Answer

CODE = "7K3M-Q2ZD-91XB"


@dataclass(frozen=True)
class Pair:
    kid: str
    pem: bytes


def new_key():
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Pair(OKPKey.import_key(pem).thumbprint(), pem)


def a_module(module_id="datenrecht", **changed):
    fields = {
        "id": module_id,
        "title": "Datenschutz und Datenrecht",
        "version": "0123abcd",
        "minutes": 90,
        "passed_on": date(2024, 11, 20),
        "town": "Stadt Siegen",
        "competences": (Competence("SC-05", "Daten- und Datenschutzrecht anwenden", 3),),
    }
    return PassedModule(**{**fields, **changed})


@dataclass
class OtherTool:
    """A tool of another operator: signs transcripts, and publishes its keys and revocations in the tests' internet."""

    base_url: str = "https://lernen.siegen.example"
    key: Pair = field(default_factory=new_key)
    town: Town = field(default_factory=lambda: Town(uuid4().urn, "Stadt Siegen"))

    @property
    def files(self):
        return TranscriptFiles(self.base_url)

    def transcript(self, now, **changed):
        fields = {
            "id": uuid4().urn,
            "issuer": self.files.did,
            "town": self.town,
            "modules": (a_module(),),
            "code": CodeMark.of(CODE),
            "issued_at": now.replace(microsecond=0) - timedelta(days=1),
            "valid_until": now.replace(microsecond=0) + timedelta(days=300),
            "status_list": self.files.list_address(1),
            "status_index": 4711,
        }
        return Transcript(**{**fields, **changed})

    def token(self, now, **changed):
        return self.files.token(self.transcript(now, **changed), self.key)

    def answer(self, internet, now, revoked=(), keys=None):
        """Publish the keys and the list of revocations."""
        badges, address = Badges(self.base_url), self.files.list_address(1)
        internet.serve_json(f"{self.base_url}/.well-known/did.json", badges.key_document(keys or [self.key]))
        signed = badges.status_list(address, revoked, self.key, now)
        internet.answers[address] = lambda: Answer(200, {}, signed.encode())


def payload(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def with_payload(token, **changed):
    """The same token with other claims under the old signature."""
    header, _, signature = token.split(".")
    return ".".join((header, encoded({**payload(token), **changed}), signature))


def take_along(visit):
    """Make a transcript; return the file and its code."""
    visit.go("transcript")
    visit.press("Lernnachweis erstellen")
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", visit.text)[0]
    visit.click("Datei herunterladen")
    return visit.page.text, code


def present(visit, token, code=CODE):
    """Hand the file in; return the answer."""
    visit.go("transcript/presented")
    content = token if isinstance(token, bytes) else token.encode()
    return visit.press("Datei ansehen", file=(BytesIO(content), "lernnachweis.jwt"), code=code)
