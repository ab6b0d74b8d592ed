"""Where people report a weakness of this installation (RFC 9116)."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.functional.conftest import running_tool

ADDRESS = "/.well-known/security.txt"
CONTACT = {"SMARTCITY_SECURITY_CONTACT": "mailto:sicherheit@example.org", "SMARTCITY_SECURITY_EXPIRES": "2027-06-30"}


def test_security_txt_tells_contact_and_expiry_until_that_day_is_over(database_url):
    with running_tool(database_url, **CONTACT) as tool:
        tool.clock.now = datetime(2027, 6, 30, 23, 0, tzinfo=UTC)
        answer = tool.client.get(ADDRESS)
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.text.splitlines() == [
            "Contact: mailto:sicherheit@example.org",
            "Expires: 2027-06-30T23:59:59Z",
            "Preferred-Languages: de, en",
            "Canonical: https://tool.example/.well-known/security.txt",
        ]
        tool.clock.turn(hours=1)
        assert tool.client.get(ADDRESS).status_code == 404


def test_nobody_is_named_where_the_operator_named_nobody(tool):
    assert tool.client.get(ADDRESS).status_code == 404
