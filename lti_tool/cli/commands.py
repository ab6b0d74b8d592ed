"""What can be typed. Each command imports what it needs when it runs, so that `--help` answers at once."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

import click

from lti_tool import __version__
from lti_tool.cli import operation
from lti_tool.cli.backup_commands import backup
from lti_tool.cli.content_commands import content
from lti_tool.cli.file_commands import files
from lti_tool.cli.german import CommandFailed, Group, explain
from lti_tool.cli.privacy_commands import closing, privacy
from lti_tool.cli.scorm_commands import scorm


def main() -> None:
    """Run the command line; every expected failure is one sentence and an exit code, never a traceback."""
    try:
        smartcity(prog_name="smartcity", standalone_mode=False)
    except click.UsageError as error:
        click.echo(f"Fehler: {explain(error)}", err=True)
        sys.exit(2)
    except CommandFailed as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)


@click.group(cls=Group, no_args_is_help=False, invoke_without_command=True)
@click.version_option(__version__, "--version", message="%(version)s", help="Die Version zeigen.")
@click.pass_context
def smartcity(ctx: click.Context) -> None:
    """Smart City lernen: das Werkzeug für Moodle und ILIAS."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@smartcity.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, help="Port des Werkzeugs, 0 wählt einen freien (8000)."
)
@click.option("--lms-port", type=click.IntRange(0, 65535), default=8010, help="Port des Übungs-LMS (8010).")
@click.option(
    "--data", type=click.Path(path_type=Path), default=Path("var"), help="Ordner für Datenbank und Schlüssel (var)."
)
def run(port: int, lms_port: int, data: Path) -> None:
    """Alles zum Ausprobieren starten.

    Werkzeug, Zustellung und ein Übungs-LMS, mit Daten in einem Ordner.
    """
    from lti_tool.cli.trial import run_trial

    run_trial(data, port, lms_port)


@smartcity.command()
@click.option("--config", type=click.Path(path_type=Path), help="Andere Datei statt config/gunicorn.conf.py.")
def serve(config: Path | None) -> None:
    """Das Werkzeug betreiben.

    gunicorn mit config/gunicorn.conf.py, Einstellungen aus SMARTCITY_*.
    """
    from lti_tool.cli.serving import serve_forever

    serve_forever(config)


@smartcity.command()
def worker() -> None:
    """Noten zustellen.

    Läuft, bis der Prozess beendet wird; mehrere dürfen nebeneinander laufen.
    """
    from lti_tool.cli.delivering import deliver_until_stopped

    deliver_until_stopped()


@smartcity.command()
@click.option("--json", "as_json", is_flag=True, help="Die Befunde als JSON ausgeben.")
def doctor(as_json: bool) -> None:
    """Alles prüfen, was der Betrieb braucht, und sagen, was zu tun ist."""
    from lti_tool.cli.doctor.examination import examine_and_tell

    sys.exit(examine_and_tell(os.environ, as_json=as_json))


@smartcity.group()
def db() -> None:
    """Die Datenbank pflegen."""


@db.command()
def upgrade() -> None:
    """Die Datenbank auf den Stand dieser Version bringen."""
    from lti_tool.cli.database import upgrade_database
    from lti_tool.cli.environment import settings_from_environment

    upgrade_database(settings_from_environment().database_url)
    click.echo("Die Datenbank ist auf dem neuesten Stand.")


@smartcity.group()
def platform() -> None:
    """Die angebundenen LMS pflegen."""


@platform.command()
@click.option("--name", required=True, help="Anzeigename, z. B. „Moodle der Stadt Beispiel“.")
@click.option("--issuer", required=True, help="Kennung der Plattform (Platform ID, Issuer).")
@click.option("--client-id", required=True, help="Client-ID, die das LMS vergeben hat.")
@click.option("--auth-url", required=True, help="Adresse der Anmeldung (Authentication request URL).")
@click.option("--token-url", required=True, help="Adresse für Zugriffstoken (Access token URL).")
@click.option("--jwks-url", required=True, help="Adresse der öffentlichen Schlüssel (Public keyset URL).")
@click.option(
    "--deployment-id", "deployment_ids", multiple=True, required=True, help="Deployment-ID, mehrfach möglich."
)
@click.option("--municipality", help="Kommune, zu der das LMS gehört (sonst der Anzeigename).")
@click.option("--auth-audience", help="Audience für Zugriffstoken, falls sie von der Token-Adresse abweicht.")
@click.option("--private-host", "private_hosts", multiple=True, help="Rechnername im Hausnetz, mehrfach möglich.")
@click.option(
    "--roster/--no-roster", default=None, help="Teilnehmendenlisten des LMS lesen (sonst bleibt es, wie es ist: aus)."
)
def add(name: str, municipality: str | None, **fields: str | tuple[str, ...] | bool | None) -> None:
    """Ein LMS anbinden oder seine Adressen ändern."""
    from lti_tool.cli.platforms import add_platform

    click.echo(add_platform(name=name, municipality=municipality or name, **fields))


