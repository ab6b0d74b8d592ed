"""A validated LTI message. After `lti/` has made one, nobody sees a claim URI again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lti_tool.domain.deep_linking import DeepLinkingSettings


class MessageType(StrEnum):
    """LTI 1.3 core 5.4.1, Deep Linking 2.0, Submission Review 1.0."""

    RESOURCE_LINK = "LtiResourceLinkRequest"
    DEEP_LINKING = "LtiDeepLinkingRequest"
    SUBMISSION_REVIEW = "LtiSubmissionReviewRequest"


@dataclass(frozen=True, slots=True)
class LaunchContext:
    """The course."""

    id: str
    label: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class LaunchResourceLink:
    """The activity in the course."""

    id: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class AgsEndpoint:
    """Assignment and Grade Services 2.0, 3.1: what the platform offers for this link."""

    lineitem: str | None
    lineitems: str | None
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class PlatformStorage:
    """A place in the platform's window where a login left its secret (LTI Platform Storage 1.0).

    Attributes:
        frame: the name of the platform's frame to speak with, or `_parent`.
        origin: the only origin that is sent anything and believed.
        proof: SHA-256 of the secret in hexadecimal digits.
    """

    frame: str
    origin: str
    key: str
    proof: str


@dataclass(frozen=True, slots=True)
class NoticeService:
    """Platform Notification Service 1.0: where to say which notices the tool wants."""

    url: str
    types: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """One launch, verified: signature, times, audience, nonce, browser, deployment, every claim typed.

    Attributes:
        state_id: id of the login's state; whoever stores this launch burns it in the same transaction.
        state_expires_at: after this time the state is refused by its own date, so its burnt id can be forgotten.
        subject: the platform's id of the person (`sub`); None for an anonymous launch.
        name: as the platform sends it, cleaned and at most 255 characters; None if it sends none.
        deep_linking: what the platform takes from the picker; only with a deep-linking request.
        for_user: the platform's id of the person whose work is looked at; only with a submission review.
        notices: where the platform offers to tell of copied courses; None if it does not.
        memberships_url: where the course's roster can be read (NRPS 2.0).
        browser_bound: False if the browser sent no binding cookie at all; such a launch may only be parked.
        storage: where else the browser's secret may lie; only for a launch that is not bound.
        warnings: codes of what was switched off for this launch, for the administrator (`ags.untrusted_endpoint`).
    """

    registration_id: int
    state_id: str
    state_expires_at: datetime
    deployment_id: str
    message_type: MessageType
    roles: frozenset[str]
    subject: str | None = None
    name: str | None = None
    context: LaunchContext | None = None
    resource_link: LaunchResourceLink | None = None
    custom: Mapping[str, str] = field(default_factory=dict)
    locale: str | None = None
    document_target: str | None = None
    return_url: str | None = None
    ags: AgsEndpoint | None = None
    memberships_url: str | None = None
    deep_linking: DeepLinkingSettings | None = None
    for_user: str | None = None
    platform_family: str | None = None
    platform_version: str | None = None
    notices: NoticeService | None = None
    browser_bound: bool = True
    storage: PlatformStorage | None = None
    warnings: tuple[str, ...] = ()
