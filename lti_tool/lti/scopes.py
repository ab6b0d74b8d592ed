"""The services a platform may grant, by the scope each is asked for with."""

from __future__ import annotations

from typing import Final

from lti_tool.domain.grade_column import LINE_ITEM_SCOPE, SCORE_SCOPE

SCORE: Final = SCORE_SCOPE
LINE_ITEM: Final = LINE_ITEM_SCOPE
RESULTS: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
GRADES: Final = (LINE_ITEM, f"{LINE_ITEM}.readonly", RESULTS, SCORE)
"""Assignment and Grade Services 2.0, 3.1: columns, results, scores."""
NOTICES: Final = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
"""Platform Notification Service 1.0: saying where notices go."""
ROSTER: Final = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
"""Names and Role Provisioning Services 2.0, 2.2."""
