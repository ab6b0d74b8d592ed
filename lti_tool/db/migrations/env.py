"""Alembic runs this for each command."""

from sqlite3 import Connection as SQLiteConnection
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, event

from lti_tool.db.base import UtcDateTime
from lti_tool.db.engine import make_engine
from lti_tool.db.models import Registration


def _render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """Write our column type as the plain type it stores, so that old migrations never import changing code."""
    del autogen_context
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def _is_declared(_object: Any, name: str | None, *_about: Any) -> bool:
    """Leave alone what a database keeps for its full text: made by a migration, each kind in its own way."""
    return not (name or "").startswith("fulltext")


def _let_tables_be_rebuilt(connection: SQLiteConnection, _record: Any) -> None:
    """Batch migrations copy a table and drop the old one, which with foreign keys on deletes all that refers to it.

    See https://www.sqlite.org/lang_altertable.html, section 7. All keys are checked before the migrations are kept.
    """
    connection.execute("PRAGMA foreign_keys=OFF")


def _refuse_broken_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"a migration broke {len(broken)} references, the first of table {broken[0][0]}")


engine = make_engine(context.config.attributes["url"])
if engine.dialect.name == "sqlite":
    event.listen(engine, "connect", _let_tables_be_rebuilt)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Registration.metadata,
        render_as_batch=True,
        render_item=_render_item,
        include_object=_is_declared,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        _refuse_broken_keys(connection)
    connection.commit()
engine.dispose()
