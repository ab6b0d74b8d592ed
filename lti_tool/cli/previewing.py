"""Show content while it is written."""

from __future__ import annotations

from pathlib import Path

import click
from werkzeug.serving import make_server

from lti_tool.cli.contents import content_folder
from lti_tool.cli.german import CommandFailed
from lti_tool.web.content_preview import create_preview

_HOST = "127.0.0.1"


def preview(module: str | None, folder: Path | None, port: int) -> None:
    """Serve the preview until it is stopped; nobody but this machine can reach it.

    Raises:
        CommandFailed: there is no such module, or the port is taken.
    """
    content = content_folder(folder)
    if module and not (content / "modules" / module).is_dir():
        raise CommandFailed(f"Das Modul {content / 'modules' / module} gibt es nicht.")
    try:
        server = make_server(_HOST, port, create_preview(content), threaded=True)
    except (OSError, SystemExit):
        raise CommandFailed(f"Der Port {port} ist belegt. Wählen Sie mit --port einen anderen.") from None
    way = f"module/{module}/" if module else ""
    click.echo(f"Vorschau: http://{_HOST}:{server.server_port}/{way}  (beenden mit Strg+C)")
    server.serve_forever()
