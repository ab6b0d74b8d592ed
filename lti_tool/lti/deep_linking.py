"""The tool's answer to a deep-linking request: signed content items (Deep Linking 2.0, 4.5).

PyLTI1p3 knows the shape of message and items. Times, `data`, `text`, the hints for frame and window and the signature
are ours: its own parse a PEM for each answer and send `data: null` where the platform sent none (row D10).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from joserfc import jwt
from joserfc.jwk import RSAKey
from pylti1p3.deep_link import DeepLink, TDeepLinkData
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.lineitem import LineItem
from pylti1p3.registration import Registration as LibraryRegistration

from lti_tool.domain.deep_linking import ContentItem, DeepLinkingSettings
from lti_tool.domain.registration import Registration
from lti_tool.lti import claims as claim
from lti_tool.lti.key_set import ALGORITHM
from lti_tool.lti.ports import Clock, ToolKeys
from lti_tool.lti.target import LaunchAddress

LIFETIME = timedelta(minutes=5)
"""How long a person may take between „Übernehmen“ and the platform's page."""
BACKDATED = timedelta(seconds=30)
"""Moodle refuses a token from the future without any leeway; our clock may be ahead."""

_FRAME = {"width": 1000, "height": 800}
_WINDOW = {"targetName": "_blank"}
_REVIEWABLE = ["Completed"]


class DeepLinkingResponder:
    """Signs answers with the tool's key."""

    def __init__(self, tool_keys: ToolKeys, clock: Clock, base_url: str) -> None:
        self._tool_keys = tool_keys
        self._clock = clock
        self._launch_url = LaunchAddress(base_url).url

    def answer(
        self,
        registration: Registration,
        deployment_id: str,
        settings: DeepLinkingSettings,
        items: Sequence[ContentItem],
        message: str | None = None,
    ) -> str:
        """Return the signed answer, to be posted as `JWT` to the settings' return URL.

        Args:
            registration: who asked.
            deployment_id: of the request.
            settings: what the platform takes; the caller has held the items to it.
            items: may be empty: nothing was chosen.
            message: what the platform may show to the person, as plain text.
        """
        platform = LibraryRegistration().set_issuer(registration.issuer).set_client_id(registration.client_id)
        library = DeepLink(platform, deployment_id, cast("TDeepLinkData", {"data": settings.data}))
        claims = library.get_message_jwt([_Item(self._launch_url, item, settings) for item in items])
        now = self._clock()
        claims |= {"iat": int((now - BACKDATED).timestamp()), "exp": int((now - BACKDATED + LIFETIME).timestamp())}
        if settings.data is None:
            del claims[claim.DEEP_LINKING_DATA]
        if message is not None:
            claims[claim.DEEP_LINKING_MESSAGE] = message
        return self._sign(claims)

    def _sign(self, claims: dict[str, Any]) -> str:
        signer = self._tool_keys.signing_key()
        header = {"alg": ALGORITHM, "typ": "JWT", "kid": signer.kid}
        return jwt.encode(header, claims, RSAKey.import_key(signer.private_key), algorithms=[ALGORITHM])


class _Item(DeepLinkResource):
    """One `ltiResourceLink` (Deep Linking 2.0, 3.3): the content travels in `custom`, so that copies keep it."""

    def __init__(self, url: str, item: ContentItem, settings: DeepLinkingSettings) -> None:
        self.set_title(item.title).set_url(url).set_custom_params(item.custom)
        self._text = item.text
        self._targets = settings.document_targets
        if item.score_maximum is not None and settings.accept_lineitem:
            self.set_lineitem(_column(item, item.score_maximum))

    def to_dict(self) -> dict[str, object]:
        item = {**super().to_dict(), "text": self._text}
        if "iframe" in self._targets:
            item["iframe"] = _FRAME
        if "window" in self._targets:
            item["window"] = _WINDOW
        return item


def _column(item: ContentItem, maximum: int) -> LineItem:
    """Find the same column again by `resourceId` and `tag`, whatever an instructor calls it (AGS 2.0, 3.2)."""
    column = LineItem().set_label(item.title).set_score_maximum(maximum).set_tag(str(item.choice.kind))
    column.set_resource_id(item.choice.subject_id or "").set_submission_review(_REVIEWABLE)
    return column
