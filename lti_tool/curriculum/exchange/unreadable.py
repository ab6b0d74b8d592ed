"""A file that is not what it should be."""

from __future__ import annotations


class Unreadable(Exception):  # noqa: N818 -- told to the author as a sentence
    """The whole file cannot be read; the message is a German sentence without a full stop."""
