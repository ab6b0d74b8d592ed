"""How the delivery of a score can fail, and what then happens."""

from __future__ import annotations

from enum import StrEnum

from lti_tool.domain.scores import Result


class FailureKind(StrEnum):
    """What the worker does about a failed delivery."""

    TRY_AGAIN = "try_again"
    """The platform is away or busy: again after a while, up to three days (G16, G17)."""
    PERMANENT = "permanent"
    """Sending again changes nothing until a person acts (G6, G12, G14)."""
    NOT_NEWER = "not_newer"
    """409: the platform holds a score with this or a later time; compare, then send with a later time (G15)."""


class Reason(StrEnum):
    """Why a platform did not take a score; the edge has a sentence for each."""

    UNKNOWN_KEY = "ags.unknown_key"
    """The platform does not accept the tool's key or client id (G6)."""
    INVALID_SCOPE = "ags.invalid_scope"
    """The platform does not let the tool send scores (G7)."""
    TOKEN_REFUSED = "ags.token_refused"  # noqa: S105 -- a code, not a secret
    """No access token, or one that the service does not accept (G8, G11)."""
    FORBIDDEN = "ags.forbidden"
    """The platform forbids it (G12)."""
    NO_COLUMN = "ags.no_column"
    """The grade column is gone (G13)."""
    PERSON_NOT_GRADABLE = "ags.person_not_gradable"
    """The platform gives this person no grades, as for teachers (G14)."""
    NOT_NEWER = "ags.not_newer"
    """The platform holds a score with this or a later time (G15)."""
    RATE_LIMITED = "ags.rate_limited"
    """The platform asks to wait (G16)."""
    PLATFORM_UNAVAILABLE = "ags.platform_unavailable"
    """Down, out of reach or too slow (G17)."""
    BAD_ANSWER = "ags.bad_answer"
    """An answer that fits no standard (G9, G20)."""
    UNTRUSTED_ENDPOINT = "ags.untrusted_endpoint"
    """The column's address is not one of this platform (A61, G31)."""
    CHANGED_IN_LMS = "ags.changed_in_lms"
    """The gradebook holds another value than the tool had sent: somebody changed it there."""


class DeliveryFailed(Exception):  # noqa: N818 -- the field speaks of failed deliveries; it is an outcome, not a bug
    """A platform did not take a score.

    Attributes:
        kind: what to do about it.
        reason: a stable code such as "ags.forbidden" (see `Reason`).
        retry_after: seconds the platform asks to wait, if it did.
        most_tries: give up after so many tries; None to go on for as long as the outbox does (G8, G9).
        held: what the gradebook was seen to hold, if that is why.
    """

    def __init__(
        self,
        kind: FailureKind,
        reason: str,
        *,
        retry_after: float | None = None,
        most_tries: int | None = None,
        held: Result | None = None,
    ) -> None:
        super().__init__(f"{reason} ({kind})")
        self.kind = kind
        self.reason = reason
        self.retry_after = retry_after
        self.most_tries = most_tries
        self.held = held
