"""What makes an address of a setting acceptable, each with a German sentence that says what is wrong."""

from __future__ import annotations

import ipaddress
import re
import ssl
from urllib.parse import SplitResult, urlsplit

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
DATABASES = ("sqlite:///", "postgresql+psycopg://")


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address can only mean this very machine (RFC 6761, 6.3)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def base_url_fault(value: str) -> str | None:
    """Say what is wrong with an origin that browsers are to reach; None if nothing is."""
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        parts.port  # noqa: B018 -- reading it checks it
    except ValueError:
        return f"ist keine Adresse: {value}. Schreiben Sie zum Beispiel https://lernen.example.org."
    if parts.scheme not in {"https", "http"} or not host:
        return f"ist keine Adresse: {value}. Schreiben Sie zum Beispiel https://lernen.example.org."
    if parts.scheme == "http" and not is_loopback(host):
        return f"beginnt mit http: {value}. Nötig ist https; http geht nur auf diesem Rechner selbst."
    if _more_than_origin(parts):
        return f"enthält mehr als Protokoll, Namen und Port: {value}. Lassen Sie den Rest weg, auch „/“."
    return None


def _more_than_origin(parts: SplitResult) -> bool:
    return bool(parts.path or parts.query or parts.fragment or parts.username is not None)


def database_url_fault(value: str) -> str | None:
    """Say what is wrong with a database URL; the URL itself is not repeated, as it may hold a password."""
    if not value.startswith(DATABASES):
        return "nennt keine unterstützte Datenbank. Schreiben Sie sqlite:///… oder postgresql+psycopg://…."
    path = value.removeprefix("sqlite:///").partition("?")[0]
    if path in {"", ":memory:"}:
        return "nennt keine Datei. Schreiben Sie zum Beispiel sqlite:////var/lib/smartcity/smartcity.sqlite3."
    return None


def host_names(value: str) -> frozenset[str]:
    """Split a list of host names separated by commas."""
    return frozenset(name.strip().lower() for name in value.split(",") if name.strip())


def bucket_name_is_good(value: str) -> bool:
    """Whether a bucket can have this name (Amazon S3, "Bucket naming rules")."""
    return bool(_BUCKET.fullmatch(value))


def is_certificates(value: str) -> bool:
    """Whether a text holds certificates that can be trusted."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=value)
    except (ssl.SSLError, ValueError):
        return False
    return True
