"""Nobody reaches into another town: each route with an id is tried with ids that exist, but elsewhere.

Routes are taken from the app itself. A new one fails here until it is clear whose its ids are.
"""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select
from werkzeug.routing import AnyConverter, IntegerConverter, UUIDConverter

from lti_tool.db.base import Base
from lti_tool.db.models import Attempt
from tests.factories.platform_key import PlatformKey
from tests.factories.visit import BASE_URL, Visit
from tests.functional.conftest import register_platform

PUBLIC = {
    "static_file": "files of the tool itself",
    "content.media": "pictures of the content, the same for all towns",
    "operator_entrance.offer_entry": "a page with a button, whatever the code",
}
"""Routes with ids that belong to no town, and why; everything else has to say no."""
SECRETS = ("/register/", "/operator/enter/")
"""Doors whose only id is a secret of its own refuse one that is not theirs with 403; at all others nobody is known."""


@pytest.fixture
def extension(tool):
    return tool.app.extensions["smartcity"]


@pytest.fixture
def siegen(tool):
    """A second town, with a learner in the middle of an attempt."""
    first = tool.platform
    tool.platform = register_platform(
        tool.settings.database_url,
        tool.clock,
        tool.internet,
        issuer="https://siegen.example",
        key=PlatformKey("siegen"),
    )
    tool.app.extensions["smartcity"].registrations.forget()
    client = tool.browser()
    visit = Visit(client, tool.launch_as(client))
    visit.go("quiz/datenrecht")
    visit.press("Quiz beginnen")
    tool.platform = first
    return visit


@pytest.fixture
def olpe(tool):
    client = tool.browser()
    return Visit(client, tool.launch_as(client))


def routes(tool):
    return [rule for rule in tool.app.url_map.iter_rules() if rule.arguments]


def contents(extension):
    """All rows of all tables, to see that nothing changed."""
    with extension.sessions() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
            if table.name != "refused_launch"
        }


def filled(tool, rule, **ids):
    """The address of a route with these ids, and something plausible for all others."""
    values = {"launch_id": "", "module_id": "datenrecht", "slug": "grundsaetze", "number": 1, "question_id": "q1"}
    for name in rule.arguments - set(values) - set(ids):
        converter = rule._converters.get(name)
        if isinstance(converter, AnyConverter):
            values[name] = min(converter.items)
        else:
            values[name] = 1 if isinstance(converter, IntegerConverter) else "x"
    with tool.app.test_request_context(base_url=BASE_URL):
        given = {name: value for name, value in {**values, **ids}.items() if name in rule.arguments}
        return tool.app.url_for(rule.endpoint, **given)


def asked(client, rule, address, csrf=""):
    """Ask by each method a route knows, with a valid token and a body as the route expects it."""
    for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
        body = {"GET": {}, "PUT": {"json": {"answer": []}}}.get(method, {"data": {"csrf": csrf}})
        headers = {"X-CSRF-Token": csrf} if csrf else {}
        yield method, client.open(address, method=method, headers=headers, base_url=BASE_URL, **body)


def add_route(tool, path, view):
    tool.app._got_first_request = False  # Flask forbids late routes, as other processes would not have them
    tool.app.add_url_rule(path, f"unguarded {path}", view)


@pytest.mark.parametrize("claimed", ["own", "foreign"])
def test_no_route_shows_or_changes_a_launch_of_another_town(tool, extension, olpe, siegen, claimed):
    """Neither with the credential as it is, nor with one that claims to be of the other town."""
    foreign = siegen.landing.strip("/").split("/")[1]
    attempt = re.search(r"[0-9a-f-]{36}", siegen.path.removeprefix(siegen.landing)).group()
    cookie = olpe.client.get_cookie("launch", domain="tool.example", path=olpe.landing.rstrip("/")).value
    if claimed == "foreign":
        theirs = siegen.client.get_cookie("launch", domain="tool.example", path=siegen.landing.rstrip("/")).value
        cookie = theirs.partition(".")[0] + "." + cookie.partition(".")[2]
    olpe.client.set_cookie("launch", cookie, domain="tool.example", path=f"/l/{foreign}", secure=True)
    before, tried = contents(extension), 0
    for rule in routes(tool):
        if "launch_id" not in rule.arguments:
            continue
        address = filled(tool, rule, launch_id=foreign, attempt_id=attempt)
        for method, answer in asked(olpe.client, rule, address, csrf=olpe.csrf):
            assert answer.status_code in {401, 403, 404}, f"{method} {rule.rule}: {answer.status_code}"
            assert "siegen" not in answer.text.lower(), f"{method} {rule.rule}"
            tried += 1
    assert tried > 15
    assert contents(extension) == before


def test_ids_of_another_town_do_not_exist_within_ones_own_launch(tool, extension, olpe, siegen):
    own = olpe.landing.strip("/").split("/")[1]
    with extension.sessions() as session:
        attempt = session.scalars(select(Attempt.id)).one()
    before, tried = contents(extension), 0
    for rule in routes(tool):
        foreign = {name for name, kind in rule._converters.items() if isinstance(kind, UUIDConverter)} - {"launch_id"}
        if "launch_id" not in rule.arguments or not foreign:
            continue
        address = filled(tool, rule, launch_id=own, **dict.fromkeys(foreign, attempt))
        for method, answer in asked(olpe.client, rule, address, csrf=olpe.csrf):
            assert answer.status_code in {403, 404}, f"{method} {rule.rule}: {answer.status_code}"
            tried += 1
    assert tried >= 3
    assert contents(extension) == before


def test_every_other_route_with_an_id_says_no_or_is_known_to_belong_to_nobody(tool, extension, olpe, siegen):
    before = contents(extension)
    for rule in routes(tool):
        if "launch_id" in rule.arguments or rule.endpoint in PUBLIC:
            continue
        expected = 403 if rule.rule.startswith(SECRETS) else 401
        for method, answer in asked(olpe.client, rule, filled(tool, rule)):
            assert answer.status_code in {expected, 404}, f"{method} {rule.rule}: {answer.status_code}"
    assert contents(extension) == before


def test_the_walk_finds_a_new_route_that_nobody_guards(tool, extension, olpe, siegen):
    def show(**_):
        return "grades of Siegen"

    add_route(tool, "/grades/<int:number>", show)
    with pytest.raises(AssertionError, match="GET /grades/<int:number>: 200"):
        test_every_other_route_with_an_id_says_no_or_is_known_to_belong_to_nobody(tool, extension, olpe, siegen)
    add_route(tool, "/l/<uuid:launch_id>/grades", show)
    with pytest.raises(AssertionError, match="GET /l/<uuid:launch_id>/grades: 200"):
        test_no_route_shows_or_changes_a_launch_of_another_town(tool, extension, olpe, siegen, "own")


def test_an_administrator_decides_about_nothing_of_another_town(tool, extension, siegen):
    from tests.functional.test_platform_page import enter

    admin = enter(tool)
    for fields in ({"decision": "approve", "deployment_id": "siegen"}, {"decision": "decline", "deployment_id": ""}):
        assert admin.post("platform/deployments", csrf=admin.csrf, **fields).status_code == 404
        admin.go(admin.landing)
    admin.go("platform/")
    assert "siegen" not in admin.text.lower()
