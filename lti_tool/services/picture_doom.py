"""Pictures that go with their cards: each file is noted to be deleted in the transaction that takes its row."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import Session

from lti_tool.db.models import IdeaPicture
from lti_tool.services.doomed_files import DoomedFiles
from lti_tool.services.ports import Clock


def let_pictures_go(session: Session, clock: Clock, which: ColumnElement[bool]) -> int:
    """Delete the rows of pictures and note their files; return how many."""
    statement = delete(IdeaPicture).where(which).returning(IdeaPicture.key)
    keys = session.scalars(statement.execution_options(synchronize_session=False)).all()
    DoomedFiles(session, clock).note(keys)
    return len(keys)
