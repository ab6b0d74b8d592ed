"""Brings a database to the newest schema, from code (no alembic.ini)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config


def migrations(url: str) -> Config:
    """Return Alembic's configuration for a database URL."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Run all migrations up to a revision, each in a transaction."""
    command.upgrade(migrations(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take migrations back down to a revision."""
    command.downgrade(migrations(url), revision)


def check_drift(url: str) -> None:
    """Raise `alembic.util.CommandError` if the tables in code differ from the migrated database."""
    command.check(migrations(url))
