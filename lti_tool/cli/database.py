"""What commands do with the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lti_tool.cli.german import CommandFailed
from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.upgrade import upgrade


def upgrade_database(url: str) -> None:
    """Run the migrations.

    Raises:
        CommandFailed: the database cannot be reached or written.
    """
    try:
        upgrade(url)
    except SQLAlchemyError as error:
        raise unreachable(error) from None


@contextmanager
def transaction(url: str) -> Iterator[Session]:
    """Open a session that is committed at the end.

    Raises:
        CommandFailed: the database cannot be reached, or its tables are older than this version.
    """
    engine = make_engine(url)
    try:
        with make_sessions(engine).begin() as session:
            yield session
    except SQLAlchemyError as error:
        raise unreachable(error) from None
    finally:
        engine.dispose()


def unreachable(error: Exception) -> CommandFailed:
    """Say what is wrong with the database, without its address, as that may hold a password."""
    cause = " ".join(str(getattr(error, "orig", None) or type(error).__name__).split())
    return CommandFailed(
        f"Die Datenbank antwortet nicht wie erwartet ({cause}). Prüfen Sie SMARTCITY_DATABASE_URL und die "
        "Rechte am Ordner; nach einer neuen Version hilft `smartcity db upgrade`.",
    )
