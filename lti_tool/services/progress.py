"""How far a person is: pages opened, where to go on, modules passed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, cast, null, select, union_all, update
from sqlalchemy.orm import Session

from lti_tool.curriculum.model import Module, Page
from lti_tool.db.base import UtcDateTime
from lti_tool.db.engine import connection_of
from lti_tool.db.models import ModuleProgress, PageVisit
from lti_tool.db.upsert import insert_once, upsert
from lti_tool.domain.actor import Actor, Learner
from lti_tool.services.ports import Clock


@dataclass(frozen=True, slots=True)
class ModuleStanding:
    """One person's standing in one module.

    Attributes:
        visited: slugs of the pages opened at least once (pages since removed from the module may be among them).
        last_page: where the person was last; None before the first page.
        passed_at: when the quiz was first passed.
    """

    visited: frozenset[str] = frozenset()
    last_page: str | None = None
    passed_at: datetime | None = None

    @property
    def begun(self) -> bool:
        """Whether the person has opened a page or passed the quiz."""
        return bool(self.visited) or self.passed_at is not None


class Progress:
    """Reads and records progress; counts for the person in the whole registration, whichever course it came from."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def visit(self, actor: Actor, module: Module, page: Page, standing: ModuleStanding) -> bool:
        """Record that a page was opened; return whether there was anything to write.

        Args:
            actor: previews and anonymous people leave no trace.
            module: the module.
            page: the page opened.
            standing: what is recorded so far, so that reading a page again costs no write.
        """
        if not actor.keeps_progress:
            return False
        if page.slug not in standing.visited:
            insert_once(self._session, PageVisit, {**_owner(actor), "module_id": module.id, "page": page.slug})
        elif standing.last_page == page.slug:
            return False
        self._update(actor, module.id, last_page=page.slug)
        return True

    def begin(self, actor: Actor, module_id: str) -> None:
        """Record that a module was begun with its quiz, before any page of it was read."""
        key = {**_owner(actor), "module_id": module_id}
        insert_once(self._session, ModuleProgress, {**key, "updated_at": self._clock()})

    def record_pass(self, registration_id: int, user_id: UUID, module_id: str, passed_at: datetime) -> None:
        """Record the first time the quiz was passed; a later pass changes nothing."""
        key = {"registration_id": registration_id, "user_id": user_id, "module_id": module_id}
        values = {"passed_at": passed_at, "updated_at": self._clock()}
        if insert_once(self._session, ModuleProgress, {**key, **values}):
            return
        self._session.execute(
            update(ModuleProgress)
            .where(
                ModuleProgress.registration_id == registration_id,
                ModuleProgress.user_id == user_id,
                ModuleProgress.module_id == module_id,
                ModuleProgress.passed_at.is_(None),
            )
            .values(values)
            .execution_options(synchronize_session=False)
        )

    def touch(self, registration_id: int, people: Collection[UUID], module_id: str) -> None:
        """Note that a module's result is another one now, for whoever looks what changed; all have begun it."""
        self._session.execute(
            update(ModuleProgress)
            .where(
                ModuleProgress.registration_id == registration_id,
                ModuleProgress.user_id.in_(people),
                ModuleProgress.module_id == module_id,
            )
            .values(updated_at=self._clock())
            .execution_options(synchronize_session=False)
        )

    def standing(self, actor: Actor, module: Module) -> ModuleStanding:
        """Return one person's standing in one module."""
        return self.standings(actor, [module.id]).get(module.id, ModuleStanding())

    def standings(
        self, actor: Actor | Learner, module_ids: Iterable[str] | None = None
    ) -> Mapping[str, ModuleStanding]:
        """Return the standings by module id, of all modules or of those named; modules not begun are missing."""
        if not actor.keeps_progress:
            return {}
        pages: dict[str, set[str]] = {}
        progress: dict[str, ModuleStanding] = {}
        wanted = None if module_ids is None else set(module_ids)
        for row in connection_of(self._session).execute(_STANDINGS, _owner(actor)):
            if wanted is not None and row.module_id not in wanted:
                continue
            if row.page is not None:
                pages.setdefault(row.module_id, set()).add(row.page)
            else:
                progress[row.module_id] = ModuleStanding(last_page=row.last_page, passed_at=row.passed_at)
        return {
            module_id: replace(progress.get(module_id, ModuleStanding()), visited=frozenset(pages.get(module_id, ())))
            for module_id in pages.keys() | progress.keys()
        }

    def _update(self, actor: Actor, module_id: str, **values: Any) -> None:
        upsert(
            self._session,
            ModuleProgress,
            key={**_owner(actor), "module_id": module_id},
            values={**values, "updated_at": self._clock()},
        )


def _owner(actor: Actor | Learner) -> dict[str, Any]:
    return {"registration_id": actor.registration_id, "user_id": actor.user_id}


def _standings_query() -> Any:
    """A person's pages and progress in one query: a few dozen rows, by two primary keys."""
    visit, progress = PageVisit.__table__, ModuleProgress.__table__
    return union_all(
        *(
            select(table.c.module_id, *columns).where(
                table.c.registration_id == bindparam("registration_id"),
                table.c.user_id == bindparam("user_id"),
            )
            for table, columns in (
                (
                    visit,
                    (
                        visit.c.page,
                        null().label("last_page"),
                        cast(null(), UtcDateTime).label("passed_at"),
                    ),
                ),
                (progress, (null().label("page"), progress.c.last_page, progress.c.passed_at)),
            )
        ),
    )


_STANDINGS = _standings_query()
