from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

RESOURCE_LINK = "LtiResourceLinkRequest"
DEEP_LINKING = "LtiDeepLinkingRequest"
SUBMISSION_REVIEW = "LtiSubmissionReviewRequest"
LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingLaunch:
    """A launch between the click in the course and the id_token.

    Attributes:
        hint: the `lti_message_hint`; it finds this launch once.
        activity_id: None for deep linking.
        dialog_id: the deep-linking dialogue, else None.
        for_user: whose submission is to be reviewed, else None.
        document_target: `iframe` or `window`.
    """

    hint: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    client_id: str
    person_id: str
    course_id: str
    message_type: str
    target_link_uri: str
    document_target: str
    activity_id: str | None = None
    dialog_id: str | None = None
    for_user: str | None = None
    expires_at: datetime


class PendingLaunches:
    """All launches under way. In memory only: after a restart one clicks again."""

    def __init__(self) -> None:
        self._pending: dict[str, PendingLaunch] = {}
        self._lock = threading.Lock()

    def add(self, launch: PendingLaunch, now: datetime) -> PendingLaunch:
        with self._lock:
            self._pending = {hint: old for hint, old in self._pending.items() if old.expires_at > now}
            self._pending[launch.hint] = launch
        return launch

    def find(self, hint: str, now: datetime) -> PendingLaunch | None:
        with self._lock:
            launch = self._pending.get(hint)
        return launch if launch and launch.expires_at > now else None

    def burn(self, hint: str) -> bool:
        """Return True to exactly one caller."""
        with self._lock:
            return self._pending.pop(hint, None) is not None
