"""How an outgoing call can fail before a usable answer is there.

OutgoingFailed
├── AddressForbidden   the URL or the address behind it is not one we talk to
├── LeftAlone          not sent: the platform did not answer lately
├── TimedOut           no complete answer within the deadline
├── TooLarge           the answer exceeds the size limit
└── Unreachable        no connection, broken TLS, broken HTTP
"""

from __future__ import annotations


class OutgoingFailed(Exception):  # noqa: N818 -- reads as what happened, like its kinds
    """A call left no usable answer. The text names no token and no personal data."""


class AddressForbidden(OutgoingFailed):
    """Refused by the guard; sending again changes nothing until an administrator acts."""


class LeftAlone(OutgoingFailed):
    """Not sent, as the platform did not answer lately; in so many seconds it is asked again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not asked for {seconds:.0f} s")
        self.seconds = seconds


class TimedOut(OutgoingFailed):
    """The deadline passed."""


class TooLarge(OutgoingFailed):
    """The answer exceeds the size limit."""


class Unreachable(OutgoingFailed):
    """No connection, broken TLS, broken HTTP."""
