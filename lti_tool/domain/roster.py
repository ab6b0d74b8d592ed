"""Who is in a course, as the platform's roster says (Names and Role Provisioning Services 2.0)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lti_tool.domain.roles import Role


class MemberStatus(StrEnum):
    """A membership's state; a platform that names none means active."""

    ACTIVE = "Active"
    INACTIVE = "Inactive"
    DELETED = "Deleted"
    """Only told among differences: no longer in the course."""


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a roster.

    Attributes:
        subject: the same id as a launch's `sub`.
        parts: what the roles stand for; empty for roles nobody knows.
        name: None if the platform shares none.
    """

    subject: str
    parts: frozenset[Role]
    status: MemberStatus = MemberStatus.ACTIVE
    name: str | None = None

    @property
    def is_learner(self) -> bool:
        """Learns here and does not teach."""
        return self.parts == frozenset({Role.LEARNER})


@dataclass(frozen=True, slots=True)
class Roster:
    """A reading of a roster.

    Attributes:
        members: each person once, as the last mention said.
        differences_url: where the platform tells what changes from now on; None if it does not.
    """

    members: tuple[Member, ...]
    differences_url: str | None = None
