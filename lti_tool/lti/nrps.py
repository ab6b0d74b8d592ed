"""Names and Role Provisioning Services 2.0: who is in a course (rows G27 to G30)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lti_tool.domain.delivery import DeliveryFailed, FailureKind, Reason
from lti_tool.domain.registration import Registration
from lti_tool.domain.roles import parts_played
from lti_tool.domain.roster import Member, MemberStatus, Roster
from lti_tool.lti.endpoints import LONGEST_URL, is_trusted
from lti_tool.lti.foreign_text import identifier, text
from lti_tool.lti.link_header import differences_url
from lti_tool.lti.platform_service import PlatformService
from lti_tool.lti.ports import Answer
from lti_tool.lti.scopes import ROSTER
from lti_tool.lti.service_calls import bad_answer, succeeded

_ROSTER_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
_STATUSES = {status.lower(): status for status in MemberStatus}


class NrpsRosterReader:
    """Reads rosters; fits `services.ports.RosterReader`."""

    def __init__(self, service: PlatformService) -> None:
        self._service = service

    def read(
        self,
        registration: Registration,
        url: str,
        *,
        role: str | None = None,
        limit: int | None = None,
        resource_link_id: str | None = None,
    ) -> Roster:
        """Return all members, page by page.

        Args:
            registration: the platform.
            url: the roster's, or the one that tells its differences.
            role: URI of the one role asked for; platforms may ignore it, so look at the members' parts as well.
            limit: people per page, a wish; Moodle sends everybody at once without it.
            resource_link_id: leave out who may not open this activity (`rlid`).

        Raises:
            DeliveryFailed: the platform forbids it (G30), is away, or answers with no roster.
        """
        filters = {"role": role, "limit": None if limit is None else str(limit), "rlid": resource_link_id}
        members: dict[str, Member] = {}
        differences = None
        at = _with_filters(url, {name: value for name, value in filters.items() if value is not None})
        for page in self._service.pages(registration, ROSTER, at, accept=_ROSTER_TYPE):
            members.update((member.subject, member) for member in _members(page))
            differences = differences_url(page, url) or differences
        if differences and not (len(differences) <= LONGEST_URL and is_trusted(registration, differences)):
            differences = None
        return Roster(tuple(members.values()), differences)


def _members(page: Answer) -> Iterator[Member]:
    if not succeeded(page):
        raise _refused(page)
    try:
        document = json.loads(page.body)
    except (ValueError, RecursionError):
        raise bad_answer() from None
    listed = document.get("members") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise bad_answer()
    for entry in listed:
        member = _member(entry) if isinstance(entry, dict) else None
        if member:
            yield member


def _member(entry: dict[str, Any]) -> Member | None:
    """Return a member; None for an entry without a usable id, which nobody could be recognised by."""
    given = entry.get("user_id")
    subject = identifier(str(given) if isinstance(given, int) and not isinstance(given, bool) else given)
    if subject is None:
        return None
    roles = entry.get("roles")
    uris = [role for role in roles if isinstance(role, str)] if isinstance(roles, list) else []
    status = _STATUSES.get(str(entry.get("status", MemberStatus.ACTIVE)).lower(), MemberStatus.INACTIVE)
    return Member(subject, parts_played(uris), status, _name(entry))


def _name(entry: dict[str, Any]) -> str | None:
    full = text(entry.get("name"))
    return full or text(f"{text(entry.get('given_name'))} {text(entry.get('family_name'))}") or None


def _refused(answer: Answer) -> DeliveryFailed:
    """Any refusal is for good until an instructor comes again: the platform has no roster for us (G30)."""
    reason = Reason.BAD_ANSWER if answer.status // 100 == 3 else Reason.FORBIDDEN  # noqa: PLR2004 -- HTTP's redirects
    return DeliveryFailed(FailureKind.PERMANENT, reason)


def _with_filters(url: str, filters: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in filters]
    return urlunsplit(parts._replace(query=urlencode([*query, *filters.items()])))
