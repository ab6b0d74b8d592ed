"""A platform's signed token (RFC 7515): taken apart, then held to the platform's key."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError

from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.registration import Registration
from lti_tool.lti.jwks import PlatformKeys
from lti_tool.lti.key_set import ALGORITHM


class _TokenHeaders(jws.JWSRegistry):
    """Lets header parameters pass that we never use: `jku`, `x5u` and `jwk` are not followed (A22)."""

    max_header_length = 8192
    max_payload_length = 256 * 1024  # the edge's limit (A3); a picker's `data` may be long


_HEADERS = _TokenHeaders(algorithms=[ALGORITHM], strict_check_header=False)


@dataclass(frozen=True, slots=True)
class SignedToken:
    """A token in three parts. Its claims are only claimed until `check_signature` has returned."""

    claims: dict[str, Any]
    _signed: jws.CompactSignature

    @property
    def header(self) -> dict[str, Any]:
        """The protected header."""
        header: dict[str, Any] = self._signed.protected
        return header

    def check_signature(self, registration: Registration, keys: PlatformKeys) -> None:
        """Hold the token to the key that the platform names.

        Raises:
            Refusal: A17 to A22, and A63 and A64 if the platform's keys cannot be had.
        """
        if self.header.get("alg") != ALGORITHM:
            raise Refusal(Code.LAUNCH_BAD_ALGORITHM)
        kid = self.header.get("kid")
        if not isinstance(kid, str):
            raise Refusal(Code.LAUNCH_UNKNOWN_KEY)
        key = keys.key(registration, kid)
        try:
            if not jws.validate_compact(self._signed, key, registry=_HEADERS):
                raise BadSignatureError
        except JoseError:
            raise Refusal(Code.LAUNCH_BAD_SIGNATURE) from None


def take_apart(token: str) -> SignedToken:
    """Return the parts of a token.

    Raises:
        Refusal: A16, it is not three parts with a JSON object in each of the first two.
    """
    try:
        signed = jws.extract_compact(token.encode("ascii"), registry=_HEADERS)
        claims = json.loads(signed.payload.decode())
    except (JoseError, ValueError, TypeError, RecursionError):
        raise Refusal(Code.LAUNCH_MALFORMED_TOKEN) from None
    if not isinstance(signed.protected, dict) or not isinstance(claims, dict):
        raise Refusal(Code.LAUNCH_MALFORMED_TOKEN)
    return SignedToken(claims, signed)
