"""Ids that know when they were made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lti_tool.domain.ids import made_at, new_id


def test_an_id_tells_the_moment_of_its_making():
    before = datetime.now(tz=UTC) - timedelta(milliseconds=1)
    assert before <= made_at(new_id()) <= datetime.now(tz=UTC)
