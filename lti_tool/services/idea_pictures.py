"""Pictures on cards: added to and taken from the newest version by the author, seen by whoever may see that version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, or_, select, tuple_
from sqlalchemy.orm import Session

from lti_tool.db.models import IdeaPicture
from lti_tool.domain.actor import Actor
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.ids import new_id
from lti_tool.services.doomed_files import DoomedFiles
from lti_tool.services.idea_releases import Decider, IdeaReleases
from lti_tool.services.idea_shelf import IdeaShelf, ReadableIdea
from lti_tool.services.ideas import Ideas
from lti_tool.services.picture_files import ShownPicture
from lti_tool.services.ports import Clock, FileStore

MOST_PICTURES = 3
LONGEST_ALT = 300


@dataclass(frozen=True, slots=True)
class CardPicture:
    """A picture as a page shows it, and the SHA-256 of its bytes."""

    id: UUID
    alt: str
    width: int
    height: int
    digest: str


class IdeaPictures:
    """Rows here, bytes in the store."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._ideas = Ideas(session, clock)

    def of(self, registration_id: int, idea_id: UUID, number: int) -> Sequence[CardPicture]:
        """Return the pictures of a version; who may see it is the caller's to decide."""
        rows = self._session.scalars(
            select(IdeaPicture)
            .where(_on_card(registration_id, idea_id), _on(number))
            .order_by(IdeaPicture.added_at, IdeaPicture.id)
        )
        return [_picture(row) for row in rows]

    def of_each(self, ideas: Sequence[ReadableIdea]) -> Mapping[UUID, Sequence[CardPicture]]:
        """Return the pictures of cards that somebody may read, by card, with one query."""
        numbers = {(idea.registration_id, idea.id): idea.number for idea in ideas}
        pictures: dict[UUID, list[CardPicture]] = {idea.id: [] for idea in ideas}
        columns = IdeaPicture.__table__.c
        rows = self._session.execute(
            select(*columns)
            .where(tuple_(columns.registration_id, columns.idea_id).in_(list(numbers)))
            .order_by(columns.added_at, columns.id)
        )
        for row in rows:
            number = numbers[row.registration_id, row.idea_id]
            if row.since_number <= number and (row.until_number is None or number <= row.until_number):
                pictures[row.idea_id].append(_picture(row))
        return pictures

    def announce(self, actor: Actor, idea_id: UUID) -> str:
        """Note the key to store a picture under; storing comes after the commit, and `add` after that.

        Raises:
            Refusal: `not_found` for somebody else's card; `bad_request` if there is no room.
        """
        idea = self._ideas.own(actor, idea_id)
        self._must_have_room(actor.registration_id, idea_id, idea.number)
        return self._announce(actor)

    def announce_copy(self, actor: Actor, idea_id: UUID, picture_id: UUID) -> str:
        """Note the key to store a copy of a picture under; `reword` comes after that.

        Raises:
            Refusal: `not_found`.
        """
        self.own(actor, idea_id, picture_id)
        return self._announce(actor)

    def add(self, actor: Actor, idea_id: UUID, picture: ShownPicture, alt: str, key: str) -> None:
        """Put a stored picture on the newest version; a request for release is taken back by it.

        Raises:
            Refusal: as for `announce`, as something may have happened meanwhile.
        """
        number = self._ideas.open_version(actor, idea_id)
        self._must_have_room(actor.registration_id, idea_id, number)
        _must_describe(alt)
        DoomedFiles(self._session, self._clock).keep(key)
        self._session.add(
            IdeaPicture(
                registration_id=actor.registration_id,
                idea_id=idea_id,
                since_number=number,
                alt=alt,
                width=picture.width,
                height=picture.height,
                size=len(picture.data),
                digest=sha256(picture.data).hexdigest(),
                key=key,
                added_at=self._clock(),
            )
        )
        self._session.flush()

    def reword(self, actor: Actor, idea_id: UUID, picture_id: UUID, alt: str, key: str) -> None:
        """Describe a picture of the newest version in other words; older versions keep theirs.

        The picture has been stored once more under `key`, so that a row and its file always go together.

        Raises:
            Refusal: `not_found`; `bad_request`.
        """
        number = self._ideas.open_version(actor, idea_id)
        old = self._row(actor.registration_id, idea_id, picture_id, number)
        _must_describe(alt)
        DoomedFiles(self._session, self._clock).keep(key)
        self._session.add(
            IdeaPicture(
                registration_id=old.registration_id,
                idea_id=idea_id,
                since_number=number,
                alt=alt,
                width=old.width,
                height=old.height,
                size=old.size,
                digest=old.digest,
                key=key,
                added_at=old.added_at,  # it stays where it stands
            )
        )
        self._take(old, number)

    def remove(self, actor: Actor, idea_id: UUID, picture_id: UUID) -> None:
        """Take a picture from the newest version; older ones keep it, else its file goes.

        Raises:
            Refusal: `not_found`.
        """
        number = self._ideas.open_version(actor, idea_id)
        self._take(self._row(actor.registration_id, idea_id, picture_id, number), number)

    def own(self, actor: Actor, idea_id: UUID, picture_id: UUID) -> IdeaPicture:
        """Return a picture of the author's newest version.

        Raises:
            Refusal: `not_found`.
        """
        return self._row(actor.registration_id, idea_id, picture_id, self._ideas.own(actor, idea_id).number)

    def readable(self, actor: Actor, idea_id: UUID, picture_id: UUID) -> IdeaPicture:
        """Return a picture of a card that may be read.

        Raises:
            Refusal: as `IdeaShelf.read`; `not_found` for a picture that does not stand on it.
        """
        idea = IdeaShelf(self._session).read(actor, idea_id)
        return self._row(idea.registration_id, idea_id, picture_id, idea.number)

    def to_decide(self, decider: Decider, registration_id: int, idea_id: UUID, picture_id: UUID) -> IdeaPicture:
        """Return a picture of a card that is somebody's to decide about.

        Raises:
            Refusal: `not_found`.
        """
        idea = IdeaReleases(self._session, self._clock, decider).one(registration_id, idea_id)
        return self._row(registration_id, idea_id, picture_id, idea.number)

    def _announce(self, actor: Actor) -> str:
        key = f"{actor.registration_id}/{new_id().hex}"
        DoomedFiles(self._session, self._clock).announce(key)
        return key

    def _take(self, row: IdeaPicture, number: int) -> None:
        if row.since_number < number:
            row.until_number = number - 1
        else:
            DoomedFiles(self._session, self._clock).note([row.key])
            self._session.delete(row)
        self._session.flush()

    def _row(self, registration_id: int, idea_id: UUID, picture_id: UUID, number: int) -> IdeaPicture:
        here = and_(_on_card(registration_id, idea_id), _on(number))
        row = self._session.scalar(select(IdeaPicture).where(here, IdeaPicture.id == picture_id))
        if row is None:
            raise Refusal(Code.NOT_FOUND, "no such picture on this card")
        return row

    def _must_have_room(self, registration_id: int, idea_id: UUID, number: int) -> None:
        if len(self.of(registration_id, idea_id, number)) >= MOST_PICTURES:
            raise Refusal(Code.BAD_REQUEST, f"{MOST_PICTURES} pictures already")


def bytes_of(row: IdeaPicture, store: FileStore) -> bytes:
    """Return a picture's bytes.

    Raises:
        Refusal: `files.lost` for one that is not in the store, or not whole.
        OSError: the store is away.
    """
    try:
        data = store.get(row.key)
    except FileNotFoundError as error:
        raise Refusal(Code.FILES_LOST, f"the store has no {row.key}") from error
    if sha256(data).hexdigest() != row.digest:
        raise Refusal(Code.FILES_LOST, f"the store has another {row.key}")
    return data


def _picture(row: IdeaPicture | Row[Any]) -> CardPicture:
    return CardPicture(row.id, row.alt, row.width, row.height, row.digest)


def _must_describe(alt: str) -> None:
    if not alt or len(alt) > LONGEST_ALT:
        raise Refusal(Code.BAD_REQUEST, "no words for the picture, or too many")


def _on_card(registration_id: int, idea_id: UUID) -> ColumnElement[bool]:
    return and_(IdeaPicture.registration_id == registration_id, IdeaPicture.idea_id == idea_id)


def _on(number: int) -> ColumnElement[bool]:
    still = or_(IdeaPicture.until_number.is_(None), IdeaPicture.until_number >= number)
    return and_(IdeaPicture.since_number <= number, still)
