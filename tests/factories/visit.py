"""A person in a browser, inside one launch: follows links, sends forms with their hidden fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

BASE_URL = "https://tool.example"


@dataclass
class Visit:
    """One launch in one browser.

    Attributes:
        landing: path of the launch's first page, `/l/<launch>/`.
        page: the answer last received, after redirects.
    """

    client: FlaskClient
    landing: str
    page: TestResponse = field(init=False)

    def __post_init__(self) -> None:
        self.go(self.landing)

    def go(self, path: str, **options: Any) -> TestResponse:
        """Open a path, absolute or below the launch."""
        return self._ask("GET", path, **options)

    def click(self, words: str) -> TestResponse:
        """Follow the first link whose text holds these words."""
        for match in re.finditer(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', self.page.text, re.DOTALL):
            if words in _text(match.group(2)):
                return self.go(unescape(match.group(1)))
        raise AssertionError(f"no link {words!r} in: {self.text}")

    def press(self, words: str, **fields: Any) -> TestResponse:
        """Send the form that holds the button with these words, with its hidden fields and those given."""
        for match in re.finditer(r"<form\b([^>]*)>(.*?)</form>", self.page.text, re.DOTALL):
            for button in re.finditer(r"<button\b([^>]*)>(.*?)</button>", match.group(2), re.DOTALL):
                if words in _text(button.group(2)):
                    data = _hidden(match.group(2)) | _own_field(button.group(1)) | fields
                    target = _attribute(button.group(1), "formaction") or _attribute(match.group(1), "action")
                    return self.post(unescape(target), **data)
        raise AssertionError(f"no button {words!r} in: {self.text}")

    def post(self, path: str, **data: Any) -> TestResponse:
        return self._ask("POST", path, data=data)

    def put_json(self, path: str, body: Any, **headers: str) -> TestResponse:
        headers = {"Accept": "application/json", "X-CSRF-Token": self.csrf, **headers}
        return self.client.put(self._below(path), json=body, headers=headers, base_url=BASE_URL)

    @property
    def csrf(self) -> str:
        """The token any page of this launch carries."""
        link = re.search(r"<a\b[^>]*data-new-tab[^>]*>", self.page.text)
        return _attribute(link.group(), "data-csrf") if link else _hidden(self.page.text)["csrf"]

    @property
    def text(self) -> str:
        """What a person reads: the page without its tags."""
        return _text(re.sub(r"(?s)<(script|head)\b.*?</\1>", "", self.page.text))

    @property
    def path(self) -> str:
        return self.page.request.path

    def _ask(self, method: str, path: str, **options: Any) -> TestResponse:
        self.page = self.client.open(
            self._below(path), method=method, base_url=BASE_URL, follow_redirects=True, **options
        )
        return self.page

    def _below(self, path: str) -> str:
        return path if urlsplit(path).path.startswith("/") else self.landing + path


def _text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found.group(1) if found else ""


def _hidden(html: str) -> dict[str, str]:
    hidden = re.findall(r'<input\b[^>]*type="hidden"[^>]*>', html)
    return {_attribute(tag, "name"): unescape(_attribute(tag, "value")) for tag in hidden}


def _own_field(button: str) -> dict[str, str]:
    name = _attribute(button, "name")
    return {name: unescape(_attribute(button, "value"))} if name else {}
