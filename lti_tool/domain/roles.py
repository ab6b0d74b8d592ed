"""What a person may do in a course, read from LTI role URIs (LTI 1.3 core, appendix A.2).

Only roles of the *context* (membership) make somebody a learner or an instructor; an institution role such as
"Faculty" says nothing about this course. Unknown roles give the least privilege: a learner without grades.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
LEARNER = f"{_MEMBERSHIP}#Learner"
_ADMINISTRATORS = frozenset(
    {
        "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
        "http://purl.imsglobal.org/vocab/lis/v2/system/person#SysAdmin",
        "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",
        f"{_MEMBERSHIP}#Administrator",
    },
)
_TEACHING = frozenset({"Instructor", "TeachingAssistant", "ContentDeveloper", "Mentor"})
_LEARNING = frozenset({"Learner", "Student"})


class Role(StrEnum):
    """A person's part in one launch."""

    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    ADMINISTRATOR = "administrator"


def parts_played(role_uris: Iterable[str]) -> frozenset[Role]:
    """Return the parts that a launch's role URIs (full or short form) stand for.

    A sub-role (`…/membership/Instructor#TeachingAssistant`) counts as its principal role.
    """
    parts = set()
    for uri in role_uris:
        if uri in _ADMINISTRATORS:
            parts.add(Role.ADMINISTRATOR)
        principal = _principal(uri)
        if principal in _TEACHING:
            parts.add(Role.INSTRUCTOR)
        elif principal in _LEARNING:
            parts.add(Role.LEARNER)
    return frozenset(parts)


def _principal(uri: str) -> str:
    """The context role's own name: "Instructor" for the full, the short and the sub-role form; else ""."""
    if uri.startswith(f"{_MEMBERSHIP}#"):
        return uri.rpartition("#")[2]
    if uri.startswith(f"{_MEMBERSHIP}/"):
        return uri.removeprefix(f"{_MEMBERSHIP}/").partition("#")[0]
    return uri if "/" not in uri else ""
