"""What all tables share: naming of constraints, column types, the tenant in every key.

Each table of a tenant has the primary key (registration_id, id) and refers to others by both columns. So no row can
ever point into another town's data, and PostgreSQL's partitioning or Citus can spread the tables by registration.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import (
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    PrimaryKeyConstraint,
    String,
    TypeDecorator,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from lti_tool.domain.ids import new_id


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, aware UTC datetimes out, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes; SQLite stores UTC without zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without time zone must not reach the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


PLATFORM_TEXT = 255
"""Longest id or label taken from a platform (LTI 1.3 core: ids have at most 255 ASCII characters)."""

Moment = Annotated[datetime, mapped_column(UtcDateTime)]
PlatformText = Annotated[str, mapped_column(String(PLATFORM_TEXT))]
Slug = Annotated[str, mapped_column(String(100))]
Digest = Annotated[str, mapped_column(String(64))]
RegistrationId = Annotated[int, mapped_column(ForeignKey("registration.id"))]
RowId = Annotated[UUID, mapped_column(Uuid, default=new_id)]


class Base(DeclarativeBase):
    """Declarative base with a name for every constraint, as migrations need one."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        },
    )


class TenantRow:
    """Mixed into each table that belongs to a registration: its key begins with the tenant."""

    registration_id: Mapped[RegistrationId]
    id: Mapped[RowId]


def tenant_key(*constraints: Any) -> tuple[Any, ...]:
    """Return `__table_args__` with the tenant's primary key and further constraints."""
    return (PrimaryKeyConstraint("registration_id", "id"), *constraints)


def tenant_reference(table: str, column: str, *, ondelete: str = "CASCADE") -> ForeignKeyConstraint:
    """Return a foreign key that cannot leave the tenant."""
    local: Sequence[str] = ("registration_id", column)
    return ForeignKeyConstraint(local, (f"{table}.registration_id", f"{table}.id"), ondelete=ondelete)
