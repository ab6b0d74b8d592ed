"""What the database holds of a launch already, in one query, so that a launch that changes nothing writes little."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, and_, bindparam, select
from sqlalchemy.orm import Session

from lti_tool.db.engine import connection_of
from lti_tool.db.models import Context, LineItem, LtiUser, Membership, Registration, ResourceLink, Roster
from lti_tool.domain.launch import Launch
from lti_tool.services.line_items import KnownColumn


@dataclass(frozen=True, slots=True)
class KnownLaunch:
    """Person, course, part, activity, column and roster as earlier launches left them.

    Attributes:
        keeps_names: whether the platform's administrators let people's names be stored.
    """

    keeps_names: bool
    user_id: UUID | None
    user_name: str | None
    seen_in: datetime | None
    context_id: UUID | None
    context_texts: tuple[str, str] | None
    parts: str | None
    link_id: UUID | None
    link_texts: tuple[str, str | None, str, UUID | None] | None
    column: KnownColumn | None
    roster: KnownRoster | None


@dataclass(frozen=True, slots=True)
class KnownRoster:
    """Where a course's roster is read, and when it may be read again."""

    url: str
    wanted: bool
    next_read_at: datetime


def look_up(session: Session, launch: Launch) -> KnownLaunch:
    """Return what is known of the person, course and activity of a launch."""
    parameters = {
        "registration_id": launch.registration_id,
        "deployment_id": launch.deployment_id,
        "subject": launch.subject,
        "context": launch.context.id if launch.context else None,
        "link": launch.resource_link.id if launch.resource_link else None,
    }
    row = connection_of(session).execute(_KNOWN, parameters).one()
    return KnownLaunch(
        keeps_names=row.keeps_names,
        user_id=row.user_id,
        user_name=row.user_name,
        seen_in=row.seen_in,
        context_id=row.context_id,
        context_texts=(row.context_label, row.context_title) if row.context_id else None,
        parts=row.parts,
        link_id=row.link_id,
        link_texts=(row.link_title, row.module_id, row.kind, row.link_context_id) if row.link_id else None,
        column=KnownColumn(row.column_url, row.container_url, row.column_label, row.maximum) if row.column_id else None,
        roster=KnownRoster(row.roster_url, row.roster_wanted, row.next_read_at) if row.roster_url else None,
    )


def _known_query() -> Any:
    """One row, whatever is known; on plain tables, as objects of the ORM would be made only to be taken apart."""
    registration: BindParameter[int] = bindparam("registration_id")
    deployment: BindParameter[str] = bindparam("deployment_id")
    platform, user, context, membership, link, line_item, roster = (
        model.__table__ for model in (Registration, LtiUser, Context, Membership, ResourceLink, LineItem, Roster)
    )
    in_course = and_(membership.c.registration_id == registration, membership.c.context_id == context.c.id)
    return (
        select(
            platform.c.keeps_names,
            user.c.id.label("user_id"),
            user.c.name.label("user_name"),
            user.c.seen_in,
            context.c.id.label("context_id"),
            context.c.label.label("context_label"),
            context.c.title.label("context_title"),
            membership.c.parts,
            link.c.id.label("link_id"),
            link.c.title.label("link_title"),
            link.c.module_id,
            link.c.kind,
            link.c.context_id.label("link_context_id"),
            line_item.c.id.label("column_id"),
            line_item.c.url.label("column_url"),
            line_item.c.container_url,
            line_item.c.label.label("column_label"),
            line_item.c.maximum,
            roster.c.url.label("roster_url"),
            roster.c.wanted.label("roster_wanted"),
            roster.c.next_read_at,
        )
        .select_from(platform)
        .outerjoin(user, and_(user.c.registration_id == registration, user.c.subject == bindparam("subject")))
        .outerjoin(context, _of_deployment(context, registration, deployment, "context"))
        .outerjoin(membership, and_(in_course, membership.c.user_id == user.c.id))
        .outerjoin(link, _of_deployment(link, registration, deployment, "link"))
        .outerjoin(
            line_item,
            and_(line_item.c.registration_id == registration, line_item.c.resource_link_id == link.c.id),
        )
        .outerjoin(roster, and_(roster.c.registration_id == registration, roster.c.context_id == context.c.id))
        .where(platform.c.id == registration)
    )


def _of_deployment(table: Any, registration: BindParameter[int], deployment: BindParameter[str], name: str) -> Any:
    """Ids of courses and activities are unique within a deployment (LTI 1.3 core, 5.3.7 and 5.4.2)."""
    return and_(
        table.c.registration_id == registration,
        table.c.deployment_id == deployment,
        table.c.platform_id == bindparam(name),
    )


_KNOWN = _known_query()
