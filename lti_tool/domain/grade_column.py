"""Whether an activity's grades can reach the gradebook, and through which column (AGS 2.0, 3.1; rows G1 to G4)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lti_tool.domain.launch import AgsEndpoint, Launch

SCORE_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
LINE_ITEM_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"

GRADE_PARAMETER = "grade"
NEVER_GRADED = "none"
"""A link with the custom parameter `grade=none` never makes a column; one that the platform names is used."""


class NoGrades(StrEnum):
    """Why an activity sends no grades; the edge has a sentence for each."""

    NOT_GRADED = "not_graded"
    """The link was made without a grade, or shows nothing that is graded."""
    NOT_OFFERED = "ags.not_offered"
    """The platform offers no grade service for this link (G1)."""
    NO_SCORE_SCOPE = "ags.no_score_scope"
    """The platform offers the service, but no scores (G2)."""
    NO_COLUMN = "ags.no_column"
    """There is no column, and the tool may not make one (G4)."""
    UNTRUSTED_ENDPOINT = "ags.untrusted_endpoint"
    """The service's addresses are not this platform's (A61)."""


@dataclass(frozen=True, slots=True)
class ColumnOffer:
    """What a launch offers: a column, the right to find or make one in the container, or both.

    Attributes:
        url: the line item; None if the platform names none.
        container_url: the course's line items; None without the right to make one.
    """

    url: str | None
    container_url: str | None


@dataclass(frozen=True, slots=True)
class WantedColumn:
    """The column as the tool would make it (AGS 2.0, 3.2).

    Attributes:
        resource_id: the module, as deep links name it too.
        tag: the kind of activity, "module" or "quiz".
        resource_link_id: the platform's id of the activity.
    """

    label: str
    maximum: Decimal
    resource_id: str
    tag: str
    resource_link_id: str


def column_offered(launch: Launch, *, graded: bool) -> ColumnOffer | NoGrades:
    """Return what a launch offers an activity; `graded` says whether it shows anything to grade."""
    if not graded:
        return NoGrades.NOT_GRADED
    ags = launch.ags
    if ags is None:
        untrusted = NoGrades.UNTRUSTED_ENDPOINT in launch.warnings
        return NoGrades.UNTRUSTED_ENDPOINT if untrusted else NoGrades.NOT_OFFERED
    if SCORE_SCOPE not in ags.scopes:
        return NoGrades.NO_SCORE_SCOPE
    return _column(ags, may_make=launch.custom.get(GRADE_PARAMETER, "").lower() != NEVER_GRADED)


def _column(ags: AgsEndpoint, *, may_make: bool) -> ColumnOffer | NoGrades:
    container_url = ags.lineitems if may_make and LINE_ITEM_SCOPE in ags.scopes else None
    if ags.lineitem or container_url:
        return ColumnOffer(ags.lineitem, container_url)
    return NoGrades.NO_COLUMN if may_make else NoGrades.NOT_GRADED


def is_same_column(one: str | None, other: str | None) -> bool:
    """Whether two addresses lead to one column; a platform may vary the query (Moodle's `type_id`)."""
    return one is not None and other is not None and one.partition("?")[0] == other.partition("?")[0]
