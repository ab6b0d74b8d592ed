"""Claims of a good launch; each test spoils one of them."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"

LEAVE_OUT = object()
"""As a claim's value: the token lacks that claim."""


def launch_claims(*, issuer: str, client_id: str, nonce: str, at: datetime, **changed: Any) -> dict[str, Any]:
    """Return what Moodle 4.5 sends for a learner who opens a graded module.

    `changed` replaces claims by their last word (`roles`, `resource_link`, `sub` …); `LEAVE_OUT` removes one.
    """
    claims = copy.deepcopy(_MOODLE)
    claims |= {"iss": issuer, "aud": client_id, "nonce": nonce}
    claims |= {"iat": int(at.timestamp()), "exp": int(at.timestamp()) + 60}
    names = {name.rpartition("/")[2]: name for name in claims}
    for name, value in changed.items():
        claims[names.get(name, name)] = value
    return {name: value for name, value in claims.items() if value is not LEAVE_OUT}


_MOODLE: dict[str, Any] = {
    "iss": "",
    "aud": "",
    "nonce": "",
    "iat": 0,
    "exp": 0,
    "sub": "5",
    "name": "Lea Lernfeld",
    "given_name": "Lea",
    "family_name": "Lernfeld",
    "email": "lea@example.org",
    LTI + "version": "1.3.0",
    LTI + "message_type": "LtiResourceLinkRequest",
    LTI + "deployment_id": "1",
    LTI + "target_link_uri": "https://tool.example/lti/launch",
    LTI + "roles": [MEMBERSHIP + "Learner"],
    LTI + "context": {"id": "2", "label": "SC1", "title": "Lehrgang Smart City", "type": ["CourseSection"]},
    LTI + "resource_link": {"id": "7", "title": "Datenrecht", "description": ""},
    LTI + "launch_presentation": {
        "locale": "de",
        "document_target": "iframe",
        "return_url": "https://lms.example/mod/lti/return.php?course=2&sesskey=abc",
    },
    LTI + "tool_platform": {"product_family_code": "moodle", "version": "2024100706", "guid": "lms.example"},
    LTI + "custom": {"module": "datenrecht"},
    AGS + "claim/endpoint": {
        "scope": [AGS + "scope/score", AGS + "scope/result.readonly", AGS + "scope/lineitem.readonly"],
        "lineitems": "https://lms.example/mod/lti/services.php/2/lineitems?type_id=1",
        "lineitem": "https://lms.example/mod/lti/services.php/2/lineitems/9/lineitem?type_id=1",
    },
}
