"""A secret kept in the platform's window while the browser goes there and back (LTI Platform Storage 1.0).

The second way to show that a launch comes back to the browser that began it, where cookies in a frame are lost. The
platform's storage is a place for messages between windows; the edge's script speaks with it.
"""

from __future__ import annotations

import re
from hashlib import sha256

from lti_tool.domain.launch import PlatformStorage
from lti_tool.domain.registration import Registration
from lti_tool.lti.state import LeftSecret

_FRAME = re.compile(r"[A-Za-z0-9_.:-]{1,100}")


def left_secret(target: str, secret: str | None) -> LeftSecret | None:
    """Return what a state remembers of a secret; None without one, or for what is no name of a frame (L17)."""
    if secret is None or not _FRAME.fullmatch(target):
        return None
    return LeftSecret(target, sha256(secret.encode()).hexdigest())


def storage_of(state_id: str, left: LeftSecret, registration: Registration) -> PlatformStorage:
    """Return where a login's secret lies; only the origin people sign in at is spoken with (Platform Storage, 2.2)."""
    return PlatformStorage(left.frame, registration.sign_in_origin, f"smart-city-lernen.{state_id}", left.proof)
