"""A signing key of the tool, made once per test run: making one takes longer than most tests."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from lti_tool.db.models import ToolKey
from lti_tool.services.tool_keys import KeyRing


def lend_tool_key(session: Session, secret_key: str, at: datetime) -> None:
    """Store the run's key, encrypted with this secret, unless the database has one."""
    if session.scalar(select(ToolKey.kid)) is None:
        kid, private_key = _made(secret_key)
        session.add(ToolKey(kid=kid, private_key=private_key, created_at=at, signs_from=at))


@lru_cache
def _made(secret_key: str) -> tuple[str, bytes]:
    engine = create_engine("sqlite://")
    ToolKey.__table__.create(engine)
    with Session(engine) as session:
        KeyRing(session, lambda: datetime.now(UTC), secret_key).make_first()
        row = session.scalars(select(ToolKey)).one()
        made = row.kid, row.private_key
    engine.dispose()
    return made
