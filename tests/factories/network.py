"""A network that answers the tool's outgoing calls as a test tells it to, and remembers what was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from lti_tool.lti.errors import Unreachable
from lti_tool.lti.ports import Answer


@dataclass
class Call:
    """One request as it went out."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    more: dict[str, Any]

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs((self.body or b"").decode()).items()}

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"")


Reply = Answer | Exception
Handler = Callable[[Call], Reply]


@dataclass
class Network:
    """Replies per URL; an address nobody answers at is unreachable."""

    handlers: dict[str, Handler] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None, **more: Any
    ) -> Answer:
        made = Call(method, url, headers, body, more)
        self.calls.append(made)
        reply = self.handlers[url](made) if url in self.handlers else Unreachable("nobody there")
        if isinstance(reply, Exception):
            raise reply
        return reply

    def serve(self, url: str, *replies: Reply) -> None:
        """Give these replies one after the other; the last one stays."""
        left = list(replies)
        self.handlers[url] = lambda _: left.pop(0) if len(left) > 1 else left[0]

    def serve_json(self, url: str, document: object, status: int = 200) -> None:
        self.serve(url, reply(document, status))

    def asked(self, url: str) -> int:
        return sum(1 for call in self.calls if call.url == url)


def reply(document: object = None, status: int = 200, **headers: str) -> Answer:
    """Return an answer with a JSON body, or with the bytes or text given; header names with `_` for `-`."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)
