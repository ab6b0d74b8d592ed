"""A body that takes its time: nobody else waits for it."""

from __future__ import annotations

import io

import pytest

from tests.factories.files import PDF
from tests.factories.visit import BASE_URL, Visit
from tests.functional.conftest import running_tool
from tests.functional.test_ideas import LINK, write


class Line(io.BytesIO):
    """Brings a body, and asks at every piece how many connections to the database are lent."""

    def __init__(self, body, pool):
        super().__init__(body)
        self.pool, self.lent = pool, []

    def readinto(self, room):
        self.lent.append(self.pool.checkedout())
        return super().readinto(room)


@pytest.fixture
def tool(database_url, tmp_path):
    with running_tool(database_url, SMARTCITY_FILES_DIR=str(tmp_path / "files")) as running:
        yield running


@pytest.mark.parametrize("csrf", ["field", "header"])
def test_no_transaction_waits_for_a_long_body(tool, csrf):
    lea = Visit(tool.client, tool.launch_as(custom=LINK))
    lea.go(f"ideas/own/{write(lea)}/pictures/")
    token = f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{lea.csrf}\r\n' if csrf == "field" else ""
    head = f'{token}--x\r\nContent-Disposition: form-data; name="picture"; filename="bild.pdf"\r\n\r\n'
    body = head.encode() + PDF + b"\0" * 200_000 + b"\r\n--x--\r\n"
    line = Line(body, tool.app.extensions["smartcity"].sessions.kw["bind"].pool)
    answer = lea.client.post(
        lea.path,
        input_stream=line,
        content_length=len(body),
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRF-Token": lea.csrf} if csrf == "header" else {},
        base_url=BASE_URL,
    )
    assert answer.status_code == 400
    assert "entscheidend ist der Inhalt" in answer.text, "it was read to its end"
    assert set(line.lent) == {0}
