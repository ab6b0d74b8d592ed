"""What the use cases need from outside. Adapters fit by shape; `app.py` joins them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from lti_tool.domain.grade_column import WantedColumn
from lti_tool.domain.notices import NoticeKind
from lti_tool.domain.registration import Registration
from lti_tool.domain.roster import Roster
from lti_tool.domain.scores import Result, Score


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> datetime:
        """Return the present moment, with time zone UTC."""


class NoticeSubscriber(Protocol):
    """Tells a platform where to send notices (Platform Notification Service 1.0)."""

    def subscribe(self, registration: Registration, url: str, kind: NoticeKind) -> None:
        """Name our address for one kind of notices.

        Raises:
            lti_tool.domain.delivery.DeliveryFailed: the platform did not take it.
        """


class ScorePublisher(Protocol):
    """Sends scores to a platform and reads results back (AGS 2.0)."""

    def publish(self, registration: Registration, line_item_url: str, score: Score) -> None:
        """Send one score.

        Raises:
            lti_tool.domain.delivery.DeliveryFailed: with the class of the failure.
        """

    def read_back(self, registration: Registration, line_item_url: str, subject: str) -> Result | None:
        """Return what the gradebook holds for one person, None if nothing.

        Raises:
            lti_tool.domain.delivery.DeliveryFailed: with the class of the failure.
        """

    def read_all(self, registration: Registration, line_item_url: str) -> Mapping[str, Result]:
        """Return what the gradebook holds in a column, by the platform's ids of people.

        Raises:
            lti_tool.domain.delivery.DeliveryFailed: with the class of the failure.
        """


class TranscriptAddresses(Protocol):
    """Knows under which addresses transcripts are signed."""

    @property
    def did(self) -> str:
        """The tool's own `did:web`."""

    def list_address(self, number: int) -> str:
        """Return the address of a list of revoked transcripts."""


class IssuerDocuments(Protocol):
    """Fetches what other tools publish about their transcripts.

    Each raises `lti_tool.domain.transcripts.IssuerAway` if there is no usable answer for the time being, and
    `TranscriptRefused` (`unknown_issuer`) for an address that is never asked.
    """

    def key_document(self, host: str, *, fresh: bool = False) -> Mapping[str, Any]:
        """Return the DID document of a host; `fresh` asks again although a recent copy is there."""

    def status_list(self, url: str) -> bytes:
        """Return a list of revocations as it is served."""


class FileStore(Protocol):
    """Keeps the bytes of files that people hand in, where no web server shows them."""

    def put(self, key: str, data: bytes) -> None:
        """Store bytes under a key, wholly or not at all; doing it again is right.

        Raises:
            OSError: it may not be stored; its `errno` says whether for want of room.
        """

    def get(self, key: str) -> bytes:
        """Return the bytes of a key.

        Raises:
            FileNotFoundError: they are not there.
            OSError: the store is away.
        """

    def delete(self, key: str) -> None:
        """Delete a key's bytes; none there is as good.

        Raises:
            OSError: they may still be there.
        """


class GradeColumns(Protocol):
    """Finds, makes and changes columns of a platform's gradebook (AGS 2.0, 3.2).

    Each raises `lti_tool.domain.delivery.DeliveryFailed` with the class of the failure.
    """

    def find(
        self, registration: Registration, container_url: str, wanted: WantedColumn, not_these: frozenset[str]
    ) -> str | None:
        """Return the URL of the activity's column, None if the course has none; never one of `not_these`."""

    def make(self, registration: Registration, container_url: str, wanted: WantedColumn) -> str:
        """Make the activity's column; return its URL."""

    def change(self, registration: Registration, url: str, *, label: str | None, maximum: Decimal | None) -> None:
        """Write a new label or maximum into a column; what is None stays."""


class RosterReader(Protocol):
    """Reads who is in a course (NRPS 2.0)."""

    def read(
        self, registration: Registration, url: str, *, role: str | None = None, limit: int | None = None
    ) -> Roster:
        """Return the members; `role` and `limit` (people per page) are wishes.

        Raises:
            lti_tool.domain.delivery.DeliveryFailed: with the class of the failure.
        """
