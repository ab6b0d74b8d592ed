"""The composition root: the only place that knows every room and joins ports with adapters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import __version__, web
from lti_tool.credentials.badge import Badges
from lti_tool.credentials.transcript import TranscriptFiles
from lti_tool.curriculum.apart import load_catalogue
from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.standby import Standby
from lti_tool.lti.ags import AgsScorePublisher
from lti_tool.lti.circuit import WITH_KEYS, WITH_SERVICES, CircuitBreaker
from lti_tool.lti.connector import AccessTokens
from lti_tool.lti.deep_linking import DeepLinkingResponder
from lti_tool.lti.dynamic_registration import DynamicRegistration
from lti_tool.lti.endpoint_probe import EndpointProbe
from lti_tool.lti.http import OutgoingHTTP
from lti_tool.lti.issuer_documents import IssuerDocuments
from lti_tool.lti.jwks import PlatformKeys
from lti_tool.lti.line_items import AgsLineItems
from lti_tool.lti.login import LoginStarter
from lti_tool.lti.notices import NoticeHandlers, NoticeReader
from lti_tool.lti.nrps import NrpsRosterReader
from lti_tool.lti.platform_service import PlatformService
from lti_tool.lti.ports import Outgoing
from lti_tool.lti.probe import ConnectionProbe
from lti_tool.lti.state import StateSigner
from lti_tool.lti.validate import LaunchValidator
from lti_tool.restraint.circuits import Circuits, MemoryCircuits
from lti_tool.restraint.rates import MemoryRates, Rates
from lti_tool.restraint.shared import SharedCircuits, SharedMemory, SharedRates
from lti_tool.services.ports import Clock, FileStore
from lti_tool.services.registrations import RegistrationDirectory
from lti_tool.services.tool_keys import ToolKeys
from lti_tool.settings import Settings
from lti_tool.storage.both import BothStores
from lti_tool.storage.bucket import Bucket
from lti_tool.storage.folder import FolderStore
from lti_tool.storage.s3 import S3Store
from lti_tool.storage.transport import Transport
from lti_tool.web import proxies
from lti_tool.web.application import ToolApp
from lti_tool.web.forms import MOST_FIELDS
from lti_tool.web.tool import Tool
from lti_tool.worker.columns import ColumnKeeper
from lti_tool.worker.erasing import FileRemoval, NightlyErasure
from lti_tool.worker.handlers import ScoreHandler
from lti_tool.worker.heartbeat import Heartbeat
from lti_tool.worker.idea_words import IdeaWords
from lti_tool.worker.loop import Pace, Worker
from lti_tool.worker.notices import NoticeSubscribing
from lti_tool.worker.overdue import OverdueHandIn
from lti_tool.worker.regrades import Regrader
from lti_tool.worker.results import ResultReader
from lti_tool.worker.rosters import RosterRefresher
from lti_tool.worker.tracker_grades import TrackerGrading
from lti_tool.worker.transcripts import TranscriptChecking

MEDIA_PREFIX = "/content"
LARGEST_REQUEST = 1024 * 1024


def now() -> datetime:
    """The clock of the running tool."""
    return datetime.now(UTC)


def create_app(settings: Settings, *, clock: Clock = now, http: Outgoing | None = None) -> Flask:
    """Return the web application.

    Args:
        settings: checked settings.
        clock: tells the time; tests bring their own.
        http: the door for outgoing calls; tests bring one that reaches their platform.

    Raises:
        lti_tool.curriculum.errors.ContentErrors: the content has errors, all of them listed.
        lti_tool.services.tool_keys.UnreadableKey: the secret key does not fit the stored keys.
    """
    app = ToolApp("lti_tool.web")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_REQUEST
    app.config["MAX_FORM_PARTS"] = MOST_FIELDS
    proxies.install(app, settings)
    web.register(app, _tool(settings, clock, http or make_http(settings)))
    return app


def _tool(settings: Settings, clock: Clock, http: Outgoing) -> Tool:
    sessions = make_sessions(make_engine(settings.database_url, in_requests=True))
    registrations, restraint = RegistrationDirectory(sessions), make_restraint(settings)
    platform_keys = PlatformKeys(CircuitBreaker(http, restraint.circuits, "keys", WITH_KEYS), clock)
    state_signer = StateSigner(settings.secret_key.get_secret_value(), clock)
    tool_keys = load_keys(sessions, settings, clock)
    return Tool(
        rates=restraint.rates,
        settings=settings,
        catalogue=load_catalogue(settings.content_dir, MEDIA_PREFIX),
        clock=clock,
        sessions=sessions,
        standby=make_standby(settings, sessions),
        registrations=registrations,
        tool_keys=tool_keys,
        probe=ConnectionProbe(http, tool_keys, clock),
        login_starter=LoginStarter(registrations, state_signer, clock, settings.base_url, settings.former_base_urls),
        endpoint_probe=EndpointProbe(http),
        dynamic_registration=DynamicRegistration(http, settings.base_url, settings.allowed_private_hosts),
        launch_validator=LaunchValidator(registrations, state_signer, platform_keys, clock, settings.base_url),
        notice_reader=NoticeReader(registrations, platform_keys, clock),
        deep_linking=DeepLinkingResponder(tool_keys, clock, settings.base_url),
        badges=Badges(settings.base_url),
        transcripts=TranscriptFiles(settings.base_url),
        files=make_files(settings, restraint.circuits),
    )


def load_keys(sessions: sessionmaker[Session], settings: Settings, clock: Clock) -> ToolKeys:
    """Read the tool's keys, making the first one at the first start."""
    return ToolKeys(sessions, clock, settings.secret_key.get_secret_value())


