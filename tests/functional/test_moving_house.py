"""The tool gets another address: activities that were placed under the old one still open."""

from __future__ import annotations

from lti_tool.domain.errors import Code
from tests.functional.conftest import running_tool
from tests.functional.rows import assert_refused

OLD = "https://old.example"


def test_an_activity_placed_under_a_former_address_opens_under_the_new_one(database_url):
    target = f"{OLD}/lti/launch"
    with running_tool(database_url, SMARTCITY_FORMER_BASE_URLS=f"https://older.example, {OLD}") as tool:
        asked = tool.login(target_link_uri=target)
        assert asked["redirect_uri"] == "https://tool.example/lti/launch"
        claims = tool.platform.claims(asked["nonce"], target_link_uri=target)
        landed = tool.post_launch({"state": asked["state"], "id_token": tool.platform.sign(claims)})
        assert landed.status_code == 303


def test_an_address_that_never_was_the_tools_stays_foreign(database_url):
    with running_tool(database_url, SMARTCITY_FORMER_BASE_URLS=OLD) as tool:
        given = tool.platform.login(target_link_uri="https://older.example/lti/launch")
        answer = tool.client.post("/lti/login", data=given)
        assert_refused(answer, Code.LOGIN_FOREIGN_TARGET)
