"""One database session per request. What is not committed is rolled back; only the edge commits.

A GET reads under SQLite's shared lock, so that readers never wait for each other. The few that leave a trace (a page
opened) ask for the write lock when they come to it. A launch does not wait for SQLite's disk, as a person whose launch
is lost with the power opens the activity again.
"""

from __future__ import annotations

from flask import Flask, g, request
from sqlalchemy.orm import Session

from lti_tool.db.engine import begin
from lti_tool.web.tool import current_tool

_SHORT_BODY = 32 * 1024
"""So much has arrived before a thread begins with the request (`slow_clients.py`)."""


def db() -> Session:
    """Return the request's session; for a GET or HEAD it only reads."""
    if "db" not in g:
        g.db = current_tool().sessions()
        if request.method in {"GET", "HEAD"}:
            begin(g.db, read_only=True)
    session: Session = g.db
    return session


def db_for_launch() -> Session:
    """Return the request's session for a launch, the one thing that may be lost with the power."""
    session = db()
    begin(session, repeatable=True)
    return session


def db_for_writing() -> Session:
    """Return the request's session ready to write, also within a GET."""
    session = db()
    session.rollback()  # ends a read-only transaction; the next statement begins one that may write
    return session


def take_in_body() -> None:
    """Take in a long body with no transaction open, however slowly it comes.

    SQLite would let nobody else write meanwhile, and PostgreSQL ends a transaction in which nothing happens.
    """
    if request.content_length is None or request.content_length > _SHORT_BODY:
        db().rollback()
        request.get_data(parse_form_data=True)


def commit() -> None:
    """Store what this request did."""
    db().commit()
    g.stored = True


def has_stored() -> bool:
    """Whether this request has stored anything."""
    return "stored" in g


def give_back() -> None:
    """Give the connection back before its time; what was not committed is rolled back."""
    session: Session | None = g.pop("db", None)
    if session is not None:
        session.close()


def close_session(app: Flask) -> None:
    """Give the session back at the end of each request."""

    def close(_error: BaseException | None) -> None:
        give_back()

    app.teardown_appcontext(close)
