"""The table of bad logins (rows L1 to L17): what changes in a login as Moodle sends it, and the code of the refusal.

`None` as a value leaves the parameter out, a list sends it several times. `None` as the code means: redirected to the
platform. The issuer two.example has two clients; off.example is switched off.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from lti_tool.domain.errors import Code


class Row(NamedTuple):
    id: str
    code: Code | None
    changed: dict[str, Any]


def _target(url: str) -> dict[str, Any]:
    return {"target_link_uri": url}


FOREIGN = Code.LOGIN_FOREIGN_TARGET

ROWS = [
    Row("L1", Code.LOGIN_MISSING_ISSUER, {"iss": None}),
    Row("L1-empty", Code.LOGIN_MISSING_ISSUER, {"iss": ""}),
    Row("L2", Code.LOGIN_UNKNOWN_ISSUER, {"iss": "https://nobody.example"}),
    Row("L2-slash", Code.LOGIN_UNKNOWN_ISSUER, {"iss": "https://lms.example/"}),
    Row("L3", Code.LOGIN_UNKNOWN_CLIENT, {"client_id": "stranger"}),
    Row(
        "L4",
        Code.LOGIN_AMBIGUOUS_CLIENT,
        {"iss": "https://two.example", "client_id": None, "lti_deployment_id": None},
    ),
    Row("L5", Code.LOGIN_MISSING_LOGIN_HINT, {"login_hint": None}),
    Row("L6", Code.LOGIN_MISSING_TARGET, {"target_link_uri": None}),
    Row("L7", FOREIGN, _target("https://evil.example/lti/launch")),
    Row("L8-other-path", FOREIGN, _target("https://tool.example/admin")),
    Row("L8-http", FOREIGN, _target("http://tool.example/lti/launch")),
    Row("L8-userinfo", FOREIGN, _target("https://tool.example@evil.example/lti/launch")),
    Row("L8-own-userinfo", FOREIGN, _target("https://evil@tool.example/lti/launch")),
    Row("L8-backslash", FOREIGN, _target("https://evil.example\\@tool.example/lti/launch")),
    Row("L8-trailing-dot", FOREIGN, _target("https://tool.example./lti/launch")),
    Row("L8-other-port", FOREIGN, _target("https://tool.example:8443/lti/launch")),
    Row("L8-no-scheme", FOREIGN, _target("//tool.example/lti/launch")),
    Row("L8-blank", FOREIGN, _target(" https://tool.example/lti/launch")),
    Row("L8-broken", FOREIGN, _target("https://[tool.example/lti/launch")),
    Row("L9-javascript", FOREIGN, _target("javascript:alert(1)//https://tool.example/lti/launch")),
    Row("L9-data", FOREIGN, _target("data:text/html,<script>")),
    Row("L10", Code.LOGIN_REGISTRATION_INACTIVE, {"iss": "https://off.example"}),
    Row("L11", None, {"lti_deployment_id": "never-heard-of"}),
    Row("L12", Code.LOGIN_DUPLICATE_PARAMETER, {"iss": ["https://lms.example", "https://lms.example"]}),
    Row("L12-hint", Code.LOGIN_DUPLICATE_PARAMETER, {"lti_message_hint": ["a", "b"]}),
    Row("L13-long", Code.LOGIN_BAD_PARAMETER, {"login_hint": "x" * 4097}),
    Row("L13-longest", None, {"login_hint": "x" * 4096}),
    Row("L13-NUL", Code.LOGIN_BAD_PARAMETER, {"login_hint": "5\x00"}),
    Row("L13-CR", Code.LOGIN_BAD_PARAMETER, {"lti_message_hint": "a\rSet-Cookie: b=c"}),
    Row("L13-LF", Code.LOGIN_BAD_PARAMETER, {"lti_message_hint": "a\nSet-Cookie: b=c"}),
    Row("L17", None, {"lti_storage_target": "'\"><img src=x>"}),
]
