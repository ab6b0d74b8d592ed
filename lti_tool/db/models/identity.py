"""Two identities that are one person, after a platform changed its `sub`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Moment, TenantRow, tenant_key, tenant_reference


class IdentityMerge(TenantRow, Base):
    """What a merge moved, kept so that it can be undone exactly."""

    __tablename__ = "identity_merge"
    __table_args__ = tenant_key(
        tenant_reference("lti_user", "from_user_id"),
        tenant_reference("lti_user", "to_user_id"),
    )

    from_user_id: Mapped[UUID] = mapped_column(index=True)
    to_user_id: Mapped[UUID] = mapped_column(index=True)
    merged_at: Mapped[Moment]
    undone_at: Mapped[Moment | None]
    moved: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Rows as they were before and after, by table (`services.identity_moves`)."""
