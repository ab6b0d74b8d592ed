"""What a platform's registration token tells, where it can be read: Moodle's is a signed token."""

from __future__ import annotations

from lti_tool.domain.errors import Refusal
from lti_tool.lti.foreign_text import identifier
from lti_tool.lti.signed_token import take_apart

_UPDATE = "reg-update"


def deployment_to_update(token: str) -> str | None:
    """Return the deployment the platform would overwrite; None for a new tool, or a token that does not tell.

    Moodle asks "update or new?" before it opens our page and keeps the answer in its token: the scope, and as `sub` the
    number of its tool, which is the deployment's id. Nothing here is verified, so it may only serve to say no while the
    platform has not changed anything yet.
    """
    try:
        claims = take_apart(token).claims
    except Refusal:
        return None
    return identifier(claims.get("sub")) if claims.get("scope") == _UPDATE else None
