"""What an archive says of itself."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from lti_tool.cli.german import CommandFailed
from lti_tool.settings import Settings

MEMBER = "manifest.json"
FORMAT = 1
Kind = Literal["sqlite", "postgresql"]


class Held(BaseModel):
    """Size and SHA-256 of one member."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int
    sha256: str


class Manifest(BaseModel):
    """Everything that is checked before anything is restored."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1]
    tool: str
    """Version that made it."""
    made_at: AwareDatetime
    kind: Kind
    server: str
    """Version of the database."""
    migration: str
    key_fingerprint: str
    """Tells one secret key from another and gives nothing of it away."""
    database: Held
    files: dict[str, Held]
    lost: list[str]
    """Keys of files that the database knew and the store did not have."""

    @property
    def database_member(self) -> str:
        """Name of the member that holds the database."""
        return DATABASE_MEMBERS[self.kind]


DATABASE_MEMBERS: dict[Kind, str] = {"sqlite": "database.sqlite3.gz", "postgresql": "database.pgdump"}


def file_member(key: str) -> str:
    """Return the name of the member that holds a file."""
    return f"files/{key}"


def fingerprint(settings: Settings) -> str:
    """Return what tells whether two installations have the same secret key."""
    derived = HKDF(algorithm=SHA256(), length=16, salt=None, info=b"backup fingerprint")
    return derived.derive(settings.secret_key.get_secret_value().encode()).hex()


def parsed(data: bytes, archive: str) -> Manifest:
    """Read a manifest.

    Raises:
        CommandFailed: it is none of ours, or of a later version.
    """
    try:
        return Manifest.model_validate_json(data)
    except ValidationError:
        raise CommandFailed(
            f"{archive} ist keine Sicherung, die diese Version lesen kann. "
            "Nehmen Sie die Version, die sie angelegt hat.",
        ) from None


def kind_of(settings: Settings) -> Kind:
    """Return which database the settings name."""
    return "sqlite" if settings.sqlite_file else "postgresql"


def moment_for_name(at: datetime) -> str:
    """Write a moment the way file names can hold it."""
    return f"{at:%Y%m%d-%H%M%S}"
