"""The settings: read once from the environment, typed, all faults reported at once.

Every setting is the variable `SMARTCITY_<NAME>`; `SMARTCITY_<NAME>_FILE` can instead name a file that holds
the value (secrets of an orchestrator). An empty variable counts as absent. There is no default secret.
"""

from __future__ import annotations

import ast
import difflib
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from lti_tool import setting_values as values
from lti_tool.addresses import host_names
from lti_tool.packaged import PACKAGED_CONTENT
from lti_tool.setting_values import Secret

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


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator decides. The table in `config/README.md` is made from these docstrings.

    Beside each type stands what reads the text of the variable; where nothing does, the text is the value.
    """

    base_url: Annotated[str, values.base_url]
    """Address under which browsers reach the tool, e.g. `https://lernen.example.org`: https (http only for
    this very machine), no path, no slash at the end."""

    former_base_urls: Annotated[frozenset[str], values.addresses] = frozenset()
    """Addresses, separated by commas, under which the tool was reached before it moved: activities placed then
    still name them. The old address must send browsers on to the new one, see `docs/production.md`."""

    database_url: Annotated[str, values.database_url]
    """Where the data lies: `sqlite:////var/lib/smartcity/smartcity.sqlite3` or
    `postgresql+psycopg://user:password@host/name`."""

    database_replica_url: Annotated[str, values.replica_url] = ""
    """A streaming standby of that PostgreSQL, `postgresql+psycopg://user:password@host/name`: pages that may be some
    seconds old are read there while it is at most ten seconds behind, see `docs/operating.md`."""

    secret_key: Annotated[Secret, values.secret]
    """Signs sessions and login states; at least 32 characters, the same for every process, a secret."""

    content_dir: Annotated[Path, values.directory] = PACKAGED_CONTENT
    """Folder with the learning content; without it the content that comes with the tool."""

    files_dir: Annotated[Path | None, Path] = None
    """Folder for files that learners hand in, readable for the service's user only and never shown by a web
    server. Without it: the folder `files` beside an SQLite database; with PostgreSQL, file questions wait for it."""

    s3_endpoint: Annotated[str, values.s3_endpoint] = ""
    """An object store for these files, shared by all hosts: the address where it speaks the S3 API, e.g.
    `https://s3.example.org`. Your own choice, so it may be private and needs no entry in the list of hosts below."""

    s3_bucket: Annotated[str, values.s3_bucket] = ""
    """Name of the bucket, for the tool alone and without versions."""

    s3_region: str = "us-east-1"
    """Region that the store expects in signatures; what MinIO and most others call themselves if nobody says."""

    s3_access_key: Annotated[Secret | None, Secret] = None
    """Name of the key that may read, write and delete in the bucket."""

    s3_secret_key: Annotated[Secret | None, Secret] = None
    """The secret of this key, best as `SMARTCITY_S3_SECRET_KEY_FILE`."""

    s3_addressing: Literal["path", "host"] = "path"
    """Whether the bucket stands in the `path` (`…/bucket/…`) or in front of the `host` (`bucket.s3.example.org`)."""

    s3_ca: Annotated[str, values.certificates] = ""
    """Certificates (PEM) of the authority that vouches for the store, if it is your own; best as
    `SMARTCITY_S3_CA_FILE`. Without it: those that the system trusts. There is no way to switch this check off."""

    allowed_private_hosts: Annotated[frozenset[str], host_names] = frozenset()
    """Host names, separated by commas, that may resolve to private addresses: your LMS inside the house
    network. Every other outgoing call to a private address is refused."""

    files_store: Literal["folder", "s3"] = "folder"
    """Where new files go: into the `folder`, or into the bucket (`s3`). Where both are set, files are found in either;
    `smartcity files move` brings them to one side, see `docs/operating.md`."""

    login_rate: Annotated[str, values.rate] = "3000/minute"
    """Most logins, and as many launches, that one client address (IPv6: one /64) may start. A whole town hall may
    share one address, and everybody comes at nine."""

    bad_launch_rate: Annotated[str, values.rate] = "120/minute"
    """Most refused launches of one client address; beyond it a launch counts only if its login came from here and from
    this very browser."""

    platform_rate: Annotated[str, values.rate] = "6000/minute"
    """Most launches, and as many files handed in, of one LMS, counted only where its signature or a session proves
    whose they are."""

    register_rate: Annotated[str, values.rate] = "60/minute"
    """Most pages for connecting an LMS that one client address may ask for."""

    upload_rate: Annotated[str, values.rate] = "1000/minute"
    """Most files that one client address may hand in."""

    verification_rate: Annotated[str, values.rate] = "120/minute"
    """Most questions a minute that one client address may ask about certificates, e.g. `120/minute`."""

    redis_url: Annotated[str, values.redis_url] = ""
    """Redis or Valkey by which all processes count rates and know of platforms that are away, e.g.
    `redis://localhost:6379/0`. Without it each process counts for itself."""

    session_hours: Annotated[int, values.whole(1, 72)] = 12
    """Hours until a launch's session ends and the activity must be opened again from the LMS."""

    trusted_proxies: Annotated[int, values.whole(0, 5)] = 0
    """Number of reverse proxies in front of the tool; that many entries at the end of `X-Forwarded-For` count.
    Scheme and host always are those of `SMARTCITY_BASE_URL`."""

    bind: str = "127.0.0.1:8000"
    """Address and port (or `unix:/path`) that `smartcity serve` listens on."""

    pidfile: Annotated[Path | None, Path] = None
    """File in which `smartcity serve` notes its process, e.g. `/run/smartcity/serve.pid`; `smartcity content reload` on
    the same machine finds it there."""

    web_workers: Annotated[int, values.whole(1, 64)] = 2
    """Processes that answer requests."""

    web_threads: Annotated[int, values.whole(1, 64)] = 8
    """Threads in each of these processes."""

    worker_batch: Annotated[int, values.whole(1, 500)] = 20
    """Most grades the worker takes up at a time."""

    worker_lanes: Annotated[int, values.whole(1, 64)] = 4
    """Platforms to which the worker sends grades at the same time. One that never answers holds one lane for seconds,
    then it is left alone for a while."""

    worker_interval: Annotated[float, values.number(0.05, 60)] = 1.0
    """Seconds the worker waits before it looks again when nothing was due."""

    metrics_token: Annotated[Secret | None, values.secret] = None
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

    security_contact: Annotated[str, values.contact_url] = ""
    """Where people report a weakness: `mailto:…` or `https://…`. With it `/.well-known/security.txt` answers."""

    security_expires: Annotated[date | None, values.day] = None
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

    accessibility_date: Annotated[date, values.day] = date(2026, 11, 25)
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


