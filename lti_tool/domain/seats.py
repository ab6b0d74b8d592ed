"""Seats and the waiting list of a live date: first come, first served, within what each town may take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Place(StrEnum):
    """Where a sign-up stands."""

    SEAT = "seat"
    WAITING = "waiting"


class News(StrEnum):
    """What somebody who signed up is told at the next launch."""

    MOVED_UP = "moved_up"
    MOVED = "moved"
    """The date has another time."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Limits:
    """Seats in total, and the most that people of one town may take; `per_town` None for as many as there are."""

    seats: int
    per_town: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody on the waiting list, with their town's number."""

    registration_id: int
    user_id: UUID
    town: int


def has_room(limits: Limits, taken: Mapping[int, int], town: int) -> bool:
    """Whether one more person of a town gets a seat, with the seats taken by each town's number."""
    per_town = limits.seats if limits.per_town is None else limits.per_town
    return sum(taken.values()) < limits.seats and taken.get(town, 0) < per_town


def allows(limits: Limits, taken: Mapping[int, int]) -> bool:
    """Whether the limits leave everybody the seat they have."""
    per_town = limits.seats if limits.per_town is None else limits.per_town
    return sum(taken.values()) <= limits.seats and max(taken.values(), default=0) <= per_town


def moving_up(limits: Limits, taken: Mapping[int, int], waiting: Iterable[Waiting]) -> Iterator[Waiting]:
    """Yield who gets a seat now, in the order of arrival; whose town is full stays and lets others pass."""
    counted = Counter(taken)
    for person in waiting:
        if has_room(limits, counted, person.town):
            counted[person.town] += 1
            yield person