@platform.command()
@click.argument("number", metavar="NUMMER", type=int)
@click.option("--auth-url", help="Neue Adresse der Anmeldung (Authentication request URL).")
@click.option("--token-url", help="Neue Adresse für Zugriffstoken (Access token URL).")
@click.option("--jwks-url", help="Neue Adresse der öffentlichen Schlüssel (Public keyset URL).")
def edit(number: int, **addresses: str | None) -> None:
    """Adressen eines LMS ändern, zum Beispiel nach dessen Upgrade."""
    from lti_tool.cli.platforms import edit_platform

    click.echo(edit_platform(number, **addresses))


@platform.command(name="list")
def list_platforms() -> None:
    """Die angebundenen LMS zeigen."""
    from lti_tool.cli.platforms import platform_lines

    for line in platform_lines():
        click.echo(line)


@platform.command()
@click.argument("number", metavar="NUMMER", type=int)
def rosters(number: int) -> None:
    """Zeigen, welche Teilnehmendenlisten gelesen sind, ohne Namen."""
    from lti_tool.cli.rosters import roster_lines

    for line in roster_lines(number):
        click.echo(line)


operation.switches(platform)
closing(operation.town)
for group in (operation.town, operation.keys, operation.operator, operation.identity, operation.audit, privacy):
    smartcity.add_command(group)


@smartcity.group(name="base-url")
def base_url() -> None:
    """Den Umzug auf eine andere Adresse begleiten."""


@base_url.command(name="check")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Zeit des Umzugs, z. B. 2026-12-01T08:00."
)
def check_base_url(since: datetime | None) -> None:
    """Prüfen, ob frühere Adressen weiterleiten, und sagen, was in welchem LMS zu ändern ist."""
    from lti_tool.cli.moved_house import check_move

    for line in check_move(since):
        click.echo(line)


@smartcity.group()
def invite() -> None:
    """Kommunen einladen, ihr LMS selbst anzubinden."""


@invite.command()
@click.option("--municipality", required=True, help="Kommune, für die die Einladung gilt, z. B. „Stadt Olpe“.")
@click.option("--expires", default="14d", help="Gültigkeit in Tagen oder Stunden: 14d (so ohne Angabe), 12h.")
@click.option("--private-host", "private_hosts", multiple=True, help="Rechnername im Hausnetz, mehrfach möglich.")
def create(municipality: str, expires: str, private_hosts: tuple[str, ...]) -> None:
    """Eine Einladung ausstellen und ihre Adresse zeigen."""
    from lti_tool.cli.invitations import create_invitation

    for line in create_invitation(municipality, expires, private_hosts):
        click.echo(line)


@invite.command(name="list")
def list_invitations() -> None:
    """Die Einladungen zeigen, die neueste zuerst."""
    from lti_tool.cli.invitations import invitation_lines

    for line in invitation_lines():
        click.echo(line)


@invite.command()
@click.argument("number", metavar="NUMMER", type=int)
def revoke(number: int) -> None:
    """Eine Einladung zurückziehen, die noch nicht verwendet ist."""
    from lti_tool.cli.invitations import revoke_invitation

    click.echo(revoke_invitation(number))


@smartcity.group()
def certificate() -> None:
    """Zertifikate und Teilnahmebescheinigungen prüfen und widerrufen."""


@certificate.command()
@click.argument("file", metavar="DATEI", type=click.Path(path_type=Path))
@click.option("--keys", type=click.Path(path_type=Path), help="DID-Dokument der Ausstellenden, zum Prüfen ohne Netz.")
def verify(file: Path, keys: Path | None) -> None:
    """Ein PDF, ein Abzeichen oder einen Lernnachweis zum Mitnehmen prüfen."""
    from lti_tool.cli.certificates import verify_file

    for line in verify_file(file, keys):
        click.echo(line)


@certificate.command()
@click.argument("course", metavar="LEHRGANG")
@click.option("--platform", "number", type=int, required=True, help="Nummer des LMS; Liste: smartcity platform list")
@click.option("--folder", type=click.Path(path_type=Path), required=True, help="Ordner für die PDF-Dateien.")
def batch(course: str, number: int, folder: Path) -> None:
    """Allen, die einen Lehrgang geschafft haben, das Zertifikat ausstellen; lässt sich jederzeit fortsetzen."""
    from lti_tool.cli.graduation import issue_all

    for line in issue_all(course, number, folder):
        click.echo(line)


@certificate.command(name="revoke")
@click.argument("public_id", metavar="KENNUNG")
@click.option("--reason", required=True, help="Grund; er steht auf der Prüfseite.")
def revoke_certificate(public_id: str, reason: str) -> None:
    """Einen Nachweis widerrufen; die Kennung steht am Ende der Adresse seiner Prüfseite."""
    from lti_tool.cli.certificates import revoke

    for line in revoke(public_id, reason):
        click.echo(line)


smartcity.add_command(backup)
smartcity.add_command(content)
smartcity.add_command(files)
smartcity.add_command(scorm)
