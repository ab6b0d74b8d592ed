"""Every way the tool refuses a request: one stable code, one HTTP status.

The sentence a person reads belongs to the edge (`web/errors.py`), where it is translated. The codes of launch and
login are the rows of the table of bad launches; a code never changes its meaning, so that an administrator can
search for it.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum


class Code(Enum):
    """A refusal's stable code and its HTTP status."""

    LOGIN_MISSING_ISSUER = ("login.missing_iss", 400)
    LOGIN_UNKNOWN_ISSUER = ("login.unknown_issuer", 401)
    LOGIN_UNKNOWN_CLIENT = ("login.unknown_client", 401)
    LOGIN_AMBIGUOUS_CLIENT = ("login.ambiguous_client", 400)
    LOGIN_MISSING_LOGIN_HINT = ("login.missing_login_hint", 400)
    LOGIN_MISSING_TARGET = ("login.missing_target", 400)
    LOGIN_FOREIGN_TARGET = ("login.foreign_target", 400)
    LOGIN_REGISTRATION_INACTIVE = ("login.registration_inactive", 403)
    LOGIN_TOWN_CLOSED = ("login.town_closed", 403)
    LOGIN_DUPLICATE_PARAMETER = ("login.duplicate_parameter", 400)
    LOGIN_BAD_PARAMETER = ("login.bad_parameter", 400)
    RATE_LIMITED = ("rate_limited", 429)
    PLATFORM_RATE_LIMITED = ("platform.rate_limited", 429)

    LAUNCH_MEDIA_TYPE = ("launch.media_type", 415)
    LAUNCH_TOO_LARGE = ("launch.too_large", 413)
    LAUNCH_MISSING_TOKEN = ("launch.missing_token", 400)
    LAUNCH_PLATFORM_ERROR = ("launch.platform_error", 400)
    LAUNCH_MISSING_STATE = ("launch.missing_state", 400)
    LAUNCH_UNKNOWN_STATE = ("launch.unknown_state", 401)
    LAUNCH_EXPIRED_STATE = ("launch.expired_state", 401)
    LAUNCH_REPLAYED = ("launch.replayed", 401)
    LAUNCH_WRONG_BROWSER = ("launch.wrong_browser", 401)
    LAUNCH_FOREIGN_PAGE = ("launch.wrong_browser", 403)
    LAUNCH_MISSING_NONCE = ("launch.missing_nonce", 401)
    LAUNCH_BAD_NONCE = ("launch.bad_nonce", 401)
    LAUNCH_MALFORMED_TOKEN = ("launch.malformed_token", 400)
    LAUNCH_BAD_ALGORITHM = ("launch.bad_algorithm", 401)
    LAUNCH_UNKNOWN_KEY = ("launch.unknown_key", 401)
    LAUNCH_BAD_SIGNATURE = ("launch.bad_signature", 401)
    LAUNCH_ISSUER_MISMATCH = ("launch.issuer_mismatch", 401)
    LAUNCH_BAD_AUDIENCE = ("launch.bad_audience", 401)
    LAUNCH_UNTRUSTED_AUDIENCE = ("launch.untrusted_audience", 401)
    LAUNCH_BAD_AZP = ("launch.bad_azp", 401)
    LAUNCH_MISSING_EXP = ("launch.missing_exp", 401)
    LAUNCH_EXPIRED_TOKEN = ("launch.expired_token", 401)
    LAUNCH_MISSING_IAT = ("launch.missing_iat", 401)
    LAUNCH_OLD_TOKEN = ("launch.old_token", 401)
    LAUNCH_FUTURE_TOKEN = ("launch.future_token", 401)
    LAUNCH_BAD_TIME = ("launch.bad_time", 401)
    LAUNCH_NOT_YET_VALID = ("launch.not_yet_valid", 401)
    LAUNCH_BAD_VERSION = ("launch.bad_version", 400)
    LAUNCH_UNSUPPORTED_MESSAGE = ("launch.unsupported_message", 400)
    LAUNCH_BAD_DEPLOYMENT = ("launch.bad_deployment", 400)
    LAUNCH_DEPLOYMENT_PENDING = ("launch.deployment_pending", 403)
    LAUNCH_DEPLOYMENT_INACTIVE = ("launch.deployment_inactive", 403)
    LAUNCH_TARGET_MISMATCH = ("launch.target_mismatch", 401)
    LAUNCH_BAD_RESOURCE_LINK = ("launch.bad_resource_link", 400)
    LAUNCH_BAD_ROLES = ("launch.bad_roles", 400)
    LAUNCH_BAD_SUBJECT = ("launch.bad_sub", 400)
    LAUNCH_BAD_CONTEXT = ("launch.bad_context", 400)
    LAUNCH_BAD_CUSTOM = ("launch.bad_custom", 400)
    LAUNCH_BAD_CLAIM = ("launch.bad_claim", 400)

    DEEP_LINKING_MISSING_SETTINGS = ("dl.missing_settings", 400)
    DEEP_LINKING_FORBIDDEN = ("dl.forbidden", 403)
    DEEP_LINKING_MISSING_RETURN_URL = ("dl.missing_return_url", 400)
    DEEP_LINKING_BAD_RETURN_URL = ("dl.bad_return_url", 400)
    DEEP_LINKING_BAD_DATA = ("dl.bad_data", 400)
    DEEP_LINKING_TOO_MANY_ITEMS = ("dl.too_many_items", 400)
    DEEP_LINKING_ALREADY_ANSWERED = ("dl.already_answered", 409)
    REVIEW_MISSING_USER = ("review.missing_user", 400)
    REGRADE_BAD_KEY = ("regrade.bad_key", 400)
    REGRADE_NOT_COUNTED = ("regrade.not_counted", 409)
    REVIEW_BAD_MARKS = ("review.bad_marks", 400)
    REVIEW_FORBIDDEN = ("review.forbidden", 403)

    DR_TOKEN_INVALID = ("dr.token_invalid", 403)
    DR_MISSING_CONFIGURATION = ("dr.missing_configuration", 400)
    DR_BAD_URL = ("dr.bad_url", 400)
    DR_ADDRESS_FORBIDDEN = ("dr.address_forbidden", 400)
    DR_PLATFORM_UNREACHABLE = ("dr.platform_unreachable", 502)
    DR_PLATFORM_TIMEOUT = ("dr.platform_unreachable", 504)
    DR_ISSUER_MISMATCH = ("dr.issuer_mismatch", 400)
    DR_BAD_ENDPOINT = ("dr.bad_endpoint", 400)
    DR_UNSUPPORTED = ("dr.unsupported", 400)
    DR_REFUSED = ("dr.refused", 502)
    DR_BAD_RESPONSE = ("dr.bad_response", 502)
    DR_DUPLICATE = ("dr.duplicate", 409)
    DR_SESSION_EXPIRED = ("dr.session_expired", 403)

    NOTICES_UNAUTHENTICATED = ("pns.unauthenticated", 401)
    NOTICES_TOO_MANY = ("pns.too_many", 413)

    PLATFORM_JWKS_TIMEOUT = ("platform.jwks_timeout", 504)
    PLATFORM_JWKS_INVALID = ("platform.jwks_invalid", 502)
    TEMPORARILY_UNAVAILABLE = ("temporarily_unavailable", 503)
    STORAGE_FULL = ("storage_full", 507)

    CONTENT_UNKNOWN = ("content.unknown", 404)
    SESSION_FOREIGN = ("session.foreign", 403)
    SESSION_EXPIRED = ("session.expired", 401)
    HANDOVER_EXPIRED = ("session.handover_expired", 401)
    CSRF = ("csrf", 403)
    ROLE_FORBIDDEN = ("role.forbidden", 403)
    NOT_FOUND = ("not_found", 404)
    METHOD_NOT_ALLOWED = ("method_not_allowed", 405)
    BAD_REQUEST = ("bad_request", 400)
    TOO_LARGE = ("too_large", 413)
    ATTEMPT_CLOSED = ("attempt.closed", 409)
    ATTEMPT_LATE = ("attempt.late", 403)
    ATTEMPT_BAD_ANSWER = ("attempt.bad_answer", 400)
    PROOF_NOT_EARNED = ("proof.not_earned", 409)
    PROOF_NOT_VALID = ("proof.not_valid", 409)
    PROOF_BAD_NAME = ("proof.bad_name", 400)
    PROOF_OTHER_NAME = ("proof.other_name", 409)
    ATTEMPT_NOT_A_NUMBER = ("attempt.not_a_number", 400)
    FILE_EMPTY = ("file.empty", 400)
    FILE_TOO_LARGE = ("file.too_large", 413)
    FILE_WRONG_TYPE = ("file.wrong_type", 415)
    FILE_DAMAGED = ("file.damaged", 400)
    FILES_AWAY = ("files.away", 503)
    FILES_LOST = ("files.lost", 410)
    OPERATOR_LINK_INVALID = ("operator.link_invalid", 403)
    OPERATOR_SESSION_EXPIRED = ("operator.session_expired", 401)
    KEYS_NEXT_WAITING = ("keys.next_waiting", 409)
    IDENTITY_UNKNOWN = ("identity.unknown", 404)
    IDENTITY_CONFLICT = ("identity.conflict", 409)
    TOWN_NAME_TAKEN = ("town.name_taken", 409)
    TOWN_ERASING = ("town.erasing", 409)
    IDEA_OTHER_STATE = ("idea.other_state", 409)
    IDEA_CHANGED = ("idea.changed", 409)
    IDEA_WITHDRAWN = ("idea.withdrawn", 410)
    IDEA_HIDDEN = ("idea.hidden", 410)
    IDEA_NO_REASON = ("idea.no_reason", 400)
    IDEA_TOO_MANY = ("idea.too_many", 409)
    INTERNAL = ("internal", 500)

    def __init__(self, slug: str, status: int) -> None:
        self.slug = slug
        self.status = status


