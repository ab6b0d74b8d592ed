"""Stylesheets, scripts and fonts: read once, served from memory under an address that changes with any of them.

One digest stands for the whole bundle, so a stylesheet may name a font and a script another one relatively.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, request

from lti_tool import curriculum
from lti_tool.domain.errors import Code, Refusal

FOLDERS = (Path(curriculum.__file__).parent / "static", Path(__file__).parent / "static")
FOREVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
_MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
    ".md": "text/markdown",
}
"""Not the machine's table: not every machine knows all of them."""
_COMPRESSED = frozenset({"text/css", "text/javascript", "image/svg+xml"})


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, in its gzip form where that saves something: the few who want it plain wait for it to be unpacked."""

    body: bytes
    is_packed: bool
    media_type: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """All files by their path below the static folders."""

    files: dict[str, Asset]
    digest: str


def read_bundle() -> Bundle:
    """Read every file of the static folders; a later folder wins over an earlier one."""
    files: dict[str, Asset] = {}
    digest = hashlib.sha256()
    for folder in FOLDERS:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = path.relative_to(folder).as_posix()
            body = path.read_bytes()
            digest.update(name.encode() + b"\0" + body)
            files[name] = _asset(name, body)
    return Bundle(files, digest.hexdigest()[:12])


def install(app: Flask) -> None:
    """Serve the bundle and give templates `asset(name)`, the address of a file."""
    bundle = read_bundle()

    def static_file(digest: str, name: str) -> Response:
        found = bundle.files.get(name)
        if found is None:
            raise Refusal(Code.NOT_FOUND, f"no file {name!r}")
        # While a new version is rolled out, a page of the old one may ask here: answer, but let nobody keep it.
        return _answer(found, FOREVER if digest == bundle.digest else "no-cache")

    app.add_url_rule("/static/<digest>/<path:name>", "static_file", static_file)
    app.add_url_rule("/favicon.ico", "favicon", lambda: _answer(bundle.files["mark.svg"], A_DAY))
    app.add_url_rule("/lti/icon.svg", "lti_icon", lambda: _answer(bundle.files["tool-icon.svg"], A_DAY))
    app.jinja_env.globals["asset"] = lambda name: f"{request.script_root}/static/{bundle.digest}/{name}"


def _asset(name: str, body: bytes) -> Asset:
    media_type = _MEDIA_TYPES[Path(name).suffix]
    if media_type in _COMPRESSED:
        return Asset(gzip.compress(body, mtime=0), is_packed=True, media_type=media_type)
    return Asset(body, is_packed=False, media_type=media_type)


def _answer(asset: Asset, caching: str) -> Response:
    headers = {"Cache-Control": caching}
    body = asset.body
    if asset.is_packed:
        headers["Vary"] = "Accept-Encoding"
        if request.accept_encodings["gzip"]:
            headers["Content-Encoding"] = "gzip"
        else:
            body = gzip.decompress(body)
    return Response(body, mimetype=asset.media_type, headers=headers)
