"""An LMS and its learning record store as small as a test needs them: what cmi5 asks of both, and strict about it.

The store keeps what it was told, refuses what breaks a rule of cmi5, and can be made deaf.
"""

from __future__ import annotations

import json
import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CONTEXT = "https://w3id.org/xapi/cmi5/context/"
SESSION_ID = f"{CONTEXT}extensions/sessionid"
MASTERY = f"{CONTEXT}extensions/masteryscore"
ACTOR = {"objectType": "Agent", "account": {"homePage": "https://lms.example", "name": "4711"}}
ONCE = {"completed", "passed"}
JUDGED = {"completed": ("completion", True), "passed": ("success", True), "failed": ("success", False)}


@dataclass
class Sitting:
    """One launch of a unit."""

    token: str
    data: dict[str, Any]
    prefers: bool = False
    given: bool = False
    said: list[str] = field(default_factory=list)
    last: str = ""


class SmallLrs:
    """Launches units of one registration each, and keeps what they say."""

    def __init__(self) -> None:
        self.statements: list[dict[str, Any]] = []
        self.states: dict[tuple[str, str], Any] = {}
        self.sittings: dict[str, Sitting] = {}
        self.refuse: set[str] = set()
        self.violations: list[str] = []
        self.fetched = 0
        self.heard = threading.Condition()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def launch(self, unit: str, publisher: str, registration: str, **data: Any) -> str:
        """Lay down the launch data and return the query that a unit is opened with."""
        activity = f"{self.address}/units/{unit}"
        template = {
            "contextActivities": {"grouping": [{"objectType": "Activity", "id": publisher}]},
            "extensions": {SESSION_ID: str(uuid.uuid4())},
        }
        document = {"contextTemplate": template, "launchMode": "Normal", "moveOn": "Passed", **data}
        sitting = Sitting(uuid.uuid4().hex, document)
        self.sittings[sitting.token] = sitting
        self.states[activity, registration + "LMS.LaunchData"] = document
        words = {
            "endpoint": f"{self.address}/xapi/",
            "fetch": f"{self.address}/token/{sitting.token}",
            "actor": json.dumps(ACTOR),
            "registration": registration,
            "activityId": activity,
        }
        return urlencode(words)

    def verbs(self, unit: str = "") -> list[str]:
        """Name what was said, in the order it was said; of one unit, or of all."""
        return [
            _verb(statement)
            for statement in self.statements
            if unit in statement["object"]["id"].partition("/units/")[2]
        ]

    def keep(self, sitting: Sitting, statements: list[dict[str, Any]]) -> int:
        """Take statements, all or none; return the status to answer with."""
        known = {statement["id"] for statement in self.statements}
        if any(statement["id"] in known for statement in statements):
            return 409
        faults = [fault for statement in statements for fault in self._faults(sitting, statement)]
        self.violations += faults
        if faults:
            return 403
        with self.heard:
            self.statements += statements
            self.heard.notify_all()
        return 200

    def wait_for_goodbye(self, before: int) -> None:
        """Wait until somebody says goodbye after so many statements."""
        with self.heard:
            assert self.heard.wait_for(lambda: "terminated" in map(_verb, self.statements[before:]), timeout=30)

    def _faults(self, sitting: Sitting, statement: dict[str, Any]) -> list[str]:
        """Rules of cmi5 (7.1, 9 and 10.2) that a statement breaks; what it keeps to counts as said."""
        verb, context, result = _verb(statement), statement["context"], statement.get("result", {})
        categories = {
            activity["id"].rpartition("/")[2] for activity in context["contextActivities"].get("category", [])
        }
        before = [_verb(told) for told in self.statements if told["object"]["id"] == statement["object"]["id"]]
        template = sitting.data["contextTemplate"]
        rules = {
            "preferences are read first": sitting.prefers,
            "the learner is the one launched": statement["actor"] == ACTOR,
            "the template's extensions stay": template["extensions"].items() <= context["extensions"].items(),
            "the template's activities stay": context["contextActivities"]["grouping"]
            == template["contextActivities"]["grouping"],
            "time is UTC and goes on": statement["timestamp"].endswith("Z") and statement["timestamp"] >= sitting.last,
            "initialized is first": (verb == "initialized") == (not sitting.said),
            "nothing follows terminated": "terminated" not in sitting.said,
        }
        if "cmi5" in categories:
            rules |= {
                "a verb is said once in a session": verb not in sitting.said,
                "passed or failed, not both": not {"passed", "failed"} <= {verb, *sitting.said},
                "once in a registration": verb not in ONCE or verb not in before,
                "no failure after a pass": verb != "failed" or "passed" not in before,
                "who looks is not judged": sitting.data["launchMode"] == "Normal" or verb not in JUDGED,
                "results fit the verb": _fits(verb, result),
                "moveon goes with a judgement": ("moveon" in categories) == (verb in JUDGED),
                "durations are told": verb == "initialized" or "duration" in result,
                "the bar is respected": self._keeps_bar(sitting, verb, context, result),
            }
        else:
            rules |= {"only answers stand beside": verb == "answered", "moveon is for cmi5": "moveon" not in categories}
        datetime.fromisoformat(statement["timestamp"])
        sitting.said.append(verb)
        sitting.last = statement["timestamp"]
        return [f"{verb}: {rule}" for rule, kept in rules.items() if not kept]

    @staticmethod
    def _keeps_bar(sitting: Sitting, verb: str, context: dict[str, Any], result: dict[str, Any]) -> bool:
        bar = sitting.data.get("masteryScore")
        if bar is None or "score" not in result:
            return MASTERY not in context["extensions"]
        return context["extensions"].get(MASTERY) == bar and (result["score"]["scaled"] >= bar) == (verb == "passed")


