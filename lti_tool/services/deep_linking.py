"""Answers a platform's question for content, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from lti_tool.db.models import DeepLinkingRequest, LaunchSession, ResourceLink
from lti_tool.db.upsert import insert_row
from lti_tool.domain.actor import Actor
from lti_tool.domain.deep_linking import Choice, ContentKind, DeepLinkingSettings
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.ids import new_id
from lti_tool.domain.launch import Launch
from lti_tool.services.ports import Clock


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A question not answered yet."""

    id: UUID
    deployment_id: str
    settings: DeepLinkingSettings


def keep_request(session: Session, launch: Launch, expires_at: datetime) -> UUID | None:
    """Store what a deep-linking launch asks for and return its id; None for any other launch."""
    settings = launch.deep_linking
    if settings is None:
        return None
    request_id = new_id()
    row = {
        "registration_id": launch.registration_id,
        "id": request_id,
        "deployment_id": launch.deployment_id,
        "return_url": settings.return_url,
        "accepts_links": settings.accepts_links,
        "accept_multiple": settings.accept_multiple,
        "accept_lineitem": settings.accept_lineitem,
        "document_targets": sorted(settings.document_targets),
        "data": settings.data,
        "expires_at": expires_at,
    }
    insert_row(session, DeepLinkingRequest, row)
    return request_id


class DeepLinking:
    """The picker's use cases."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def request(self, actor: Actor) -> OpenRequest:
        """Return what this launch asks for.

        Raises:
            Refusal: `not_found` if it asks for nothing, `dl.already_answered` if it was answered.
        """
        row = self._session.scalar(
            select(DeepLinkingRequest)
            .join(
                LaunchSession,
                and_(
                    LaunchSession.registration_id == DeepLinkingRequest.registration_id,
                    LaunchSession.deep_linking_id == DeepLinkingRequest.id,
                ),
            )
            .where(
                LaunchSession.registration_id == actor.registration_id,
                LaunchSession.id == actor.launch_id,
            ),
        )
        if row is None:
            raise Refusal(Code.NOT_FOUND, "no deep-linking launch")
        if row.answered_at is not None:
            raise Refusal(Code.DEEP_LINKING_ALREADY_ANSWERED)
        return OpenRequest(row.id, row.deployment_id, _settings(row))

    def close(self, actor: Actor, request: OpenRequest) -> None:
        """Note that the answer goes out; of two at once exactly one gets through (D9).

        Raises:
            Refusal: `dl.already_answered`.
        """
        closed = self._session.execute(
            update(DeepLinkingRequest)
            .where(
                DeepLinkingRequest.registration_id == actor.registration_id,
                DeepLinkingRequest.id == request.id,
                DeepLinkingRequest.answered_at.is_(None),
            )
            .values(answered_at=self._clock())
            .returning(DeepLinkingRequest.id)
            .execution_options(synchronize_session=False),
        ).first()
        if closed is None:
            raise Refusal(Code.DEEP_LINKING_ALREADY_ANSWERED)

    def in_course(self, actor: Actor) -> frozenset[Choice]:
        """Return what the course has already, as far as somebody opened it once."""
        if actor.context_id is None:
            return frozenset()
        rows = self._session.execute(
            select(ResourceLink.kind, ResourceLink.module_id)
            .where(
                ResourceLink.registration_id == actor.registration_id,
                ResourceLink.context_id == actor.context_id,
            )
            .distinct(),
        )
        return frozenset(Choice(ContentKind(row.kind), row.module_id) for row in rows)


def _settings(row: DeepLinkingRequest) -> DeepLinkingSettings:
    return DeepLinkingSettings(
        return_url=row.return_url,
        accepts_links=row.accepts_links,
        accept_multiple=row.accept_multiple,
        accept_lineitem=row.accept_lineitem,
        document_targets=frozenset(row.document_targets),
        data=row.data,
    )
