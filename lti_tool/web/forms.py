"""Forms as the tool reads them: with as many fields as a page of ours could have, and with signs that can be stored.

NUL can be typed nowhere, and PostgreSQL keeps it in no text: it is left out of our forms, and no address holds it. What
platforms send is read as it is: they are told what is wrong with it.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, request
from werkzeug.exceptions import NotFound, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

MOST_FIELDS = 1000
"""A form of a million empty fields fits into a megabyte, and would cost a second of CPU."""

_URL_ENCODED = "application/x-www-form-urlencoded"
_NUL = "\0"
_FROM_PLATFORMS = "/lti/"


class _CountingParser(FormDataParser):
    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Any:
        if mimetype == _URL_ENCODED:
            body = stream.read()
            if body.count(b"&") >= MOST_FIELDS:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        return super().parse(stream, mimetype, content_length, options)


class _StorableParser(_CountingParser):
    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Any:
        rest, form, files = super().parse(stream, mimetype, content_length, options)
        pairs = ((name, value.replace(_NUL, "")) for name, value in form.items(multi=True))
        return rest, self.cls(pairs), files


class ToolRequest(Request):
    """A request whose form has limits; those of a form with files are Flask's own (`MAX_FORM_PARTS`)."""

    @property
    def form_data_parser_class(self) -> type[FormDataParser]:  # type: ignore[override]  # the same for all, elsewhere
        """Return what reads this request's form."""
        return _CountingParser if self.path.startswith(_FROM_PLATFORMS) else _StorableParser


def install(app: Flask) -> None:
    """Find nothing under an address that nothing can be stored under."""

    def refuse_nul() -> None:
        if _NUL in request.path:
            raise NotFound

    app.before_request(refuse_nul)
