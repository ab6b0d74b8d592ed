"""The table of bad launches (rows A4 to A74): how each launch is spoilt, and the code it is refused with.

The same rows are run against the validator alone and over HTTP. `None` as the code means: accepted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from lti_tool.domain.errors import Code
from tests.factories.forgery import Forgery, compact, es256, unsigned
from tests.factories.platform_key import PlatformKey


class Row(NamedTuple):
    id: str
    code: Code | None
    spoil: Callable[[Forgery], None]


def _claim(name: str, value: Any) -> Callable[[Forgery], None]:
    return lambda forgery: forgery.set(name, value)


def _no_claim(name: str) -> Callable[[Forgery], None]:
    return lambda forgery: forgery.remove(name)


def _time(name: str, seconds: int) -> Callable[[Forgery], None]:
    """Move a time claim, seen from the moment of the launch (`iat`)."""
    return lambda forgery: forgery.set(name, forgery.claims["iat"] + seconds)


def _header(**members: Any) -> Callable[[Forgery], None]:
    return lambda forgery: forgery.header.update(members)


def _form(**fields: str | None) -> Callable[[Forgery], None]:
    return lambda forgery: forgery.form.update(fields)


def _token(made: Callable[[Forgery], str]) -> Callable[[Forgery], None]:
    def spoil(forgery: Forgery) -> None:
        forgery.token = made(forgery)

    return spoil


def _algorithm(name: str, signer: Callable[[Forgery], Any]) -> Callable[[Forgery], None]:
    def spoil(forgery: Forgery) -> None:
        forgery.header["alg"] = name
        forgery.signer = signer(forgery)

    return spoil


def _kid_of_other_key(forgery: Forgery) -> None:
    stranger = PlatformKey("attacker")
    forgery.signer = Forgery(stranger, {}, "").rs256


def _attackers_key_in_header(forgery: Forgery) -> None:
    _kid_of_other_key(forgery)
    public = PlatformKey("attacker").jwks()
    forgery.header |= {
        "jku": "https://attacker.example/jwks",
        "x5u": "https://attacker.example/cert",
        "jwk": public["keys"][0],
    }


def _changed_payload(forgery: Forgery) -> str:
    head, _, signature = forgery.signed().split(".")
    forgery.set("sub", "1")
    return f"{head}.{forgery.signed().split('.')[1]}.{signature}"


def _mix_up(forgery: Forgery) -> None:
    forgery.key = PlatformKey("key-of-platform-b")
    forgery.set("iss", "https://other.example")


def _other_nonce(forgery: Forgery) -> None:
    forgery.set("nonce", forgery.other_nonce)


def _anonymous(forgery: Forgery) -> None:
    for name in ("sub", "name", "given_name", "family_name", "email"):
        forgery.remove(name)


def _both_audiences(*others: str, **claims: str) -> Callable[[Forgery], None]:
    def spoil(forgery: Forgery) -> None:
        ours = forgery.claims["aud"]
        forgery.set("aud", [ours if entry == "ours" else entry for entry in others])
        if claims:
            forgery.set("azp", ours)

    return spoil


def _deep_linking(forgery: Forgery) -> None:
    forgery.set("message_type", "LtiDeepLinkingRequest")
    forgery.remove("resource_link")


def _submission_review(forgery: Forgery) -> None:
    forgery.set("message_type", "LtiSubmissionReviewRequest")


def _raw_times(literal: str) -> Callable[[Forgery], None]:
    """Write a literal that `json.dumps` would not."""

    def made(forgery: Forgery) -> str:
        forgery.set("exp", "LITERAL")
        payload = json.dumps(forgery.claims).replace('"LITERAL"', literal)
        return compact({**forgery.header, "kid": forgery.key.kid}, payload, forgery.rs256)

    return _token(made)


def _segment(index: int, value: str) -> Callable[[Forgery], None]:
    def made(forgery: Forgery) -> str:
        parts = forgery.signed().split(".")
        parts[index] = value
        return ".".join(parts)

    return _token(made)


def _payload(text: str) -> Callable[[Forgery], None]:
    return _token(lambda forgery: compact({**forgery.header, "kid": forgery.key.kid}, text, forgery.rs256))


def _token_header(header: Any) -> Callable[[Forgery], None]:
    return _token(lambda forgery: compact(header, json.dumps(forgery.claims), forgery.rs256))


LONG = "x" * 256
_NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"

ROWS = [
    Row("A4", Code.LAUNCH_MISSING_TOKEN, _form(id_token=None)),
    Row("A4-empty", Code.LAUNCH_MISSING_TOKEN, _form(id_token="")),
    Row("A5", Code.LAUNCH_PLATFORM_ERROR, _form(id_token=None, error="login_required")),
    Row("A6", Code.LAUNCH_MISSING_STATE, _form(state=None)),
    Row("A7", Code.LAUNCH_UNKNOWN_STATE, _form(state="never-issued")),
    Row("A7-foreign-signature", Code.LAUNCH_UNKNOWN_STATE, _form(state="WzFd.MDAwMDAwMDAwMDAwMDAw")),
    Row("A12", Code.LAUNCH_MISSING_NONCE, _no_claim("nonce")),
    Row("A12-number", Code.LAUNCH_MISSING_NONCE, _claim("nonce", 5)),
    Row("A13", Code.LAUNCH_BAD_NONCE, _claim("nonce", "never-issued")),
    Row("A13-surrogate", Code.LAUNCH_BAD_NONCE, _claim("nonce", "\ud800")),
    Row("A14", Code.LAUNCH_BAD_NONCE, _other_nonce),
    Row("A16-two-parts", Code.LAUNCH_MALFORMED_TOKEN, _token(lambda f: ".".join(f.signed().split(".")[:2]))),
    Row("A16-five-parts", Code.LAUNCH_MALFORMED_TOKEN, _token(lambda f: f.signed() + ".AAAA.AAAA")),
    Row("A16-bad-base64", Code.LAUNCH_MALFORMED_TOKEN, _segment(1, "a")),
    Row("A16-not-ascii", Code.LAUNCH_MALFORMED_TOKEN, _form(id_token="ä.ö.ü")),
    Row("A16-header-no-json", Code.LAUNCH_MALFORMED_TOKEN, _segment(0, "bm90IGpzb24")),
    Row("A16-header-array", Code.LAUNCH_MALFORMED_TOKEN, _token_header(["alg", "RS256"])),
    Row("A16-header-string", Code.LAUNCH_MALFORMED_TOKEN, _token_header("alg b64")),
    Row("A16-header-number", Code.LAUNCH_MALFORMED_TOKEN, _token_header(7)),
    Row("A16-payload-array", Code.LAUNCH_MALFORMED_TOKEN, _payload('["iss"]')),
    Row("A16-payload-null", Code.LAUNCH_MALFORMED_TOKEN, _payload("null")),
    Row("A16-payload-deep", Code.LAUNCH_MALFORMED_TOKEN, _payload("[" * 30_000)),
    Row("A16-payload-long-number", Code.LAUNCH_MALFORMED_TOKEN, _payload('{"exp": ' + "9" * 5000 + "}")),
    Row("A17", Code.LAUNCH_BAD_ALGORITHM, _algorithm("none", lambda _: unsigned)),
    Row("A17-mixed-case", Code.LAUNCH_BAD_ALGORITHM, _algorithm("nOnE", lambda _: unsigned)),
    Row("A18", Code.LAUNCH_BAD_ALGORITHM, _algorithm("HS256", lambda f: f.hs256_by_public_key)),
    Row("A19-RS512", Code.LAUNCH_BAD_ALGORITHM, _algorithm("RS512", lambda f: f.rs512)),
    Row("A19-ES256", Code.LAUNCH_BAD_ALGORITHM, _algorithm("ES256", lambda _: es256)),
    Row("A19-number", Code.LAUNCH_BAD_ALGORITHM, _header(alg=256)),
    Row("A20", Code.LAUNCH_UNKNOWN_KEY, _header(kid=None)),
    Row("A20-number", Code.LAUNCH_UNKNOWN_KEY, _header(kid=1)),
    Row("A21", Code.LAUNCH_UNKNOWN_KEY, _header(kid="never-published")),
    Row("A22", Code.LAUNCH_BAD_SIGNATURE, _attackers_key_in_header),
    Row("A22-critical", Code.LAUNCH_BAD_SIGNATURE, _header(crit=["http://example.com/odd"])),
    Row("A23", Code.LAUNCH_BAD_SIGNATURE, _kid_of_other_key),
    Row("A24", Code.LAUNCH_BAD_SIGNATURE, _token(_changed_payload)),
    Row("A25", Code.LAUNCH_ISSUER_MISMATCH, _mix_up),
    Row("A26-slash", Code.LAUNCH_ISSUER_MISMATCH, _claim("iss", "https://lms.example/")),
    Row("A26-case", Code.LAUNCH_ISSUER_MISMATCH, _claim("iss", "https://LMS.example")),
    Row("A26-missing", Code.LAUNCH_ISSUER_MISMATCH, _no_claim("iss")),
    Row("A27", Code.LAUNCH_BAD_AUDIENCE, _claim("aud", "other-client")),
    Row("A28", Code.LAUNCH_UNTRUSTED_AUDIENCE, _both_audiences("ours", "other")),
    Row("A29", Code.LAUNCH_UNTRUSTED_AUDIENCE, _both_audiences("other", "ours", azp="ours")),
    Row("A30", None, _both_audiences("ours")),
    Row("A31", Code.LAUNCH_BAD_AZP, _claim("azp", "other-client")),
    Row("A32-empty", Code.LAUNCH_BAD_AUDIENCE, _claim("aud", [])),
    Row("A32-number", Code.LAUNCH_BAD_AUDIENCE, _claim("aud", 7)),
    Row("A32-missing", Code.LAUNCH_BAD_AUDIENCE, _no_claim("aud")),
    Row("A32-nested", Code.LAUNCH_BAD_AUDIENCE, _claim("aud", [["tool-client"]])),
    Row("A33", Code.LAUNCH_MISSING_EXP, _no_claim("exp")),
    Row("A34", Code.LAUNCH_EXPIRED_TOKEN, _time("exp", -62)),
    Row("A35", None, _time("exp", -55)),
    Row("A36", Code.LAUNCH_MISSING_IAT, _no_claim("iat")),
    Row("A37", Code.LAUNCH_OLD_TOKEN, _time("iat", -602)),
    Row("A37-not-yet", None, _time("iat", -595)),
    Row("A38", None, _time("iat", 55)),
    Row("A39", Code.LAUNCH_FUTURE_TOKEN, _time("iat", 65)),
    Row("A40-string", Code.LAUNCH_BAD_TIME, _claim("exp", "tomorrow")),
    Row("A40-numeric-string", Code.LAUNCH_BAD_TIME, _claim("exp", "4102444800")),
    Row("A40-NaN", Code.LAUNCH_BAD_TIME, _raw_times("NaN")),
    Row("A40-Infinity", Code.LAUNCH_BAD_TIME, _raw_times("Infinity")),
    Row("A40-1e300", Code.LAUNCH_BAD_TIME, _raw_times("1e300")),
    Row("A40-negative", Code.LAUNCH_BAD_TIME, _claim("exp", -1)),
    Row("A40-bool", Code.LAUNCH_BAD_TIME, _claim("iat", True)),
    Row("A40-null", Code.LAUNCH_BAD_TIME, _claim("iat", None)),
    Row("A41", Code.LAUNCH_NOT_YET_VALID, _time("nbf", 65)),
    Row("A41-leeway", None, _time("nbf", 55)),
    Row("A41-string", Code.LAUNCH_BAD_TIME, _claim("nbf", "now")),
    Row("A42-missing", Code.LAUNCH_BAD_VERSION, _no_claim("version")),
    Row("A42-wrong", Code.LAUNCH_BAD_VERSION, _claim("version", "1.3")),
    Row("A43-missing", Code.LAUNCH_UNSUPPORTED_MESSAGE, _no_claim("message_type")),
    Row("A43-unknown", Code.LAUNCH_UNSUPPORTED_MESSAGE, _claim("message_type", "LtiStartProctoring")),
    Row("A43-list", Code.LAUNCH_UNSUPPORTED_MESSAGE, _claim("message_type", ["LtiResourceLinkRequest"])),
    Row("A44-missing", Code.LAUNCH_BAD_DEPLOYMENT, _no_claim("deployment_id")),
    Row("A44-empty", Code.LAUNCH_BAD_DEPLOYMENT, _claim("deployment_id", "")),
    Row("A44-long", Code.LAUNCH_BAD_DEPLOYMENT, _claim("deployment_id", LONG)),
    Row("A44-number", Code.LAUNCH_BAD_DEPLOYMENT, _claim("deployment_id", 1)),
    Row("A44-not-the-logins", Code.LAUNCH_BAD_DEPLOYMENT, _claim("deployment_id", "2")),
    Row("A48", Code.LAUNCH_TARGET_MISMATCH, _no_claim("target_link_uri")),
    Row("A49", Code.LAUNCH_TARGET_MISMATCH, _claim("target_link_uri", "https://tool.example/lti/launch?module=x")),
    Row("A49-foreign", Code.LAUNCH_TARGET_MISMATCH, _claim("target_link_uri", "https://evil.example/lti/launch")),
    Row("A49-list", Code.LAUNCH_TARGET_MISMATCH, _claim("target_link_uri", ["https://tool.example/lti/launch"])),
    Row("A50-missing", Code.LAUNCH_BAD_RESOURCE_LINK, _no_claim("resource_link")),
    Row("A50-string", Code.LAUNCH_BAD_RESOURCE_LINK, _claim("resource_link", "7")),
    Row("A50-null", Code.LAUNCH_BAD_RESOURCE_LINK, _claim("resource_link", None)),
    Row("A50-no-id", Code.LAUNCH_BAD_RESOURCE_LINK, _claim("resource_link", {"title": "Datenrecht"})),
    Row("A50-number", Code.LAUNCH_BAD_RESOURCE_LINK, _claim("resource_link", {"id": 7})),
    Row("A51", Code.LAUNCH_BAD_RESOURCE_LINK, _claim("resource_link", {"id": LONG})),
    Row("A52-missing", Code.LAUNCH_BAD_ROLES, _no_claim("roles")),
    Row("A52-string", Code.LAUNCH_BAD_ROLES, _claim("roles", "Instructor")),
    Row("A52-numbers", Code.LAUNCH_BAD_ROLES, _claim("roles", [1, 2])),
    Row("A53", None, _claim("roles", [])),
    Row("A54", None, _claim("roles", ["urn:example:Magician"])),
    Row("A55", None, _anonymous),
    Row("A56-empty", Code.LAUNCH_BAD_SUBJECT, _claim("sub", "")),
    Row("A56-blank", Code.LAUNCH_BAD_SUBJECT, _claim("sub", "  ")),
    Row("A56-number", Code.LAUNCH_BAD_SUBJECT, _claim("sub", 5)),
    Row("A56-null", Code.LAUNCH_BAD_SUBJECT, _claim("sub", None)),
    Row("A56-long", Code.LAUNCH_BAD_SUBJECT, _claim("sub", LONG)),
    Row("A56-control", Code.LAUNCH_BAD_SUBJECT, _claim("sub", "5\x00")),
    Row("A56-newline", Code.LAUNCH_BAD_SUBJECT, _claim("sub", "5\n6")),
    Row("A56-surrogate", Code.LAUNCH_BAD_SUBJECT, _claim("sub", "\ud800")),
    Row("A60-nested", Code.LAUNCH_BAD_CUSTOM, _claim("custom", {"module": {"id": "datenrecht"}})),
    Row("A60-string", Code.LAUNCH_BAD_CUSTOM, _claim("custom", "module=datenrecht")),
    Row("A60-long", Code.LAUNCH_BAD_CUSTOM, _claim("custom", {"module": "x" * 5000})),
    Row("A60-many", Code.LAUNCH_BAD_CUSTOM, _claim("custom", {str(number): "" for number in range(201)})),
    Row("A60-no-name", Code.LAUNCH_BAD_CUSTOM, _claim("custom", {"": "datenrecht"})),
    Row("context-string", Code.LAUNCH_BAD_CONTEXT, _claim("context", "2")),
    Row("context-no-id", Code.LAUNCH_BAD_CONTEXT, _claim("context", {"title": "Lehrgang"})),
    Row("presentation-string", Code.LAUNCH_BAD_CLAIM, _claim("launch_presentation", "iframe")),
    Row("platform-list", Code.LAUNCH_BAD_CLAIM, _claim("tool_platform", ["moodle"])),
    Row("ags-string", Code.LAUNCH_BAD_CLAIM, _claim("endpoint", "https://lms.example/")),
    Row("ags-scope-string", Code.LAUNCH_BAD_CLAIM, _claim("endpoint", {"scope": "all", "lineitem": "https://x"})),
    Row("ags-lineitem-number", Code.LAUNCH_BAD_CLAIM, _claim("endpoint", {"scope": [], "lineitem": 7})),
    Row("nrps-string", Code.LAUNCH_BAD_CLAIM, _claim(_NRPS, "https://lms.example/")),
    Row("nrps-url-number", Code.LAUNCH_BAD_CLAIM, _claim(_NRPS, {"context_memberships_url": 7})),
    Row("A62-script", None, _claim("name", "<script>alert(1)</script>")),
    Row("A62-reversed", None, _claim("name", "Lea \u202eLernfeld")),
    Row("A62-long", None, _claim("name", "x" * 10_240)),
    Row("A62-number", None, _claim("name", 7)),
    Row("A73", Code.DEEP_LINKING_MISSING_SETTINGS, _deep_linking),
    Row("A74", Code.REVIEW_MISSING_USER, _submission_review),
    Row("unknown-header-members", None, _header(cty="JWT", odd="kept")),
]
