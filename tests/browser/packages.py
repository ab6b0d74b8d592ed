"""Packages on a small web server, and the steps of a learner in the player."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import FrameLocator, Locator, Page, expect

from lti_tool.curriculum.model import Module, QuestionKind
from lti_tool.curriculum.questions import Question


class _Files(http.server.SimpleHTTPRequestHandler):
    """Serves a folder; forbids `unload` handlers, as browsers are about to."""

    def end_headers(self) -> None:
        self.send_header("Permissions-Policy", "unload=()")
        super().end_headers()

    def log_message(self, *_words) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder; yield its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def unpack(files: dict[str, bytes], folder: Path) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def saved(place: FrameLocator | Page) -> None:
    expect(place.locator("[data-saved]")).to_have_text("Gespeichert")


def to_quiz(place: FrameLocator | Page) -> None:
    place.locator("[data-side] a[href='#quiz']").click()
    place.locator("[data-quiz=begin]").click()


def form_of(place: FrameLocator | Page) -> Locator:
    return place.locator("form[data-question]:visible")


def give(place: FrameLocator | Page, module: Module, choose: Callable[[Question], list[str]]) -> None:
    form = form_of(place)
    name = form.get_attribute("data-question")
    question = module.quiz.questions[int(name[1:]) - 1]
    answer = choose(question)
    if question.options:
        for option in answer:
            form.locator(f"input[value='{option}']").check()
    elif question.kind is QuestionKind.ORDER:
        for at, item in enumerate(answer, 1):
            form.locator(f"[data-item]:has(input[value='{item}']) select").select_option(str(at))
    else:
        for at, value in enumerate(answer):
            field = form.locator(f"[name={name}]").nth(at)
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)


def take(place: FrameLocator | Page, module: Module, choose: Callable[[Question], list[str]]) -> None:
    to_quiz(place)
    for _ in module.quiz.questions:
        give(place, module, choose)
        place.locator("#questions [data-quiz=next]").click()
    expect(place.locator("[data-open-questions]")).to_have_text("Sie haben alle Fragen beantwortet.")
    place.locator("[data-quiz=hand-in]").click()
