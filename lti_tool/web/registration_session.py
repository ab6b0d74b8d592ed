"""What the confirmation page knows, sealed into its own form: nothing is stored until somebody confirms.

The seal is the only credential of the confirmation; no cookie goes with it, so no other site can make a browser
confirm (row R14). It ends after 15 minutes and fits one invitation. It is encrypted, as it holds the platform's
registration token.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lti_tool.domain.errors import Code, Refusal
from lti_tool.lti.platform_configuration import PlatformConfiguration
from lti_tool.services.launches import digest
from lti_tool.web.tool import current_tool

LIFETIME_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A registration that waits for a person's consent."""

    platform: PlatformConfiguration
    registration_token: str


def seal(invitation_token: str, confirmation: Confirmation) -> str:
    """Return the value that the confirmation form carries."""
    content = {
        "invitation": digest(invitation_token),
        "token": confirmation.registration_token,
        "platform": asdict(confirmation.platform),
    }
    return _cipher().encrypt_at_time(json.dumps(content).encode(), _now()).decode()


def unseal(invitation_token: str, sealed: str) -> Confirmation:
    """Return what was sealed.

    Raises:
        Refusal: R14, the value is missing, not ours, too old or for another invitation.
    """
    try:
        opened = _cipher().decrypt_at_time(sealed.encode(), LIFETIME_SECONDS, _now())
    except InvalidToken:
        raise Refusal(Code.DR_SESSION_EXPIRED) from None
    content: dict[str, Any] = json.loads(opened)
    if content["invitation"] != digest(invitation_token):
        raise Refusal(Code.DR_SESSION_EXPIRED, "another invitation")
    platform = content["platform"]
    scopes = platform["scopes"]
    platform["scopes"] = None if scopes is None else tuple(scopes)
    return Confirmation(PlatformConfiguration(**platform), content["token"])


def _cipher() -> Fernet:
    secret = current_tool().settings.secret_key.get_secret_value().encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"registration form").derive(secret)
    return Fernet(base64.urlsafe_b64encode(key))


def _now() -> int:
    return int(current_tool().clock().timestamp())
