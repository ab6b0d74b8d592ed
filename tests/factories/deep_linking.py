"""A platform that asks for content, and reads what comes back."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import jwt
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories.id_token import LEAVE_OUT

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
RETURN_URL = "https://lms.example/mod/lti/contentitem_return.php?course=2&sesskey=abc"


def settings(**changed: Any) -> dict[str, Any]:
    """Return the settings of a request as Moodle 4.5 sends them, with `accept_lineitem` and `data` besides."""
    values = {
        "deep_link_return_url": RETURN_URL,
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["frame", "iframe", "window"],
        "accept_multiple": True,
        "accept_lineitem": True,
        "accept_copy_advice": False,
        "auto_create": False,
        "title": "Smart City Lernen",
        "text": "",
        "data": "opaque=1;<&>",
        **changed,
    }
    return {name: value for name, value in values.items() if value is not LEAVE_OUT}


def request_claims(**changed: Any) -> dict[str, Any]:
    """Return the claims that make a launch a deep-linking request; `changed` are its settings."""
    return {
        "message_type": "LtiDeepLinkingRequest",
        "resource_link": LEAVE_OUT,
        "custom": LEAVE_OUT,
        DL + "deep_linking_settings": settings(**changed),
    }


def handed_back(page: TestResponse, client: FlaskClient, *, client_id: str = "tool-client") -> dict[str, Any]:
    """Return the claims of the answer on a page, verified with the tool's published key and with another library."""
    token = unescape(re.search(r'name="JWT" value="([^"]*)"', page.text).group(1))
    published = jwt.PyJWKSet.from_dict(client.get("/lti/jwks", base_url="https://tool.example").json)
    header = jwt.get_unverified_header(token)
    return jwt.decode(
        token,
        published[header["kid"]].key,
        ["RS256"],
        audience="https://lms.example",
        issuer=client_id,
        options={"verify_exp": False, "verify_iat": False},
    )


def items(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return answer[DL + "content_items"]
