"""Forms as the tool reads them: with as many fields as a page of ours could have, and no more."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

MOST_FIELDS = 1000
"""A form of a million empty fields fits into a megabyte, and would cost a second of CPU."""

_URL_ENCODED = "application/x-www-form-urlencoded"


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


class ToolRequest(Request):
    """A request whose form has limits; those of a form with files are Flask's own (`MAX_FORM_PARTS`)."""

    form_data_parser_class = _CountingParser
