"""Content while it is written: each page as learners will see it, the checker's findings beside it, new on every save.

For one author on one machine: it answers on the loopback address only, stores nothing and knows no people.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response, abort, g, render_template, send_file
from flask.typing import ResponseReturnValue
from jinja2 import ChoiceLoader, FileSystemLoader

from lti_tool import curriculum
from lti_tool.curriculum.assembly import surroundings
from lti_tool.curriculum.errors import Severity
from lti_tool.curriculum.media_types import media_type
from lti_tool.curriculum.model import Page, Source
from lti_tool.curriculum.quiz_assembly import QuizAssembly
from lti_tool.curriculum.render import to_html
from lti_tool.web import assets, languages, wording
from lti_tool.web.wording import day
from lti_tool.web.workshop import Workshop

_POLICY = (
    "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'self'; script-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_MEDIA_PREFIX = "/content"
_WAIT = 0.5


def create_preview(content_dir: Path) -> Flask:
    """Return the application; content may be full of errors."""
    app = Flask("lti_tool.web")
    app.config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost"]  # no other site can point its name here
    shared_templates = FileSystemLoader(Path(curriculum.__file__).with_name("templates"))
    app.jinja_loader = ChoiceLoader([loader for loader in (app.jinja_loader, shared_templates) if loader])
    workshop = Workshop(content_dir)
    languages.install(app)
    wording.install(app)
    assets.install(app)
    app.before_request(_in_german)
    app.after_request(_forbid)
    app.add_url_rule("/", "start", lambda: render_template("content_preview/start.html", shop=workshop.now()))
    app.add_url_rule("/module/<name>/", "module", lambda name: _module(workshop, name))
    app.add_url_rule("/module/<name>/<slug>", "page", lambda name, slug: _page(workshop, name, slug))
    app.add_url_rule("/quiz/<name>/<part>", "quiz", lambda name, part: _quiz(workshop, name, part))
    app.add_url_rule("/source/<path:file>", "source", lambda file: _source(workshop, file))
    app.add_url_rule(f"{_MEDIA_PREFIX}/<name>/<version>/<file>", "media", lambda **at: _media(workshop, **at))
    app.add_url_rule("/events", "events", lambda: Response(_events(workshop), mimetype="text/event-stream"))
    return app


def _in_german() -> None:
    g.locale = "de"


def _forbid(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def _module(workshop: Workshop, name: str) -> ResponseReturnValue:
    shop = workshop.now()
    if name not in shop.folders:
        abort(404)
    return render_template("content_preview/module.html", shop=shop, name=name, files=workshop.module(name))


def _page(workshop: Workshop, name: str, slug: str) -> ResponseReturnValue:
    files = workshop.module(name)
    written = next((page for page in files.pages if page.slug == slug), None) if files else None
    if files is None or written is None:
        abort(404)
    known = {entry.id: Source(**entry.model_dump()) for entry in files.body.sources}
    page = Page(
        slug=slug,
        title=written.head.title,
        minutes=written.head.minutes,
        html=to_html(written.body, surroundings(files, _MEDIA_PREFIX, "{slug}")),
        stand=written.head.stand or files.body.stand,
        sources=tuple(known[source] for source in written.head.sources if source in known),
        required=written.head.required,
    )
    return render_template(
        "content_preview/page.html",
        shop=workshop.now(),
        name=name,
        files=files,
        page=page,
        file=written.source.file,
        day=day,
    )


def _quiz(workshop: Workshop, name: str, part: str) -> ResponseReturnValue:
    """Every question with its answer; only once it has no errors, as half a question cannot be shown."""
    files, shop = workshop.module(name), workshop.now()
    written = {"quiz": files.quiz, "assignment": files.assignment}.get(part) if files else None
    if files is None or written is None:
        abort(404)
    file = written.source.file
    quiz = None
    if not any(problem.severity is Severity.ERROR for problem in shop.of_file(file)):
        sources = {entry.id: Source(**entry.model_dump()) for entry in files.body.sources}
        build = QuizAssembly(sources, surroundings(files, _MEDIA_PREFIX, "{slug}"))
        quiz = build.quiz(files.quiz) if part == "quiz" and files.quiz else None
        quiz = build.assignment(files.assignment) if part == "assignment" and files.assignment else quiz
    return render_template(
        "content_preview/quiz.html", shop=shop, name=name, files=files, quiz=quiz, part=part, file=file
    )


def _source(workshop: Workshop, file: str) -> ResponseReturnValue:
    text = workshop.text(file)
    if text is None:
        abort(404)
    path = (workshop.folder / file).as_posix()
    return render_template(
        "content_preview/source.html", shop=workshop.now(), file=path, shown=file, lines=text.splitlines()
    )


def _media(workshop: Workshop, name: str, version: str, file: str) -> ResponseReturnValue:
    del version  # part of the address only, so that a changed picture is fetched anew
    files = workshop.module(name)
    if files is None or file not in files.media:
        abort(404)
    return send_file(files.media[file].path.resolve(), mimetype=media_type(file), conditional=True)


def _events(workshop: Workshop) -> Iterator[str]:
    """Tell the browser when a file has changed; comments keep the line open and find out who has left."""
    seen = workshop.fingerprint()
    yield ": da\n\n"
    while True:
        time.sleep(_WAIT)
        now = workshop.fingerprint()
        yield "data: geändert\n\n" if now != seen else ": noch da\n\n"
        seen = now
