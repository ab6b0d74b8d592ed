"""Learners without a browser: they launch from the practice LMS and take a quiz over plain HTTP."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from lti_tool.curriculum.model import Quiz
from lti_tool.domain.grading import grade
from tests.factories.answers import right_answer


class _HiddenFields(HTMLParser):
    """The first form that posts, with its hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action and values.get("method", "").lower() == "post":
            self.action = values.get("action") or "."
        if tag == "input" and self.action and values.get("type") == "hidden":
            self.fields.setdefault(values["name"], values.get("value", ""))


@dataclass
class Answer:
    url: str
    status: int
    text: str

    def form(self) -> tuple[str, dict[str, str]]:
        parser = _HiddenFields()
        parser.feed(self.text)
        assert parser.action, f"no form at {self.url}: {self.status} {self.text[:300]}"
        return urljoin(self.url, parser.action), parser.fields


@dataclass
class Learner:
    """One person with a cookie jar that keeps what each site set, by path."""

    person: str
    lms_url: str
    jar: dict[tuple[str, str, str], str] = field(default_factory=dict)
    launch_url: str = ""
    attempt_url: str = ""
    csrf: str = ""

    def launch(self, activity: str) -> None:
        action, fields = self.get(f"{self.lms_url}/course/{activity}/launch?person={self.person}").form()
        action, fields = self.post(action, fields).form()
        answer = self.post(action, fields)
        assert answer.status == 200, answer.text[:500]
        self.launch_url = answer.url

    def begin_quiz(self, module: str) -> None:
        action, fields = self.get(f"{self.launch_url}quiz/{module}").form()
        self.csrf = fields["csrf"]
        answer = self.post(action, fields)
        assert "/questions/" in answer.url, answer.text[:500]
        self.attempt_url = answer.url.partition("/questions/")[0]

    def answer(self, answers: Mapping[str, tuple[str, ...]]) -> None:
        for question, chosen in answers.items():
            saved = self.send(
                "PUT",
                f"{self.attempt_url}/answers/{question}",
                json.dumps({"answer": list(chosen)}),
                {"Content-Type": "application/json", "X-CSRF-Token": self.csrf},
            )
            assert saved.status == 200, saved.text[:500]

    def submit(self) -> Answer:
        return self.post(f"{self.attempt_url}/submit", {"csrf": self.csrf})

    def get(self, url: str) -> Answer:
        return self.send("GET", url)

    def post(self, url: str, fields: Mapping[str, str]) -> Answer:
        return self.send("POST", url, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})

    def send(self, method: str, url: str, body: str | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        for _ in range(6):
            parts = urlsplit(url)
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            with closing(http.client.HTTPConnection(self.host(parts.netloc), timeout=60)) as connection:
                connection.request(method, path, body, {"Cookie": self._cookies(url), **(headers or {})})
                response = connection.getresponse()
                text = response.read().decode()
            for line in response.headers.get_all("Set-Cookie") or []:
                self._keep(parts.netloc, line)
            location = response.headers.get("Location")
            if location is None:
                return Answer(url, response.status, text)
            url, method, body, headers = urljoin(url, location), "GET", None, None
        raise AssertionError(f"too many redirects: {url}")

    def host(self, netloc: str) -> str:
        """Return the machine that answers for a site."""
        return netloc

    def _keep(self, site: str, line: str) -> None:
        pair, _, attributes = line.partition(";")
        name, _, value = pair.partition("=")
        path = re.search(r"path=([^;]+)", attributes, re.IGNORECASE)
        self.jar[site, path.group(1) if path else "/", name] = value

    def _cookies(self, url: str) -> str:
        parts = urlsplit(url)
        return "; ".join(
            f"{name}={value}"
            for (site, path, name), value in self.jar.items()
            if site == parts.netloc and parts.path.startswith(path)
        )


def answers_of(number: int, quiz: Quiz) -> dict[str, tuple[str, ...]]:
    """Answer the first questions rightly, how many depends on the person; the last ones stay open."""
    right = number % (len(quiz.questions) + 1)
    return {question.id: tuple(right_answer(question)) for question in quiz.questions[:right]}


def expected_percent(number: int, quiz: Quiz) -> Decimal:
    sheet = grade(quiz, answers_of(number, quiz))
    return sheet.points / sheet.maximum * 100
