"""A course's services as a platform answers them over HTTP: tokens, line items, scores, results, members.

Behaves as Moodle does where the platforms differ. Knobs make it refuse, forget or lose answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lti_tool.lti.errors import TimedOut
from lti_tool.lti.ports import Answer
from tests.factories.network import Call, reply

TOKEN_URL = "https://lms.example/mod/lti/token.php"
CONTAINER = "https://lms.example/2/lineitems?type_id=1"
MEMBERS = "https://lms.example/2/memberships"
GRADEBOOK_SCOPES = frozenset(
    f"https://purl.imsglobal.org/spec/lti-ags/scope/{name}" for name in ("lineitem", "score", "result.readonly")
)


@dataclass
class Column:
    """A line item and the scores in it, by learner."""

    item: dict[str, Any]
    grades: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def shows(self, subject: str) -> float | None:
        """The learner's latest share of the maximum."""
        scores = self.grades.get(subject)
        return scores[-1]["scoreGiven"] / scores[-1]["scoreMaximum"] if scores else None


@dataclass
class CourseServices:
    """Fits `lti.ports.Outgoing`.

    Attributes:
        columns: path of each line item that exists -> what it holds.
        refused: method and path -> status it is answered with.
        lost: methods and paths whose next answer is lost after the work was done.
        after_looking: called once, while the list of columns is on its way back.
        before_making: called when a column is about to be made.
    """

    columns: dict[str, Column] = field(default_factory=dict)
    refused: dict[tuple[str, str], int] = field(default_factory=dict)
    lost: list[tuple[str, str]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    members: list[Answer] = field(default_factory=list)
    after_looking: list[Callable[[], object]] = field(default_factory=list)
    before_making: Callable[[], object] = lambda: None
    _lock: Any = field(default_factory=Lock)

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None, **more: Any
    ) -> Answer:
        call = Call(method, url, headers, body, more)
        path = urlsplit(url).path
        if (method, path) == ("POST", "/2/lineitems"):
            self.before_making()
        with self._lock:
            self.calls.append(call)
            if (method, path) in self.refused:
                return reply([], self.refused[method, path])
            answer = self._answer(call, path)
        if (method, path) == ("GET", "/2/lineitems") and self.after_looking:
            self.after_looking.pop()()
        if (method, path) in self.lost:
            self.lost.remove((method, path))
            raise TimedOut
        return answer

    def add_column(self, **item: Any) -> str:
        """Make a column as the platform itself would; return its URL."""
        url = f"https://lms.example/2/lineitems/{len(self.columns) + 1}/lineitem?type_id=1"
        self.columns[urlsplit(url).path] = Column({"id": url, "label": "x", "scoreMaximum": 100, **item})
        return url

    def made(self) -> list[Call]:
        """The requests that made columns."""
        return self.called("POST", "/2/lineitems")

    def changed(self) -> list[Any]:
        """What columns were changed to."""
        return [call.json for call in self.calls if call.method == "PUT"]

    def scores(self) -> list[Any]:
        """Every score that came in, in order, also the refused ones."""
        return [call.json for call in self.calls if urlsplit(call.url).path.endswith("/scores")]

    def delete_column(self, path: str) -> None:
        """A teacher deletes it; its address is never used again."""
        self.columns[path + "/gone"] = self.columns.pop(path)

    @property
    def living(self) -> dict[str, Column]:
        return {path: column for path, column in self.columns.items() if not path.endswith("/gone")}

    def called(self, method: str, path: str) -> list[Call]:
        return [call for call in self.calls if (call.method, urlsplit(call.url).path) == (method, path)]

    def _answer(self, call: Call, path: str) -> Answer:
        if call.url == TOKEN_URL:
            scope = call.form["scope"]
            return reply({"access_token": scope.replace(" ", ","), "expires_in": 3600, "scope": scope})
        needed = _needed_scope(call.method, path)
        if needed not in call.headers["Authorization"]:
            return reply([], 403)
        if path == "/2/memberships":
            return self.members.pop(0)
        if path == "/2/lineitems":
            return self._make(call) if call.method == "POST" else self._list(call)
        item, _, service = path.rpartition("/")
        if service == "lineitem":
            return self._item(call, path)
        return self._grade(call, item) if service == "scores" else self._results(call, item)

    def _list(self, call: Call) -> Answer:
        wanted = parse_qs(urlsplit(call.url).query).get("resource_link_id", [""])[0]
        items = [column.item for column in self.living.values()]
        return reply([item for item in items if not wanted or item.get("resourceLinkId") == wanted])

    def _make(self, call: Call) -> Answer:
        url = self.add_column(**call.json)
        return reply({**call.json, "id": url}, 201)

    def _item(self, call: Call, path: str) -> Answer:
        if path not in self.columns:
            return reply([], 404)
        if call.method == "PUT":
            self.columns[path].item = {**call.json, "id": self.columns[path].item["id"]}
        return reply(self.columns[path].item)

    def _grade(self, call: Call, path: str) -> Answer:
        if path not in self.columns:
            return reply([], 404)
        scores = self.columns[path].grades.setdefault(call.json["userId"], [])
        if scores and call.json["timestamp"] <= scores[-1]["timestamp"]:
            return reply([], 409)
        scores.append(call.json)
        return reply(b"")

    def _results(self, call: Call, path: str) -> Answer:
        if path not in self.columns:
            return reply([], 404)
        column = self.columns[path]
        maximum = column.item["scoreMaximum"]
        return reply(
            [
                {"userId": subject, "resultScore": (column.shows(subject) or 0) * maximum, "resultMaximum": maximum}
                for subject in column.grades
            ]
        )


def _needed_scope(method: str, path: str) -> str:
    if path.endswith("memberships"):
        return "contextmembership.readonly"
    if path.endswith("scores"):
        return "scope/score"
    return "result.readonly" if path.endswith("results") else "scope/lineitem"


def page(members: list[dict[str, Any]], **link: str) -> Answer:
    """A page of a roster; `next="url"` and `differences="url"` become its Link header."""
    headers = ", ".join(f'<{url}>; rel="{relation}"' for relation, url in link.items())
    body = json.dumps({"id": MEMBERS, "context": {"id": "2"}, "members": members}).encode()
    return Answer(200, {"link": headers} if headers else {}, body)