def make_standby(settings: Settings, primary: sessionmaker[Session]) -> Standby | None:
    """Return the standby of the settings, if there is one; each process finds out for itself whether it is there."""
    url = settings.database_replica_url
    return Standby(url, primary, MemoryCircuits()) if url else None


def make_http(settings: Settings) -> OutgoingHTTP:
    """Return the one door for outgoing calls."""
    agent = f"SmartCityLernen/{__version__} (+{settings.base_url})"
    return OutgoingHTTP(agent, settings.allowed_private_hosts)


def make_files(settings: Settings, circuits: Circuits | None = None) -> FileStore:
    """Return where files lie that people hand in; where there are two places, they are found in either."""
    folder = FolderStore(settings.files_folder)
    bucket = make_s3(settings, circuits)
    if bucket is None:
        return folder
    if settings.files_folder is None:
        return bucket
    return BothStores(bucket, folder) if settings.files_store == "s3" else BothStores(folder, bucket)


def make_s3(settings: Settings, circuits: Circuits | None = None) -> S3Store | None:
    """Return the object store of the settings, if there is one."""
    if not (settings.s3_endpoint and settings.s3_access_key and settings.s3_secret_key):
        return None
    bucket = Bucket(
        settings.s3_endpoint,
        settings.s3_bucket,
        settings.s3_region,
        settings.s3_access_key.get_secret_value(),
        settings.s3_secret_key.get_secret_value(),
        by_path=settings.s3_addressing == "path",
    )
    return S3Store(bucket, circuits or MemoryCircuits(), Transport(settings.s3_ca))


@dataclass(frozen=True, slots=True)
class Restraint:
    """What is too much, and who is left alone."""

    rates: Rates
    circuits: Circuits


def make_restraint(settings: Settings) -> Restraint:
    """Return rates and circuits of this process, or what all processes share if a Redis is set."""
    rates, circuits = MemoryRates(), MemoryCircuits()
    if not settings.redis_url:
        return Restraint(rates, circuits)
    shared = SharedMemory(settings.redis_url, settings.secret_key.get_secret_value())
    return Restraint(SharedRates(shared, rates), SharedCircuits(shared, circuits))


def make_worker(settings: Settings, stop: Event) -> Worker:
    """Return a worker that runs until `stop` is set."""
    sessions = make_sessions(make_engine(settings.database_url))
    circuits = make_restraint(settings).circuits
    http = CircuitBreaker(make_http(settings), circuits, "services", WITH_SERVICES)
    service = PlatformService(http, AccessTokens(http, load_keys(sessions, settings, now), now))
    registrations = RegistrationDirectory(sessions)
    columns = ColumnKeeper(sessions, AgsLineItems(service), now)
    publisher = AgsScorePublisher(service)
    catalogue = load_catalogue(settings.content_dir, MEDIA_PREFIX)
    return Worker(
        sessions,
        ScoreHandler(registrations, publisher, columns),
        clock=now,
        pace=Pace(settings.worker_batch, settings.worker_interval, settings.worker_lanes),
        stop=stop,
        heartbeat=Heartbeat(sessions, now),
        tasks=[
            NoticeSubscribing(
                sessions, registrations, NoticeHandlers(service, f"{settings.base_url}/lti/notices"), now
            ),
            RosterRefresher(sessions, registrations, NrpsRosterReader(service), now),
            ResultReader(sessions, registrations, publisher, now),
            Regrader(sessions, catalogue, now),
            OverdueHandIn(sessions, now, catalogue),
            TrackerGrading(sessions, now, catalogue),
            TranscriptChecking(sessions, IssuerDocuments(http, now), now, catalogue),
            FileRemoval(sessions, now, make_files(settings, circuits)),
            NightlyErasure(sessions, now),
            IdeaWords(sessions, now),
        ],
    )
