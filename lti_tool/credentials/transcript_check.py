"""Reading a transcript that somebody brings, and telling it from a forgery. Nothing in the file is believed before.

The file says neither by which algorithm nor with which key it is checked: only Ed25519 counts, and only the keys that
the issuer publishes under its own address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode

from lti_tool.credentials.badge import ALGORITHM
from lti_tool.credentials.transcript import CODE_DIGEST, CODE_KIND, TOWN_KIND
from lti_tool.domain.proofs import Competence
from lti_tool.domain.transcripts import (
    MOST_MODULES,
    CodeMark,
    Fault,
    IssuerAway,
    PassedModule,
    Town,
    Transcript,
    TranscriptRefused,
)

LARGEST_FILE = 256 * 1024

_TOKEN = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_HOST = re.compile(r"did:web:(?P<host>[A-Za-z0-9.-]{1,253}(%3A[0-9]{1,5})?)")
_MODULE_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
_HEX = re.compile(r"[0-9a-f]{32,64}")
_MOST_KEYS = 100
_MOST_COMPETENCES = 50
_LONGEST_TEXT = 255
_LONGEST_COURSE = 60_000  # minutes
_HIGHEST_LEVEL = 9
_DATES_ARE_OURS: Any = {"verify_exp": False, "verify_nbf": False, "verify_aud": False}
_UNREADABLE = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError)


def is_transcript(content: bytes) -> bool:
    """Tell whether a file claims to be one, without believing anything else of it."""
    try:
        return "ClrCredential" in _claims(content.strip())["type"]
    except _UNREADABLE:
        return False


def read(content: bytes) -> tuple[str, Transcript]:
    """Return the token and what it says. Its signature is not checked by this.

    Raises:
        TranscriptRefused: it cannot be one, and why.
    """
    if len(content) > LARGEST_FILE:
        raise TranscriptRefused(Fault.TOO_LARGE)
    token = content.strip()
    if not _TOKEN.fullmatch(token):
        raise TranscriptRefused(Fault.NO_TRANSCRIPT)
    try:
        algorithm = json.loads(urlsafe_b64decode(token.split(b".")[0]))["alg"]
        transcript = _transcript(_claims(token))
    except _UNREADABLE:
        raise TranscriptRefused(Fault.NO_TRANSCRIPT) from None
    if algorithm != ALGORITHM:
        raise TranscriptRefused(Fault.BAD_ALGORITHM)
    host_of(transcript.issuer)
    return token.decode(), transcript


def verify(token: str, key_document: Mapping[str, Any]) -> Transcript:
    """Return what one of the issuer's keys has signed.

    Raises:
        TranscriptRefused: `unknown_issuer` for a document of somebody else, `tampered`.
    """
    try:
        return _transcript(_signed(token, key_document))
    except _UNREADABLE:
        raise TranscriptRefused(Fault.NO_TRANSCRIPT) from None


def is_revoked(status_list: bytes, key_document: Mapping[str, Any], transcript: Transcript, now: datetime) -> bool:
    """Tell whether a transcript is marked in its issuer's signed list of revocations.

    Raises:
        IssuerAway: the list is not the issuer's, too old, or for something else; it may be in order later.
    """
    from openbadgeslib.errors import LibOpenBadgesException
    from openbadgeslib.ob3.status import decode_encoded_list

    try:
        document = _signed(status_list.decode("ascii").strip(), key_document)
        subject = document["credentialSubject"]
        if document["id"] != transcript.status_list or subject["statusPurpose"] != "revocation":
            raise IssuerAway("another list")
        if _moment(document["validUntil"]) <= now:
            raise IssuerAway("an old list")
        bits = decode_encoded_list(subject["encodedList"])
        return bool(bits[transcript.status_index // 8] & 0x80 >> transcript.status_index % 8)
    except (TranscriptRefused, LibOpenBadgesException, *_UNREADABLE):
        raise IssuerAway("no usable list") from None


def host_of(issuer: str) -> str:
    """Return the host, and port, of a `did:web` without path.

    Raises:
        TranscriptRefused: `unknown_issuer`.
    """
    found = _HOST.fullmatch(issuer)
    if not found:
        raise TranscriptRefused(Fault.UNKNOWN_ISSUER)
    return unquote(found["host"]).lower()


def _signed(token: str, key_document: Mapping[str, Any]) -> dict[str, Any]:
    if _claims(token.encode())["iss"] != key_document.get("id"):
        raise TranscriptRefused(Fault.UNKNOWN_ISSUER)
    for key in _ed25519_keys(key_document):
        try:
            return dict(jwt.decode(token, key.as_pem(private=False), algorithms=[ALGORITHM], options=_DATES_ARE_OURS))
        except jwt.InvalidTokenError:
            continue
    raise TranscriptRefused(Fault.TAMPERED)


def _ed25519_keys(key_document: Mapping[str, Any]) -> list[OKPKey]:
    """Return the keys we can use; a document may hold others besides."""
    methods = key_document.get("verificationMethod")
    keys = []
    for method in methods[:_MOST_KEYS] if isinstance(methods, list) else ():
        try:
            jwk = method["publicKeyJwk"]
            if (jwk["kty"], jwk["crv"]) == ("OKP", "Ed25519"):
                keys.append(OKPKey.import_key({name: jwk[name] for name in ("kty", "crv", "x")}))
        except (JoseError, *_UNREADABLE):
            continue
    return keys


def _claims(token: bytes) -> dict[str, Any]:
    claims = json.loads(urlsafe_b64decode(token.split(b".")[1]))
    if not isinstance(claims, dict):
        raise TypeError("claims are an object")
    return claims


def _transcript(claims: Mapping[str, Any]) -> Transcript:
    issuer, subject, status = claims["issuer"], claims["credentialSubject"], claims["credentialStatus"]
    parts = subject["verifiableCredential"]
    if "ClrCredential" not in claims["type"] or claims["iss"] != issuer["id"] or claims["jti"] != claims["id"]:
        raise ValueError("no record of one issuer")
    if not isinstance(parts, list) or not 0 < len(parts) <= MOST_MODULES:
        raise ValueError("too many parts, or none")
    status_list = _text(status["statusListCredential"])
    if urlsplit(status_list).netloc.lower() != host_of(issuer["id"]):
        raise ValueError("a list of somebody else")
    return Transcript(
        id=UUID(claims["id"]).urn,
        issuer=_text(issuer["id"]),
        town=_town(issuer),
        modules=_modules(parts),
        code=_code(_one(subject["identifier"], "identityType", CODE_KIND)),
        issued_at=_moment(claims["validFrom"]),
        valid_until=_moment(claims["validUntil"]),
        status_list=status_list,
        status_index=_number(int(status["statusListIndex"]), 1 << 26),
    )


def _town(issuer: Mapping[str, Any]) -> Town:
    town_id = _one(issuer["otherIdentifier"], "identifierType", TOWN_KIND)["identifier"]
    return Town(UUID(town_id).urn, _text(issuer["name"]))


def _modules(parts: list[Any]) -> tuple[PassedModule, ...]:
    """Return the modules, each once."""
    modules = {module.id: module for module in map(_module, parts)}
    return tuple(modules.values())


def _module(part: Mapping[str, Any]) -> PassedModule:
    subject = part["credentialSubject"]
    achievement = subject["achievement"]
    if not _MODULE_ID.fullmatch(achievement["humanCode"]):
        raise ValueError("no id of a module")
    return PassedModule(
        id=achievement["humanCode"],
        title=_text(achievement["name"]),
        version=_text(achievement["version"])[:64] if "version" in achievement else "",
        minutes=_number(round(achievement["creditsAvailable"] * 60), _LONGEST_COURSE),
        passed_on=_moment(part["validFrom"]).date(),
        town=_text(subject["source"]["name"]),
        competences=tuple(
            Competence(
                _text(one["targetCode"])[:20],
                _text(one["targetName"]),
                _number(int(one["targetDescription"]), _HIGHEST_LEVEL),
            )
            for one in achievement.get("alignment", [])[:_MOST_COMPETENCES]
        ),
    )


def _code(identity: Mapping[str, Any]) -> CodeMark:
    scheme, digest, salt = identity["identityHash"][:7], identity["identityHash"][7:], identity["salt"]
    if scheme != CODE_DIGEST or not _HEX.fullmatch(digest) or not _HEX.fullmatch(salt):
        raise ValueError("no mark of a code")
    return CodeMark(salt, digest)


def _one(entries: list[Any], name: str, value: str) -> Mapping[str, Any]:
    [found] = (entry for entry in entries if entry[name] == value)
    return dict(found)


def _text(value: object) -> str:
    """Return text that can be shown: one line, nothing invisible in it."""
    if not isinstance(value, str):
        raise TypeError("text is text")
    text = "".join(character for character in " ".join(value.split()) if character.isprintable())
    if not 0 < len(text) <= _LONGEST_TEXT:
        raise ValueError("a text is missing or too long")
    return text


def _number(value: int, most: int) -> int:
    if not 0 <= value <= most:
        raise ValueError("a number out of range")
    return value


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without zone")
    return moment.astimezone(UTC)
