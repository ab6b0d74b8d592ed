"""Grade columns that the worker finds, makes or changes, each by one worker at a time (rows G3, G4, G13)."""

from __future__ import annotations

import structlog
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.domain.delivery import DeliveryFailed, FailureKind, Reason
from lti_tool.domain.registration import Registration
from lti_tool.services.column_claims import ColumnClaim, ColumnClaims
from lti_tool.services.outbox import LeasedScore
from lti_tool.services.ports import Clock, GradeColumns

log = structlog.get_logger(__name__)


class ColumnBusy(Exception):  # noqa: N818 -- an outcome that the worker waits out, not an error
    """Another worker is making this column."""


class ColumnKeeper:
    """Gives scores a column to go to."""

    def __init__(self, sessions: sessionmaker[Session], columns: GradeColumns, clock: Clock) -> None:
        self._sessions = sessions
        self._columns = columns
        self._clock = clock

    def replacement(self, registration: Registration, leased: LeasedScore, lost_url: str | None) -> str:
        """Return the address of the column that stands in for a missing (None) or lost one.

        The platform is asked before a column is made: a worker that died in between may have made it.

        Raises:
            DeliveryFailed: permanently if the platform does not let the tool make a column (G4), else as it answered.
            ColumnBusy: another worker is at it.
        """
        claim, url = self._claim(leased, lost_url)
        if claim is None:
            if url is None or url == lost_url:
                raise ColumnBusy
            return url
        try:
            url, made = self._find_or_make(registration, claim)
        except BaseException:
            self._release(claim)
            raise
        with self._sessions.begin() as session:
            ColumnClaims(session, self._clock).settle(claim, url, made=made, sending=leased.user_id)
        log.info("column.made" if made else "column.found", lost=lost_url is not None)
        return url

    def bring_up_to_date(self, registration: Registration, leased: LeasedScore) -> None:
        """Write a new label or maximum into a column that the tool made; grades need not wait for that.

        A platform that refuses keeps its own and is not asked again; one that is away is asked with the next score.
        """
        claim, _ = self._claim(leased, leased.line_item_url)
        if claim is None or claim.url is None:
            return
        try:
            if claim.is_outdated:
                self._columns.change(registration, claim.url, label=claim.new_label, maximum=claim.new_maximum)
        except DeliveryFailed as failure:
            log.warning("column.not_changed", code=failure.reason, kind=str(failure.kind))
            if failure.kind is not FailureKind.PERMANENT:
                self._release(claim)
                return
        with self._sessions.begin() as session:
            ColumnClaims(session, self._clock).settle_change(claim)

    def _find_or_make(self, registration: Registration, claim: ColumnClaim) -> tuple[str, bool]:
        """Return the column's address, and whether the tool made it."""
        if claim.container_url is None or claim.wanted is None:
            raise DeliveryFailed(FailureKind.PERMANENT, Reason.NO_COLUMN)
        not_these = claim.others | frozenset({claim.url} if claim.url else ())
        found = self._columns.find(registration, claim.container_url, claim.wanted, not_these)
        if found:
            return found, False
        with self._sessions.begin() as session:  # looking may have taken longer than the lease lasts
            if not ColumnClaims(session, self._clock).renew(claim):
                raise ColumnBusy
        return self._columns.make(registration, claim.container_url, claim.wanted), True

    def _claim(self, leased: LeasedScore, url: str | None) -> tuple[ColumnClaim | None, str | None]:
        """Return a claim on the column while it is at `url`, and where it is."""
        with self._sessions.begin() as session:
            claims = ColumnClaims(session, self._clock)
            claim = claims.claim(leased.registration_id, leased.line_item_id, url)
            return claim, url if claim else claims.url(leased.registration_id, leased.line_item_id)

    def _release(self, claim: ColumnClaim) -> None:
        with self._sessions.begin() as session:
            ColumnClaims(session, self._clock).release(claim)
