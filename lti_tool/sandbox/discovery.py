from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from lti_tool.sandbox.config import VERSION
from lti_tool.sandbox.launches import DEEP_LINKING, RESOURCE_LINK, SUBMISSION_REVIEW
from lti_tool.sandbox.lms import current_lms
from lti_tool.sandbox.tools import ALL_SCOPES

blueprint = Blueprint("discovery", __name__)


@blueprint.get("/platform/jwks")
def jwks() -> ResponseReturnValue:
    """Serve the public key."""
    return jsonify(current_lms().key.public_set)


@blueprint.get("/.well-known/openid-configuration")
def openid_configuration() -> ResponseReturnValue:
    """Serve what a tool needs to register (LTI Dynamic Registration 1.0, 3.4)."""
    config = current_lms().config
    return jsonify(
        {
            "issuer": config.base_url,
            "authorization_endpoint": config.auth_url,
            "token_endpoint": config.token_url,
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "jwks_uri": config.jwks_url,
            "registration_endpoint": f"{config.base_url}/platform/register",
            "scopes_supported": ["openid", *ALL_SCOPES],
            "response_types_supported": ["id_token"],
            "response_modes_supported": ["form_post"],
            "subject_types_supported": ["public", "pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
            "https://purl.imsglobal.org/spec/lti-platform-configuration": _platform(),
        }
    )


def _platform() -> dict[str, Any]:
    return {
        "product_family_code": "uebungs-lms",
        "version": VERSION,
        "messages_supported": [
            {"type": RESOURCE_LINK},
            {"type": DEEP_LINKING, "placements": ["ContentArea"]},
            {"type": SUBMISSION_REVIEW},
        ],
        "variables": ["User.id", "ResourceLink.id", "ResourceLink.title", "Context.id", "Context.id.history"],
    }
