"""INSERT … ON CONFLICT for both databases.

Statements are made once per table and shape and only get new parameters afterwards: building one anew costs more than
running it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lti_tool.db.base import Base
from lti_tool.db.engine import connection_of

_INSERT: Mapping[str, Callable[..., postgresql.Insert | sqlite.Insert]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}


def insert_or(session: Session, table: Any) -> postgresql.Insert | sqlite.Insert:
    """Return the dialect's INSERT for a mapped class, which knows `on_conflict_do_update` and `…_do_nothing`."""
    return insert_for(session.get_bind().dialect.name, table)


def insert_for(dialect: str, table: Any) -> postgresql.Insert | sqlite.Insert:
    """Return the same for a dialect's name, for a statement that is made once."""
    return _INSERT[dialect](table)


def insert_row(session: Session, model: type[Base], values: Mapping[str, Any]) -> None:
    """Insert one row that cannot be there yet."""
    _execute(session, _plain(connection_of(session).dialect.name, model), values)


def insert_once(session: Session, model: type[Base], values: Mapping[str, Any]) -> bool:
    """Insert a row unless its key is taken; return whether it was free."""
    return _execute(session, _once(connection_of(session).dialect.name, model), values).first() is not None


def upsert(
    session: Session,
    model: type[Base],
    *,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    once: Mapping[str, Any] | None = None,
    returning: str | None = None,
) -> Any:
    """Insert a row, or update the one with the same key.

    Args:
        session: writes in its transaction.
        model: the table.
        key: columns of the primary key or of a unique constraint.
        values: columns written in both cases.
        once: columns written only with a new row.
        returning: column whose value is returned: of the older row if there was one.
    """
    statement = _updating(connection_of(session).dialect.name, model, tuple(key), tuple(values), returning)
    result = _execute(session, statement, {**key, **values, **(once or {})})
    return result.scalar_one() if returning else None


def _execute(session: Session, statement: Any, values: Mapping[str, Any]) -> Any:
    return connection_of(session).execute(statement, dict(values))


def _table(model: type[Base]) -> Table:
    return cast("Table", model.__table__)


@lru_cache
def _plain(dialect: str, model: type[Base]) -> Any:
    return _INSERT[dialect](_table(model))


@lru_cache
def _once(dialect: str, model: type[Base]) -> Any:
    table = _table(model)
    return _INSERT[dialect](table).on_conflict_do_nothing().returning(*table.primary_key)


@lru_cache
def _updating(
    dialect: str, model: type[Base], key: tuple[str, ...], changed: tuple[str, ...], returning: str | None
) -> Any:
    table = _table(model)
    statement = _INSERT[dialect](table)
    statement = statement.on_conflict_do_update(
        index_elements=list(key),
        set_={name: statement.excluded[name] for name in changed},
    )
    return statement.returning(table.c[returning]) if returning else statement
