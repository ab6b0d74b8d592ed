"""Add and list platforms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from lti_tool.addresses import is_loopback
from lti_tool.cli.database import transaction
from lti_tool.cli.environment import settings_from_environment
from lti_tool.cli.german import CommandFailed
from lti_tool.services.audit import Action, AuditLog, Who
from lti_tool.services.platform_addresses import ChangeAddresses
from lti_tool.services.registrations import NewPlatform, RegistrationReader, SavePlatform

_URLS = {"issuer": "--issuer", "auth_url": "--auth-url", "token_url": "--token-url", "jwks_url": "--jwks-url"}
_COLUMNS = {"auth_url": "auth_login_url", "token_url": "auth_token_url", "jwks_url": "jwks_url"}


def add_platform(**fields: Any) -> str:
    """Store a platform; return what to tell the operator.

    Raises:
        CommandFailed: an address is unusable, or the database is.
    """
    _check_addresses(fields)
    settings = settings_from_environment()
    with transaction(settings.database_url) as session:
        number = save_platform(session, fields)
        _log(session).record(Action.PLATFORM_CONNECTED, fields["issuer"], registration_id=number)
    base = settings.base_url
    return (
        f"Gespeichert als Nummer {number}. Im LMS einzutragen: Anmeldung {base}/lti/login, "
        f"Weiterleitung {base}/lti/launch, Schlüssel {base}/lti/jwks"
    )


def edit_platform(number: int, **given: str | None) -> str:
    """Change a platform's addresses; return what to tell the operator.

    Raises:
        CommandFailed: an address is unusable, none is given, or there is no such platform.
    """
    addresses = {name: url for name, url in given.items() if url is not None}
    if not addresses:
        raise CommandFailed("Nennen Sie mindestens eine Adresse: --auth-url, --token-url oder --jwks-url.")
    _refuse_faulty([_URLS[name] for name, url in addresses.items() if not _is_web_address(url)])
    columns = {_COLUMNS[name]: url for name, url in addresses.items()}
    with transaction(settings_from_environment().database_url) as session:
        known = ChangeAddresses(session).change(number, columns)
        if known:
            _log(session).record(Action.PLATFORM_MOVED, registration_id=number, addresses=sorted(columns))
    if not known:
        raise CommandFailed(f"Es gibt kein LMS mit der Nummer {number}. Alle zeigt: smartcity platform list")
    return f"Geändert: {', '.join(sorted(_URLS[name] for name in addresses))} von Nummer {number}."


def _log(session: Session) -> AuditLog:
    return AuditLog(session, lambda: datetime.now(UTC), Who.COMMAND_LINE)


def save_platform(session: Session, fields: Mapping[str, Any]) -> int:
    """Store the platform that the options of `platform add` describe; return its number."""
    platform = NewPlatform(
        municipality=fields["municipality"],
        name=fields["name"],
        issuer=fields["issuer"],
        client_id=fields["client_id"],
        auth_login_url=fields["auth_url"],
        auth_token_url=fields["token_url"],
        jwks_url=fields["jwks_url"],
        auth_audience=fields.get("auth_audience"),
        deployment_ids=fields["deployment_ids"],
        private_hosts=[host.lower() for host in fields.get("private_hosts", ())],
        nrps_enabled=fields.get("roster"),
    )
    return SavePlatform(session, lambda: datetime.now(UTC)).save(platform)


def platform_lines() -> Iterator[str]:
    """Yield a few lines per platform."""
    with transaction(settings_from_environment().database_url) as session:
        platforms = RegistrationReader(session).all()
    if not platforms:
        yield "Noch ist kein LMS angebunden. Hilfe: smartcity platform add --help"
    for entry in platforms:
        state = "aktiv" if entry.active else "ausgeschaltet"
        yield f"{entry.id}  {entry.name} ({entry.municipality}), {state}"
        yield f"   Issuer {entry.issuer}, Client-ID {entry.client_id}, Deployments {_deployments(entry.deployments)}"


def _deployments(deployments: Mapping[str, bool]) -> str:
    shown: Sequence[str] = [name if active else f"{name} (nicht freigegeben)" for name, active in deployments.items()]
    return ", ".join(shown) or "keine"


def _check_addresses(fields: Mapping[str, Any]) -> None:
    _refuse_faulty([option for name, option in _URLS.items() if not _is_web_address(fields[name])])


def _refuse_faulty(faulty: Sequence[str]) -> None:
    if faulty:
        raise CommandFailed(
            f"{' und '.join(faulty)}: keine https-Adresse. Kopieren Sie die Adresse vollständig aus dem LMS "
            "(http geht nur für diesen Rechner selbst).",
        )


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))
