"""What a setting may say: each reader returns the value of a text, or refuses it with a German sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lti_tool.addresses import base_url_fault, bucket_name_is_good, database_url_fault, is_certificates
from lti_tool.restraint.rates import Quota

SECRET_LENGTH = 32
_POSTGRESQL = "postgresql"


class Refused(ValueError):  # noqa: N818 -- what happened to the text
    """The text is no value of this setting; the message says why and how to mend it."""


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A value that no log, traceback or error page shows."""

    _value: str

    def get_secret_value(self) -> str:
        return self._value


def base_url(value: str) -> str:
    if fault := base_url_fault(value):
        raise Refused(fault)
    return value


def database_url(value: str) -> str:
    for alias in ("postgresql://", "postgres://"):
        if value.startswith(alias):
            value = "postgresql+psycopg://" + value.removeprefix(alias)
    if fault := database_url_fault(value):
        raise Refused(fault)
    return value


def replica_url(value: str) -> str:
    address = database_url(value) if value else ""
    if address and not address.startswith(_POSTGRESQL):
        raise Refused("nennt kein PostgreSQL. Nur ein Standby von PostgreSQL kann mitlesen; sonst lassen Sie sie weg.")
    return address


def secret(text: str) -> Secret:
    if len(text) < SECRET_LENGTH:
        raise Refused(
            f"ist kürzer als {SECRET_LENGTH} Zeichen. Erzeugen Sie einen Schlüssel, zum Beispiel mit "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`.",
        )
    return Secret(text)


def directory(text: str) -> Path:
    if not Path(text).is_dir():
        raise Refused(f"nennt keinen Ordner: {text}. Geben Sie einen vorhandenen Ordner an.")
    return Path(text)


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise Refused("ist keine ganze Zahl. Geben Sie eine ganze Zahl an.") from None
        _refuse_beyond(value, least, most)
        return value

    return read


def number(least: float, most: float) -> Callable[[str], float]:
    """Return a reader of numbers."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise Refused("ist keine Zahl. Geben Sie eine Zahl an, mit Punkt statt Komma.") from None
        _refuse_beyond(value, least, most)
        return value

    return read


def _refuse_beyond(value: float, least: float, most: float) -> None:
    if not value >= least:  # nor "nan"
        raise Refused(f"ist zu klein. Der kleinste Wert ist {least:g}.")
    if value > most:
        raise Refused(f"ist zu groß. Der größte Wert ist {most:g}.")


def one_of(*words: str) -> Callable[[str], str]:
    """Return a reader of one of some words."""

    def read(text: str) -> str:
        if text not in words:
            *others, last = (f"'{word}'" for word in words)
            raise Refused(f"hat einen unbekannten Wert. Möglich sind {', '.join(others)} oder {last}.")
        return text

    return read


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("ist kein Datum. Schreiben Sie zum Beispiel 2027-11-25.") from None


def rate(value: str) -> str:
    try:
        Quota.parse(value)
    except ValueError:
        raise Refused(f"ist keine Rate: {value!r}. Schreiben Sie zum Beispiel 200/minute.") from None
    return value


def redis_url(value: str) -> str:
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise Refused("ist keine Adresse eines Redis. Schreiben Sie zum Beispiel redis://localhost:6379/0.")
    return value


def addresses(value: str) -> frozenset[str]:
    return frozenset(base_url(address.strip()) for address in value.split(",") if address.strip())


def s3_endpoint(value: str) -> str:
    if value and (fault := base_url_fault(value)):
        raise Refused(fault.replace("lernen.example.org", "s3.example.org"))
    return value


def s3_bucket(value: str) -> str:
    if value and not bucket_name_is_good(value):
        raise Refused("ist kein Name eines Buckets: 3 bis 63 kleine Buchstaben, Ziffern, Punkte und Bindestriche.")
    return value


def certificates(value: str) -> str:
    if value and not is_certificates(value):
        raise Refused("enthält keine Zertifikate im PEM-Format. Setzen Sie SMARTCITY_S3_CA_FILE auf eine solche Datei.")
    return value


def contact_url(value: str) -> str:
    if not value.startswith(("mailto:", "https://")) or not value.isprintable() or " " in value:
        raise Refused(f"ist keine Kontaktadresse: {value}. Schreiben Sie mailto:… oder https://….")
    return value


def disagreements(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield settings that are good by themselves but not beside others; `given` lacks those that have a fault."""
    endpoint = given.get("s3_endpoint")
    if given.get("database_replica_url") and not str(given.get("database_url", _POSTGRESQL)).startswith(_POSTGRESQL):
        what = "gehört zu einer SMARTCITY_DATABASE_URL mit PostgreSQL. Lassen Sie sie bei SQLite weg."
        yield "database_replica_url", what
    if endpoint is not None and bool(given.get("s3_bucket", endpoint)) != bool(endpoint):
        yield "s3_bucket", "gehört zu SMARTCITY_S3_ENDPOINT. Setzen Sie beide oder keine von beiden."
    for name in ("s3_access_key", "s3_secret_key"):
        if endpoint and given.get(name) is None:
            yield name, "fehlt. Mit SMARTCITY_S3_ENDPOINT ist auch der Zugang nötig, am besten als Datei (…_FILE)."
    if endpoint == "" and given.get("files_store") == "s3":
        what = "ist s3, aber SMARTCITY_S3_ENDPOINT fehlt. Setzen Sie die Einstellungen zum Objektspeicher."
        yield "files_store", what
    if given.get("security_contact") and given.get("security_expires", given) is None:
        what = "fehlt. Nennen Sie den Tag, bis zu dem die Kontaktadresse gilt, zum Beispiel 2027-06-30."
        yield "security_expires", what