def _fits(verb: str, result: dict[str, Any]) -> bool:
    wanted = dict([JUDGED[verb]]) if verb in JUDGED else {}
    judged = {name: result[name] for name in ("completion", "success") if name in result}
    score = result.get("score", {})
    whole = all(isinstance(score[name], int) for name in ("raw", "min", "max") if name in score)
    return judged == wanted and whole and ("score" not in result or verb in {"passed", "failed"})


def _verb(statement: dict[str, Any]) -> str:
    return str(statement["verb"]["id"].rpartition("/")[2])


def _handler(lrs: SmallLrs) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self, status: int, body: Any = None) -> None:
            data = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Experience-API-Version")
            self.send_header("Access-Control-Allow-Methods", "GET, POST, PUT")
            self.send_header("Access-Control-Max-Age", "0")  # the goodbye, too, has to ask first whether it may
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_OPTIONS(self) -> None:
            self._answer(204)

        def do_GET(self) -> None:
            self._ask("GET")

        def do_PUT(self) -> None:
            self._ask("PUT")

        def do_POST(self) -> None:
            if self.path.startswith("/token/"):
                self._give_token(lrs.sittings[self.path.rpartition("/")[2]])
            else:
                self._ask("POST")

        def _give_token(self, sitting: Sitting) -> None:
            lrs.fetched += 1
            if sitting.given:
                self._answer(200, {"error-code": "1", "error-text": "used"})
                return
            sitting.given = True
            self._answer(200, {"auth-token": f"geheim-{sitting.token}"})

        def _ask(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            words = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            resource = urlsplit(self.path).path.removeprefix("/xapi/")
            sitting = lrs.sittings.get(self.headers.get("Authorization", "").removeprefix("Basic geheim-"))
            if sitting is None or not self.headers.get("X-Experience-API-Version"):
                self._answer(401)
            elif "everything" in lrs.refuse:
                self._answer(503)
            elif resource == "statements":
                self._statements(method, words, body, sitting)
            elif resource == "agents/profile":
                sitting.prefers = True
                self._answer(404)
            else:
                self._state(method, words, body)

        def _statements(self, method: str, words: dict[str, str], body: bytes, sitting: Sitting) -> None:
            if method == "GET":
                known = [told for told in lrs.statements if told["id"] == words["statementId"]]
                self._answer(200 if known else 404, known[0] if known else None)
                return
            status = lrs.keep(sitting, json.loads(body))
            self._answer(503 if "answers" in lrs.refuse else status)

        def _state(self, method: str, words: dict[str, str], body: bytes) -> None:
            assert json.loads(words["agent"]) == ACTOR
            key = (words["activityId"], words["registration"] + words["stateId"])
            if method == "PUT":
                assert words["stateId"] != "LMS.LaunchData"
                lrs.states[key] = json.loads(body)
                self._answer(204)
            else:
                self._answer(200 if key in lrs.states else 404, lrs.states.get(key))

        def log_message(self, format: str, *_words: object) -> None:  # noqa: A002 -- the name that the base class gives
            """Say nothing."""

    return Handler
