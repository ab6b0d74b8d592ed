"""PostgreSQL is stopped and started, also in the middle of a launch: a sentence meanwhile, nothing half done, then on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select

from lti_tool.db.models import BurntState, LaunchSession, LtiUser, Response
from lti_tool.domain.errors import Code
from tests.databases import PostgresServer, running_postgres
from tests.factories.visit import BASE_URL, Visit
from tests.functional.conftest import RunningTool, running_tool
from tests.functional.rows import assert_refused
from tests.functional.test_quiz_pages import AS_QUIZ, QUIZ


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgresServer]:
    with running_postgres(durable=True) as server:
        yield server


@pytest.fixture
def tool(own_server: PostgresServer) -> Iterator[RunningTool]:
    with running_tool(own_server.create(migrated=True)) as running:
        yield running


def rows(tool: RunningTool) -> list[int]:
    with tool.app.extensions["smartcity"].sessions() as session:
        return [
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (LaunchSession, BurntState, LtiUser)
        ]


@contextmanager
def restarted_at(tool: RunningTool, server: PostgresServer, word: str) -> Iterator[list[str]]:
    """Pull the plug of the server just before the first statement that holds a word."""
    engine, pulled = tool.app.extensions["smartcity"].sessions.kw["bind"], []

    def pull(_connection, _cursor, statement: str, *_) -> None:
        if not pulled and word in statement:
            pulled.append(statement)
            server.restart()

    event.listen(engine, "before_cursor_execute", pull)
    yield pulled
    event.remove(engine, "before_cursor_execute", pull)


def test_a_launch_cut_in_the_middle_leaves_nothing_and_works_when_sent_again(
    tool: RunningTool, own_server: PostgresServer
) -> None:
    asked = tool.login()
    form = {"state": asked["state"], "id_token": tool.platform.sign(tool.platform.claims(asked["nonce"]))}
    with restarted_at(tool, own_server, "INSERT INTO launch_session") as pulled:
        cut = tool.post_launch(form)
    assert pulled
    assert_refused(cut, Code.TEMPORARILY_UNAVAILABLE)
    assert int(cut.headers["Retry-After"]) > 0
    assert rows(tool) == [0, 0, 0]
    assert tool.post_launch(form).status_code == 303
    assert rows(tool) == [1, 1, 1]


def test_while_the_server_is_down_everything_says_so_and_then_goes_on(
    tool: RunningTool, own_server: PostgresServer
) -> None:
    visit, neighbour = Visit(tool.client, tool.launch_as(custom=AS_QUIZ)), tool.browser()
    visit.press("Quiz beginnen")
    question, page = QUIZ.questions[1], visit.path
    answer = f"{page.partition('/questions/')[0]}/answers/{question.id}"
    right = {"answer": [next(option.id for option in question.options if option.correct)]}
    assert visit.put_json(answer, right).status_code == 200
    own_server.stop()
    asked = tool.login(neighbour)
    launch = {"state": asked["state"], "id_token": tool.platform.sign(tool.platform.claims(asked["nonce"], sub="6"))}
    for refused in (
        visit.put_json(answer, {"answer": []}),
        tool.client.get(page, base_url=BASE_URL),
        tool.post_launch(launch, neighbour),
    ):
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    own_server.start()
    assert tool.post_launch(launch, neighbour).status_code == 303
    with tool.app.extensions["smartcity"].sessions() as session:
        assert session.scalars(select(Response.answer)).all() == [right["answer"]], "what was acknowledged, and no more"
    assert visit.put_json(answer, right).status_code == 200