_FIELDS = {field.name: field for field in fields(Settings)}


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings held by an environment.

    Raises:
        SettingsError: with every fault found, not only the first.
    """
    texts, faults = _read(environ)
    faulty = {fault.partition(":")[0] for fault in faults}
    given, found = _understood(texts)
    found += values.disagreements(given)
    told = [(PREFIX + name.upper(), sentence) for name, sentence in found]
    faults += [f"{variable}: {sentence}" for variable, sentence in told if variable not in faulty]
    if faults:
        raise SettingsError(sorted(faults))
    return Settings(**given)


def variables() -> Iterator[tuple[str, str, str]]:
    """Yield (variable, default or "", description) for every setting, in the order of the class."""
    described = _descriptions()
    for name, field in _FIELDS.items():
        default = "" if field.default is MISSING else _shown(field.default)
        yield PREFIX + name.upper(), default, " ".join(described[name].split())


def _descriptions() -> dict[str, str]:
    (written,) = ast.parse(inspect.getsource(Settings)).body
    found = {}
    for setting, below in pairwise(ast.iter_child_nodes(written)):
        match setting, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = text
    return found


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
        if name not in _FIELDS:
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
    known = [PREFIX + name.upper() for name in _FIELDS]
    close = difflib.get_close_matches(plain, known, n=1, cutoff=0.75)
    suffix = FILE_SUFFIX if variable != plain else ""
    hint = f"Meinten Sie {close[0]}{suffix}?" if close else "Entfernen Sie die Variable."
    return f"{variable}: diese Einstellung gibt es nicht. {hint}"


def _understood(texts: Mapping[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return the values of all settings that have a good one, and what is wrong with the others."""
    hints = get_type_hints(Settings, include_extras=True)
    given: dict[str, Any] = {}
    faults = []
    for name, field in _FIELDS.items():
        if name in texts:
            try:
                given[name] = _reader(hints[name])(texts[name])
            except values.Refused as refused:
                faults.append((name, str(refused)))
        elif field.default is MISSING:
            faults.append((name, "fehlt. Setzen Sie die Variable, siehe config/README.md."))
        else:
            given[name] = field.default
    return given, faults


def _reader(hint: Any) -> Callable[[str], Any]:
    if get_origin(hint) is Literal:
        return values.one_of(*get_args(hint))
    reader: Callable[[str], Any] = getattr(hint, "__metadata__", (str,))[0]
    return reader
