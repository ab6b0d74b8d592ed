"""The settings: read once from the environment, typed, all faults reported at once.

Every setting is the variable `SMARTCITY_<NAME>`; `SMARTCITY_<NAME>_FILE` can instead name a file that holds
the value (secrets of an orchestrator). An empty variable counts as absent. There is no default secret.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_core import ErrorDetails

from lti_tool import setting_values as values
from lti_tool.packaged import PACKAGED_CONTENT

PREFIX = "SMARTCITY_"
FILE_SUFFIX = "_FILE"
SQLITE = "sqlite:///"


class SettingsError(Exception):
    """The environment does not hold a complete and valid set of settings.

    Attributes:
        faults: one German sentence (or two) per fault: variable, what is wrong, how to mend it.
    """

    def __init__(self, faults: list[str]) -> None:
        listing = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f"Die Einstellungen sind unvollständig oder falsch:\n{listing}")
        self.faults = faults


class Settings(BaseModel):
    """What an operator decides. The table in `config/README.md` is made from these docstrings."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        hide_input_in_errors=True,  # a value may be a secret
    )

    base_url: Annotated[str, AfterValidator(values.base_url)]
    """Address under which browsers reach the tool, e.g. `https://lernen.example.org`: https (http only for
    this very machine), no path, no slash at the end."""

    former_base_urls: Annotated[frozenset[str], BeforeValidator(values.addresses)] = frozenset()
    """Addresses, separated by commas, under which the tool was reached before it moved: activities placed then
    still name them. The old address must send browsers on to the new one, see `docs/production.md`."""

    database_url: Annotated[str, AfterValidator(values.database_url)]
    """Where the data lies: `sqlite:////var/lib/smartcity/smartcity.sqlite3` or
    `postgresql+psycopg://user:password@host/name`."""

    database_replica_url: Annotated[str, AfterValidator(values.replica_url)] = ""
    """A streaming standby of that PostgreSQL, `postgresql+psycopg://user:password@host/name`: pages that may be some
    seconds old are read there while it is at most ten seconds behind, see `docs/operating.md`."""

    secret_key: Annotated[SecretStr, AfterValidator(values.secret_key)]
    """Signs sessions and login states; at least 32 characters, the same for every process, a secret."""

    content_dir: Annotated[Path, Field(validate_default=True), AfterValidator(values.directory)] = PACKAGED_CONTENT
    """Folder with the learning content; without it the content that comes with the tool."""

    files_dir: Path | None = None
    """Folder for files that learners hand in, readable for the service's user only and never shown by a web
    server. Without it: the folder `files` beside an SQLite database; with PostgreSQL, file questions wait for it."""

    s3_endpoint: Annotated[str, AfterValidator(values.s3_endpoint)] = ""
    """An object store for these files, shared by all hosts: the address where it speaks the S3 API, e.g.
    `https://s3.example.org`. Your own choice, so it may be private and needs no entry in the list of hosts below."""

    s3_bucket: Annotated[str, Field(validate_default=True), AfterValidator(values.s3_bucket)] = ""
    """Name of the bucket, for the tool alone and without versions."""

    s3_region: str = "us-east-1"
    """Region that the store expects in signatures; what MinIO and most others call themselves if nobody says."""

    s3_access_key: Annotated[SecretStr | None, Field(validate_default=True), AfterValidator(values.with_s3)] = None
    """Name of the key that may read, write and delete in the bucket."""

    s3_secret_key: Annotated[SecretStr | None, Field(validate_default=True), AfterValidator(values.with_s3)] = None
    """The secret of this key, best as `SMARTCITY_S3_SECRET_KEY_FILE`."""

    s3_addressing: Literal["path", "host"] = "path"
    """Whether the bucket stands in the `path` (`…/bucket/…`) or in front of the `host` (`bucket.s3.example.org`)."""

    s3_ca: Annotated[str, AfterValidator(values.certificates)] = ""
    """Certificates (PEM) of the authority that vouches for the store, if it is your own; best as
    `SMARTCITY_S3_CA_FILE`. Without it: those that the system trusts. There is no way to switch this check off."""

    allowed_private_hosts: Annotated[frozenset[str], BeforeValidator(values.hosts)] = frozenset()
    """Host names, separated by commas, that may resolve to private addresses: your LMS inside the house
    network. Every other outgoing call to a private address is refused."""

    files_store: Annotated[
        Literal["folder", "s3"], Field(validate_default=True), AfterValidator(values.files_store)
    ] = "folder"
    """Where new files go: into the `folder`, or into the bucket (`s3`). Where both are set, files are found in either;
    `smartcity files move` brings them to one side, see `docs/operating.md`."""

    login_rate: Annotated[str, AfterValidator(values.rate)] = "3000/minute"
    """Most logins, and as many launches, that one client address (IPv6: one /64) may start. A whole town hall may
    share one address, and everybody comes at nine."""

    bad_launch_rate: Annotated[str, AfterValidator(values.rate)] = "120/minute"
    """Most refused launches of one client address; beyond it a launch counts only if its login came from here and from
    this very browser."""

    platform_rate: Annotated[str, AfterValidator(values.rate)] = "6000/minute"
    """Most launches, and as many files handed in, of one LMS, counted only where its signature or a session proves
    whose they are."""

    register_rate: Annotated[str, AfterValidator(values.rate)] = "60/minute"
    """Most pages for connecting an LMS that one client address may ask for."""

    upload_rate: Annotated[str, AfterValidator(values.rate)] = "1000/minute"
    """Most files that one client address may hand in."""

    verification_rate: Annotated[str, AfterValidator(values.rate)] = "120/minute"
    """Most questions a minute that one client address may ask about certificates, e.g. `120/minute`."""

    redis_url: Annotated[str, AfterValidator(values.redis_url)] = ""
    """Redis or Valkey by which all processes count rates and know of platforms that are away, e.g.
    `redis://localhost:6379/0`. Without it each process counts for itself."""

    session_hours: Annotated[int, Field(ge=1, le=72)] = 12
    """Hours until a launch's session ends and the activity must be opened again from the LMS."""

    trusted_proxies: Annotated[int, Field(ge=0, le=5)] = 0
    """Number of reverse proxies in front of the tool; that many entries at the end of `X-Forwarded-For` count.
    Scheme and host always are those of `SMARTCITY_BASE_URL`."""

    bind: str = "127.0.0.1:8000"
    """Address and port (or `unix:/path`) that `smartcity serve` listens on."""

    pidfile: Path | None = None
    """File in which `smartcity serve` notes its process, e.g. `/run/smartcity/serve.pid`; `smartcity content reload` on
    the same machine finds it there."""

    web_workers: Annotated[int, Field(ge=1, le=64)] = 2
    """Processes that answer requests."""

    web_threads: Annotated[int, Field(ge=1, le=64)] = 8
    """Threads in each of these processes."""

    worker_batch: Annotated[int, Field(ge=1, le=500)] = 20
    """Most grades the worker takes up at a time."""

    worker_lanes: Annotated[int, Field(ge=1, le=64)] = 4
    """Platforms to which the worker sends grades at the same time. One that never answers holds one lane for seconds,
    then it is left alone for a while."""

    worker_interval: Annotated[float, Field(ge=0.05, le=60)] = 1.0
    """Seconds the worker waits before it looks again when nothing was due."""

    metrics_token: Annotated[SecretStr | None, AfterValidator(values.token)] = None
    """Opens `/metrics` to Prometheus, sent as `Authorization: Bearer …`; at least 32 characters, a secret. Without it
    there is no such page."""

    worker_metrics_bind: str = ""
    """Address and port where each worker shows its own figures as `/metrics`, e.g. `127.0.0.1:9464`; with the same
    token if one is set. Empty: nowhere."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least important level that is logged: `debug`, `info`, `warning` or `error`."""

    log_format: Literal["json", "text"] = "json"
    """`json` (one object a line) or `text` (for people)."""

    operator_name: str = ""
    """Who runs the tool, for the legal notice and the privacy page."""

    operator_contact: str = ""
    """How to reach the operator (address, e-mail), for the same pages."""

    security_contact: Annotated[str, AfterValidator(values.contact_url)] = ""
    """Where people report a weakness: `mailto:…` or `https://…`. With it `/.well-known/security.txt` answers."""

    security_expires: Annotated[date | None, Field(validate_default=True), AfterValidator(values.expiry)] = None
    """Until when that contact is sure to be read, e.g. `2027-06-30`; needed with it, best within a year. After that
    day `security.txt` is gone until you set a new one."""

    privacy_contact: str = ""
    """The operator's data protection officer (address, e-mail), for the privacy page."""

    supervisory_authority: str = ""
    """The data protection authority of the Land (name, address), for the privacy page."""

    accessibility_contact: str = ""
    """Where people report barriers (e-mail, telephone), for the accessibility statement; without it the
    operator's contact."""

    enforcement_body: str = ""
    """The Land's body for arbitration or enforcement of accessibility (name, address, e-mail), for the statement."""

    accessibility_date: date = date(2026, 11, 25)
    """The day the accessibility statement was last reviewed, e.g. `2027-11-25`; it is due once a year."""

    @property
    def sqlite_file(self) -> Path | None:
        """Where the database lies if it is one of SQLite."""
        if not self.database_url.startswith(SQLITE):
            return None
        return Path(self.database_url.removeprefix(SQLITE).partition("?")[0])

    @property
    def files_folder(self) -> Path | None:
        """Where files that learners hand in lie; None if nothing says."""
        if self.files_dir or self.sqlite_file is None:
            return self.files_dir
        return self.sqlite_file.with_name("files")

    @property
    def has_place_for_files(self) -> bool:
        """Whether anything says where they go."""
        return self.files_store == "s3" or self.files_folder is not None


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings held by an environment.

    Raises:
        SettingsError: with every fault found, not only the first.
    """
    values, faults = _read(environ)
    faulty = {fault.partition(":")[0] for fault in faults}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        found = (_sentence(details) for details in error.errors())
        faults += [f"{variable}: {text}" for variable, text in found if variable not in faulty]
        raise SettingsError(sorted(faults)) from None
    if faults:
        raise SettingsError(sorted(faults))
    return settings


def variables() -> Iterator[tuple[str, str, str]]:
    """Yield (variable, default or "", description) for every setting, in the order of the class."""
    for name, field in Settings.model_fields.items():
        default = "" if field.is_required() else _shown(field.default)
        yield PREFIX + name.upper(), default, " ".join((field.description or "").split())


def _shown(default: Any) -> str:
    if default == PACKAGED_CONTENT:
        return "the packaged content"
    return "(empty)" if default in ("", frozenset(), None) else str(default)


def _read(environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    values: dict[str, str] = {}
    faults: list[str] = []
    for variable in sorted(v for v in environ if v.startswith(PREFIX) and environ[v].strip()):
        name = variable.removeprefix(PREFIX).removesuffix(FILE_SUFFIX).lower()
        plain = PREFIX + name.upper()
        if name not in Settings.model_fields:
            faults.append(_unknown(variable, plain))
        elif name in values:
            faults.append(f"{plain}: ist auch als {variable} gesetzt. Behalten Sie eine von beiden.")
        elif variable == plain:
            values[name] = environ[variable].strip()
        else:
            try:
                values[name] = Path(environ[variable]).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                faults.append(
                    f"{plain}: die Datei {environ[variable]} (aus {variable}) ist nicht lesbar. "
                    "Prüfen Sie Pfad und Rechte.",
                )
    return values, faults


def _unknown(variable: str, plain: str) -> str:
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    close = difflib.get_close_matches(plain, known, n=1, cutoff=0.75)
    suffix = FILE_SUFFIX if variable != plain else ""
    hint = f"Meinten Sie {close[0]}{suffix}?" if close else "Entfernen Sie die Variable."
    return f"{variable}: diese Einstellung gibt es nicht. {hint}"


_SENTENCES = {
    "setting": "{sentence}",
    "missing": "fehlt. Setzen Sie die Variable, siehe config/README.md.",
    "int_parsing": "ist keine ganze Zahl. Geben Sie eine ganze Zahl an.",
    "float_parsing": "ist keine Zahl. Geben Sie eine Zahl an, mit Punkt statt Komma.",
    "greater_than_equal": "ist zu klein. Der kleinste Wert ist {ge:g}.",
    "less_than_equal": "ist zu groß. Der größte Wert ist {le:g}.",
    "date_from_datetime_parsing": "ist kein Datum. Schreiben Sie zum Beispiel 2027-11-25.",
    "date_parsing": "ist kein Datum. Schreiben Sie zum Beispiel 2027-11-25.",
    "literal_error": "hat einen unbekannten Wert. Möglich sind {expected}.",
}


def _sentence(details: ErrorDetails) -> tuple[str, str]:
    """Return the variable and the German sentence for one fault that pydantic found."""
    variable = PREFIX + str(details["loc"][0]).upper()
    template = _SENTENCES.get(details["type"], "ist ungültig.")
    return variable, template.format(**details.get("ctx", {})).replace("' or '", "' oder '")
