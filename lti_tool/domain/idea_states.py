"""How far an idea may be read, who asked for more, and who decides. Pure; `services/ideas.py` keeps the rows.

An idea has one readable version. A newer one is written beside it, asked for as far as the old one reaches, and takes
its place when it is released. Saving takes a request back: nobody releases a text they have not read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from lti_tool.domain.errors import Code, Refusal


class Reach(StrEnum):
    """Who may read an idea."""

    COURSE = "course"
    TOWN = "town"
    """All courses of the platform."""
    ALL = "all"
    """All towns that use the tool."""


ORDER = tuple(Reach)


class State(StrEnum):
    """What a person is told about an idea."""

    DRAFT = "draft"
    ASKED = "asked"
    RELEASED = "released"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"


class Step(StrEnum):
    """One line of an idea's history."""

    ASKED = "asked"
    RELEASED = "released"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"
    SHOWN_AGAIN = "shown_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where an idea stands.

    Attributes:
        reach: how far its readable version goes; None while there is none.
        asked: how far it shall go.
        changed: there is a version newer than the readable one.
        rejected: the latest request was turned down.
    """

    reach: Reach | None = None
    asked: Reach | None = None
    changed: bool = True
    rejected: bool = False
    withdrawn: bool = False
    hidden: bool = False

    @property
    def state(self) -> State:
        """The one word for it; what is readable stays so while a newer version is asked for or rejected."""
        if self.withdrawn:
            return State.WITHDRAWN
        if self.hidden:
            return State.HIDDEN
        if self.asked:
            return State.ASKED
        if self.rejected:
            return State.REJECTED
        return State.RELEASED if self.reach and not self.changed else State.DRAFT

    @property
    def next_reach(self) -> Reach | None:
        """What the author may ask for: a newer version first goes as far as the old one."""
        if self.hidden or self.withdrawn or self.asked:
            return None
        if self.reach is None:
            return Reach.COURSE
        if self.changed:
            return self.reach
        further = ORDER[ORDER.index(self.reach) + 1 :]
        return further[0] if further else None

    @property
    def readable(self) -> bool:
        """Whether others than the author may read it."""
        return self.reach is not None and not self.hidden and not self.withdrawn

    def saved(self) -> Stand:
        """The author wrote something."""
        return replace(self, asked=None, rejected=False, changed=True, withdrawn=False)

    def asking(self, reach: Reach) -> Stand:
        """The author asks for a release.

        Raises:
            Refusal: `idea.other_state` for a step that is not the next one.
        """
        if reach is not self.next_reach:
            raise Refusal(Code.IDEA_OTHER_STATE, f"{self.state}, not to be asked for {reach}")
        return replace(self, asked=reach, rejected=False)

    def not_asking(self) -> Stand:
        """The author takes the request back."""
        return replace(self, asked=None)

    def released(self, reach: Reach) -> Stand:
        """Somebody who may do so releases what was asked for.

        Raises:
            Refusal: `idea.other_state` if that is no longer asked for.
        """
        self._must_be_asked(reach)
        return replace(self, reach=reach, asked=None, changed=False)

    def turned_down(self, reach: Reach) -> Stand:
        """Somebody who may do so turns the request down; what was readable stays readable.

        Raises:
            Refusal: `idea.other_state` if that is no longer asked for.
        """
        self._must_be_asked(reach)
        return replace(self, asked=None, rejected=True)

    def taken_back(self) -> Stand:
        """The author withdraws it, at any time, also if it is hidden; written on, it begins anew in the course."""
        return replace(self, reach=None, asked=None, rejected=False, changed=True, withdrawn=True, hidden=False)

    def concealed(self) -> Stand:
        """Somebody who may do so hides what is readable.

        Raises:
            Refusal: `idea.other_state` if nothing is readable.
        """
        if not self.readable:
            raise Refusal(Code.IDEA_OTHER_STATE, f"{self.state}, not to be hidden")
        return replace(self, asked=None, hidden=True)

    def shown_again(self) -> Stand:
        """What was hidden is as readable as before."""
        return replace(self, hidden=False)

    def _must_be_asked(self, reach: Reach) -> None:
        if self.asked is not reach or self.hidden or self.withdrawn:
            raise Refusal(Code.IDEA_OTHER_STATE, f"{self.state}, not asked for {reach}")
