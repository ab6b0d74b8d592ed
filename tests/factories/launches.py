"""Validated launches as the protocol adapter would hand them on."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from lti_tool.domain.launch import AgsEndpoint, Launch, LaunchContext, LaunchResourceLink, MessageType

LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
SCORE_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"


def learner_launch(registration_id: int, **changed: Any) -> Launch:
    """A learner opens the graded module "datenrecht"."""
    values: dict[str, Any] = {
        "registration_id": registration_id,
        "state_id": secrets.token_urlsafe(16),
        "state_expires_at": datetime.now(UTC) + timedelta(minutes=10),
        "deployment_id": "1",
        "message_type": MessageType.RESOURCE_LINK,
        "roles": frozenset({LEARNER}),
        "subject": "5",
        "name": "Lea Lernfeld",
        "context": LaunchContext("2", "SC1", "Lehrgang Smart City"),
        "resource_link": LaunchResourceLink("7", "Datenrecht"),
        "custom": {"module": "datenrecht"},
        "locale": "de",
        "ags": AgsEndpoint(
            lineitem="https://lms.example/lineitems/9/lineitem?type_id=1",
            lineitems="https://lms.example/lineitems?type_id=1",
            scopes=frozenset({SCORE_SCOPE}),
        ),
    }
    return Launch(**{**values, **changed})
