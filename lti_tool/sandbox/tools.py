from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCOPE_LINEITEM = AGS + "lineitem"
SCOPE_LINEITEM_READONLY = AGS + "lineitem.readonly"
SCOPE_RESULT = AGS + "result.readonly"
SCOPE_SCORE = AGS + "score"
SCOPE_ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
SCOPE_NOTICES = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
CONTEXT_COPY = "LtiContextCopyNotice"
HELLO_WORLD = "LtiHelloWorldNotice"
NOTICE_TYPES = (CONTEXT_COPY, HELLO_WORLD)
ALL_SCOPES = (
    SCOPE_LINEITEM,
    SCOPE_LINEITEM_READONLY,
    SCOPE_RESULT,
    SCOPE_SCORE,
    SCOPE_ROSTER,
    SCOPE_NOTICES,
)


def origin_of(url: str) -> str:
    """Return scheme and host with port, as a browser names the origin."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A tool known here: the preset one, or one that registered itself.

    Attributes:
        active: a tool that registered itself waits until an administrator activates it, as in Moodle.
    """

    client_id: str
    deployment_id: str
    name: str
    login_url: str
    redirect_uris: tuple[str, ...]
    jwks_url: str
    target_link_uri: str
    deep_link_uri: str
    scopes: tuple[str, ...] = ALL_SCOPES
    custom: dict[str, str]
    active: bool = True

    @property
    def origin(self) -> str:
        return origin_of(self.target_link_uri)

    @property
    def ags_scopes(self) -> list[str]:
        return sorted(scope for scope in self.scopes if scope.startswith(AGS))


def preset_tool(tool_url: str, client_id: str, deployment_id: str) -> Tool:
    """Make the tool the practice LMS starts with."""
    launch = f"{tool_url}/lti/launch"
    return Tool(
        client_id=client_id,
        deployment_id=deployment_id,
        name="Smart City Lernen",
        login_url=f"{tool_url}/lti/login",
        redirect_uris=(launch,),
        jwks_url=f"{tool_url}/lti/jwks",
        target_link_uri=launch,
        deep_link_uri=launch,
        custom={},
    )
