from __future__ import annotations


class ServiceRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A service call the platform does not accept; answered as JSON with `status` and `reason`."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class OAuthRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A token or registration request the platform does not accept; answered as RFC 6749, 5.2 asks."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.status = status
        self.error = error
        self.description = description


class PageRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A page the browser does not get; shown as a German sentence and what to do next."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class TokenRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A JWT from the tool that does not hold; the text says why."""