class Refusal(Exception):  # noqa: N818 -- a refusal is an answer by design, not an error of ours
    """A request answered with "no" by design.

    Attributes:
        code: what is wrong, and the status it is answered with.
        detail: short technical hint for the log; holds no token, name or address. It is shown only where it comes
            from ourselves or, escaped, from the platform's own `error` field.
        registration_id: the registration the request belongs to, once that is certain.
        return_url: where the platform wants the person sent back to; only set after the signature was verified.
        retry_after: seconds after which trying again makes sense.
        for_instructor: whether the person can mend it in the course, as far as the launch told already.
        deployment_id: the verified id of a deployment nobody has approved yet, to be noted for the administrator.
        spent_state: id and expiry of a login's state that is over with this refusal and must be burnt.
    """

    def __init__(
        self,
        code: Code,
        detail: str = "",
        *,
        registration_id: int | None = None,
        return_url: str | None = None,
        retry_after: int | None = None,
        for_instructor: bool = False,
        deployment_id: str | None = None,
        spent_state: tuple[str, datetime] | None = None,
    ) -> None:
        super().__init__(f"{code.slug}: {detail}" if detail else code.slug)
        self.code = code
        self.detail = detail
        self.registration_id = registration_id
        self.return_url = return_url
        self.retry_after = retry_after
        self.for_instructor = for_instructor
        self.deployment_id = deployment_id
        self.spent_state = spent_state
