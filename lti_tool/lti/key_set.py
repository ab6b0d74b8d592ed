"""A platform's JSON Web Key Set: which of its keys may verify a launch (row A65)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from joserfc.jwk import RSAKey

ALGORITHM = "RS256"
_SMALLEST_MODULUS = 2048
_LARGEST_MODULUS = 8192
_LARGEST_EXPONENT_BITS = 33  # beyond this a verification gets slow on purpose


def usable_keys(body: bytes) -> dict[str, RSAKey]:
    """Return the keys of a key set by their kid: RSA of at least 2048 bits, for signatures, by RS256.

    All other keys are skipped: a platform may publish keys for other purposes in the same set.

    Raises:
        ValueError: the body is no key set at all.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError("not JSON") from error
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("no list of keys")  # noqa: TRY004 -- foreign input, not a wrong call
    found: dict[str, RSAKey] = {}
    for jwk in listed:
        if isinstance(jwk, dict) and _is_meant_for_us(jwk) and (key := _parsed(jwk)) is not None:
            found.setdefault(jwk["kid"], key)
    return found


def _is_meant_for_us(jwk: Mapping[str, Any]) -> bool:
    return (
        jwk.get("kty") == "RSA"
        and isinstance(jwk.get("kid"), str)
        and jwk.get("use") in (None, "sig")
        and jwk.get("alg") in (None, ALGORITHM)
        and _may_verify(jwk.get("key_ops"))
    )


def _may_verify(operations: Any) -> bool:
    return operations is None or (isinstance(operations, list) and "verify" in operations)


def _parsed(jwk: Mapping[str, Any]) -> RSAKey | None:
    """The public key of a JWK, None if broken, too weak or made to cost time; private members are not read."""
    try:
        modulus, exponent = _integer(jwk["n"]), _integer(jwk["e"])
        if not _SMALLEST_MODULUS <= modulus.bit_length() <= _LARGEST_MODULUS:
            return None
        if modulus % 2 == 0 or exponent.bit_length() > _LARGEST_EXPONENT_BITS:
            return None
        return RSAKey.import_key(RSAPublicNumbers(exponent, modulus).public_key())
    except (KeyError, TypeError, ValueError):
        return None


def _integer(base64url: str) -> int:
    return int.from_bytes(urlsafe_b64decode(base64url + "=" * (-len(base64url) % 4)))
