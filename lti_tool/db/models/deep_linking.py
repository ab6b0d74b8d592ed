"""A platform's question for content, open until it is answered once."""

from __future__ import annotations

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, Moment, PlatformText, TenantRow, tenant_key


class DeepLinkingRequest(TenantRow, Base):
    """What a deep-linking launch asked for (`domain.deep_linking.DeepLinkingSettings`)."""

    __tablename__ = "deep_linking"
    __table_args__ = tenant_key()

    deployment_id: Mapped[PlatformText]
    return_url: Mapped[str] = mapped_column(String(2000))
    accepts_links: Mapped[bool]
    accept_multiple: Mapped[bool]
    accept_lineitem: Mapped[bool]
    document_targets: Mapped[list[str]] = mapped_column(JSON)
    data: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[Moment | None]
    """Set by the one answer that is ever signed (row D9)."""
    expires_at: Mapped[Moment] = mapped_column(index=True)
