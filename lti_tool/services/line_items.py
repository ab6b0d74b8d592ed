"""What a launch tells of an activity's grade column (rows G1 to G4); the worker finds or makes what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.db.models import LineItem
from lti_tool.db.upsert import upsert
from lti_tool.domain.grade_column import ColumnOffer, NoGrades, column_offered, is_same_column
from lti_tool.domain.ids import new_id
from lti_tool.domain.launch import Launch
from lti_tool.services.ports import Clock
from lti_tool.services.scores import ActivityColumn, Scores

GRADED_KINDS = frozenset({"module", "quiz", "assignment", "tracker", "dates"})


@dataclass(frozen=True, slots=True)
class KnownColumn:
    """The column as earlier launches left it."""

    url: str | None
    container_url: str | None
    label: str | None
    maximum: Decimal | None


class LineItems:
    """Remembers the columns that launches bring."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def remember(
        self,
        launch: Launch,
        link_id: UUID,
        *,
        kind: str,
        module_id: str | None,
        maximum: Decimal | None,
        known: KnownColumn | None,
    ) -> NoGrades | None:
        """Store what the launch offers; return why the activity sends no grades, None if it does.

        A column once known stays, as grades may wait for it. Where one appears, or another one takes its place, the
        best scores that everybody has earned in this activity so far are sent there: no grade is ever lost.

        Args:
            launch: the launch.
            link_id: our record of its activity.
            kind: what the activity shows.
            module_id: the module it is about, or the certification whose percentage is sent.
            maximum: points of the module's quiz; None if there is nothing to grade.
            known: the column so far.
        """
        graded = kind in GRADED_KINDS and module_id is not None
        offer = column_offered(launch, graded=graded)
        if isinstance(offer, ColumnOffer) and offer.url is None and maximum is None:
            offer = NoGrades.NOT_GRADED
        if isinstance(offer, NoGrades):
            return None if known else offer
        title = launch.resource_link.title if launch.resource_link else ""
        label = title or (known.label if known else None) or module_id
        url = offer.url or (known.url if known else None)
        now_known = KnownColumn(url, offer.container_url, label, maximum)
        if now_known != known:
            line_item_id = self._store(launch.registration_id, link_id, now_known, known)
            column = ActivityColumn(launch.registration_id, line_item_id, link_id, module_id)
            self._send_earned(column, now_known, known)
        return None

    def _store(self, registration_id: int, link_id: UUID, column: KnownColumn, known: KnownColumn | None) -> UUID:
        values: dict[str, Any] = {
            "url": column.url,
            "container_url": column.container_url,
            "label": column.label,
            "maximum": column.maximum,
        }
        if known and known.url and not is_same_column(known.url, column.url):
            values.update(written_label=None, written_maximum=None)  # the platform's own column from now on
        line_item_id: UUID = upsert(
            self._session,
            LineItem,
            key={"registration_id": registration_id, "resource_link_id": link_id},
            values=values,
            once={"id": new_id()},
            returning="id",
        )
        return line_item_id

    def _send_earned(self, column: ActivityColumn, now_known: KnownColumn, known: KnownColumn | None) -> None:
        if known and (known.url, known.container_url) == (now_known.url, now_known.container_url):
            return
        another = known is not None and known.url is not None and not is_same_column(known.url, now_known.url)
        Scores(self._session, self._clock).queue_earned(column, again=another)
