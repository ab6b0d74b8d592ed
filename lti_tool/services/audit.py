"""The audit log: who changed what, and when. It only ever grows, is chained, and names no person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db.models import AuditEntry
from lti_tool.services.audit_chain import AuditChain
from lti_tool.services.ports import Clock

_LONGEST_SUBJECT = 255


class Who(StrEnum):
    """In which capacity somebody acted; which person it was, only their own systems know."""

    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    INSTRUCTOR = "instructor"
    COMMAND_LINE = "command_line"
    PERSON = "person"
    """Somebody about data of their own."""
    NIGHTLY_JOB = "nightly_job"


class Action(StrEnum):
    """What is worth an entry."""

    PLATFORM_CONNECTED = "platform.connected"
    PLATFORM_MOVED = "platform.moved"
    PLATFORM_PAUSED = "platform.paused"
    PLATFORM_RESUMED = "platform.resumed"
    DEPLOYMENT_APPROVED = "deployment.approved"
    DEPLOYMENT_DECLINED = "deployment.declined"
    NAMES_KEPT = "names.kept"
    NAMES_DELETED = "names.deleted"
    ROSTERS_READ = "rosters.read"
    ROSTERS_DELETED = "rosters.deleted"
    GRADES_SENT_AGAIN = "grades.sent_again"
    GRADE_OVERWRITTEN = "grades.overwritten"
    QUESTION_REGRADED = "question.regraded"
    RESULTS_EXPORTED = "results.exported"
    WAYS_EXPORTED = "ways.exported"
    FIGURES_EXPORTED = "figures.exported"
    RESULTS_SHOWN = "results.shown"
    RESULTS_HIDDEN = "results.hidden"
    POINTS_SENT = "points.sent"
    ONLY_PASSES_SENT = "points.withheld"
    MARKED_ANONYMOUSLY = "marking.anonymous"
    MARKED_BY_NAME = "marking.by_name"
    TOWN_RENAMED = "town.renamed"
    KEY_ROTATED = "key.rotated"
    INVITATION_MADE = "invitation.made"
    INVITATION_REVOKED = "invitation.revoked"
    OPERATOR_LINK_MADE = "operator.link_made"
    OPERATOR_ENTERED = "operator.entered"
    IDENTITIES_MERGED = "identity.merged"
    MERGE_UNDONE = "identity.merge_undone"
    PROOF_REVOKED = "proof.revoked"
    TRANSCRIPTS_ACCEPTED = "transcripts.accepted"
    TRANSCRIPTS_DECLINED = "transcripts.declined"
    PERSON_EXPORTED = "person.exported"
    PERSON_ERASED = "person.erased"
    PEOPLE_EXPIRED = "people.expired"
    RETENTION_SET = "retention.set"
    TOWN_CLOSED = "town.closed"
    TOWN_REOPENED = "town.reopened"
    TOWN_EXPORTED = "town.exported"
    TOWN_ERASED = "town.erased"
    DATE_OFFERED = "date.offered"
    DATE_CHANGED = "date.changed"
    DATE_CANCELLED = "date.cancelled"
    IDEA_RELEASED = "idea.released"
    IDEA_REJECTED = "idea.rejected"
    IDEA_HIDDEN = "idea.hidden"
    IDEA_SHOWN_AGAIN = "idea.shown_again"
    IDEA_WITHDRAWN = "idea.withdrawn"
    IDEA_ADOPTED = "idea.adopted"
    IDEA_GIVEN_UP = "idea.given_up"
    IDEA_REPORTS_SETTLED = "idea.reports_settled"
    ATTENDANCE_NOTED = "attendance.noted"
    ATTENDANCE_CORRECTED = "attendance.corrected"
    BACKUP_RESTORED = "backup.restored"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log."""

    id: int
    at: datetime
    who: Who
    action: Action
    registration_id: int | None
    subject: str
    detail: Mapping[str, Any]


class AuditLog:
    """Writes in the transaction of the action itself: neither exists without the other."""

    def __init__(self, session: Session, clock: Clock, who: Who) -> None:
        self._session = session
        self._clock = clock
        self._who = who

    def record(self, action: Action, subject: str = "", *, registration_id: int | None = None, **detail: Any) -> None:
        """Add an entry and chain it; `detail` holds numbers, codes and names of towns, never of people.

        Best as the last step of a transaction: until its end no other one adds to the log.
        """
        self._session.add(
            AuditEntry(
                at=self._clock(),
                actor=self._who,
                action=action,
                registration_id=registration_id,
                subject=subject[:_LONGEST_SUBJECT],
                detail=detail,
            ),
        )
        self._session.flush()  # the chain covers the entry's id
        AuditChain(self._session).extend()


def read_audit_log(
    session: Session, *, before: int | None = None, registration_id: int | None = None, limit: int = 50
) -> Sequence[Entry]:
    """Return entries, newest first; `before` is the id of the last entry of the page before."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    if registration_id is not None:
        query = query.where(AuditEntry.registration_id == registration_id)
    return [
        Entry(row.id, row.at, Who(row.actor), Action(row.action), row.registration_id, row.subject, row.detail)
        for row in session.scalars(query)
    ]
