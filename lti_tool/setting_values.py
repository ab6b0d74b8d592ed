"""What a setting may say: each check returns the value as it is used, or refuses it with a German sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationInfo
from pydantic_core import PydanticCustomError

from lti_tool.addresses import base_url_fault, bucket_name_is_good, database_url_fault, host_names, is_certificates
from lti_tool.restraint.rates import Quota

SECRET_LENGTH = 32


def refuse(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("setting", "{sentence}", {"sentence": sentence})


def base_url(value: str) -> str:
    if fault := base_url_fault(value):
        raise refuse(fault)
    return value


def database_url(value: str) -> str:
    for alias in ("postgresql://", "postgres://"):
        if value.startswith(alias):
            value = "postgresql+psycopg://" + value.removeprefix(alias)
    if fault := database_url_fault(value):
        raise refuse(fault)
    return value


def secret_key(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < SECRET_LENGTH:
        raise refuse(
            f"ist kürzer als {SECRET_LENGTH} Zeichen. Erzeugen Sie einen Schlüssel, zum Beispiel mit "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`.",
        )
    return value


def token(value: SecretStr | None) -> SecretStr | None:
    return value if value is None else secret_key(value)


def directory(value: Path) -> Path:
    if not value.is_dir():
        raise refuse(f"nennt keinen Ordner: {value}. Geben Sie einen vorhandenen Ordner an.")
    return value


def rate(value: str) -> str:
    try:
        Quota.parse(value)
    except ValueError:
        raise refuse(f"ist keine Rate: {value!r}. Schreiben Sie zum Beispiel 200/minute.") from None
    return value


def redis_url(value: str) -> str:
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise refuse("ist keine Adresse eines Redis. Schreiben Sie zum Beispiel redis://localhost:6379/0.")
    return value


def hosts(value: Any) -> Any:
    return host_names(value) if isinstance(value, str) else value


def addresses(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return frozenset(base_url(address.strip()) for address in value.split(",") if address.strip())


def s3_endpoint(value: str) -> str:
    if value and (fault := base_url_fault(value)):
        raise refuse(fault.replace("lernen.example.org", "s3.example.org"))
    return value


def s3_bucket(value: str, info: ValidationInfo) -> str:
    if value and not bucket_name_is_good(value):
        raise refuse("ist kein Name eines Buckets: 3 bis 63 kleine Buchstaben, Ziffern, Punkte und Bindestriche.")
    if bool(value) != bool(info.data.get("s3_endpoint", value)):
        raise refuse("gehört zu SMARTCITY_S3_ENDPOINT. Setzen Sie beide oder keine von beiden.")
    return value


def with_s3(value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    if value is None and info.data.get("s3_endpoint"):
        raise refuse("fehlt. Mit SMARTCITY_S3_ENDPOINT ist auch der Zugang nötig, am besten als Datei (…_FILE).")
    return value


def files_store(value: str, info: ValidationInfo) -> str:
    if value == "s3" and not info.data.get("s3_endpoint", "unusable"):
        raise refuse("ist s3, aber SMARTCITY_S3_ENDPOINT fehlt. Setzen Sie die Einstellungen zum Objektspeicher.")
    return value


def certificates(value: str) -> str:
    if value and not is_certificates(value):
        raise refuse("enthält keine Zertifikate im PEM-Format. Setzen Sie SMARTCITY_S3_CA_FILE auf eine solche Datei.")
    return value


def contact_url(value: str) -> str:
    if not value.startswith(("mailto:", "https://")) or not value.isprintable() or " " in value:
        raise refuse(f"ist keine Kontaktadresse: {value}. Schreiben Sie mailto:… oder https://….")
    return value


def expiry(value: date | None, info: ValidationInfo) -> date | None:
    if value is None and info.data.get("security_contact"):
        raise refuse("fehlt. Nennen Sie den Tag, bis zu dem die Kontaktadresse gilt, zum Beispiel 2027-06-30.")
    return value
