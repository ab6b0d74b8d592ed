"""Serves one archive from memory, on this machine alone."""

from __future__ import annotations

import mimetypes
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree

from scorm_packages.archive import unpacked
from scorm_packages.editions import cmi5
from scorm_packages.errors import PackageError
from scorm_packages.preview import scorm_again
from scorm_packages.verify.archive import harmful
from scorm_packages.verify.manifest import NAME

_FOLDER = Path(__file__).parent
_OWN = ("index.html", "preview.css", "preview.js", "run_time.js")


def preview_server(data: bytes, port: int) -> ThreadingHTTPServer:
    """Return a server for an archive, bound to the loopback interface; the caller runs and closes it.

    Raises:
        PackageError: the archive could do harm, or does not say where it starts; the port is taken.
    """
    if harmful(data):
        raise PackageError("Dieses Archiv wird nicht geöffnet; smartcity scorm verify nennt die Gründe.")
    files = unpacked(data)
    manifest = _manifest(files)
    pages = {f"/{name}": (_FOLDER / name).read_bytes() for name in _OWN}
    pages["/"] = _page(pages["/index.html"].decode(), _start(manifest), _edition(manifest)).encode()
    pages["/scorm-again.js"] = scorm_again.script(_edition(manifest)) or b""
    pages |= {f"/paket/{name}": body for name, body in files.items()}
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), _handler(pages))
    except OSError as error:
        raise PackageError(f"Der Port {port} lässt sich nicht öffnen: {error.strerror}.") from error


def run_time() -> str:
    """Say in German which run-time plays."""
    if scorm_again.script("1.2"):
        return f"Laufzeit: {scorm_again.NAME} {scorm_again.VERSION}"
    return "Laufzeit: eine kleine eigene; --scorm-again holt über npm eine unabhängige, die mehr prüft"


def _page(template: str, start: str, edition: str) -> str:
    script = '<script src="scorm-again.js"></script>\n' if scorm_again.script(edition) else ""
    told = template.replace("RUN_TIME", script).replace("WORDS", escape(run_time()))
    return told.replace("<html ", f'<html data-start="paket/{escape(start)}" data-edition="{edition}" ')


def _manifest(files: dict[str, bytes]) -> etree._Element:
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    if NAME not in files and cmi5.NAME in files:
        raise PackageError(
            "Die Vorschau spielt SCORM ab; ein cmi5-Paket öffnen Sie ausgepackt im Browser, ohne Speichern."
        )
    try:
        return etree.fromstring(files[NAME], parser)
    except (KeyError, etree.XMLSyntaxError) as error:
        raise PackageError("Das Archiv hat kein lesbares imsmanifest.xml.") from error


def _edition(root: etree._Element) -> str:
    """LMSs take what they do not know for SCORM 1.2."""
    version = (root.findtext("{*}metadata/{*}schemaversion") or "").strip()
    return "2004" if version.startswith("2004") or version.endswith("1.3") else "1.2"


def _start(root: etree._Element) -> str:
    wanted = next((item.get("identifierref") for item in root.iter("{*}item") if item.get("identifierref")), None)
    for resource in root.iter("{*}resource"):
        if resource.get("identifier") == wanted and resource.get("href"):
            return str(resource.get("href"))
    raise PackageError("Das Manifest sagt nicht, womit das Paket beginnt.")


def _handler(pages: dict[str, bytes]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            body = pages.get(path)
            self.send_response(404 if body is None else 200)
            kind = "text/html" if path == "/" else mimetypes.guess_type(path)[0] or "application/octet-stream"
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
            self.send_header("Content-Length", str(len(body or b"")))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *_words: object) -> None:  # noqa: A002 -- the name that the base class gives
            """Say nothing: the page shows what happens."""

    return Handler
