"""What a platform tells the tool without anybody looking (Platform Notification Service 1.0)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NoticeKind(StrEnum):
    """The kinds of notices the tool asks for."""

    CONTEXT_COPY = "LtiContextCopyNotice"
    """A course was copied."""
    HELLO_WORLD = "LtiHelloWorldNotice"
    """The platform tries whether it is heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice, verified.

    Attributes:
        kind: None for one the tool does not know.
        context_id: the platform's id of the course it is about.
        origin_context_ids: the platform's ids of the courses that one was copied from.
    """

    registration_id: int
    deployment_id: str
    id: str
    kind: NoticeKind | None
    context_id: str | None
    origin_context_ids: tuple[str, ...]
