"""What a learner leaves behind, written by the services themselves and read back as rows to multiply."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import psycopg
from sqlalchemy.orm import Session

from lti_tool.curriculum.loader import load_catalogue
from lti_tool.curriculum.model import Catalogue, Module
from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.domain.deep_linking import ContentKind
from lti_tool.domain.launch import AgsEndpoint, LaunchContext, LaunchResourceLink
from lti_tool.packaged import PACKAGED_CONTENT
from lti_tool.services.attempts import Attempts
from lti_tool.services.launch_sessions import LaunchSessions
from lti_tool.services.launches import Placement, StoreLaunch
from lti_tool.services.outbox import Outbox
from lti_tool.services.progress import ModuleStanding, Progress
from lti_tool.services.registrations import NewPlatform, SavePlatform
from tests.factories.answers import right_answer, wrong_answer
from tests.factories.launches import SCORE_SCOPE, learner_launch

STORIES = ((6, 0), (6, 6, 0), (6, 6))
"""Wrong answers in each attempt: passed at the second, at the third, not at all."""
OPEN = {
    "municipality": ("id", "name"),
    "registration": ("id", "municipality_id", "name", "issuer", "jwks_url"),
    "deployment": ("registration_id",),
    "lti_user": ("registration_id", "id", "subject", "name"),
    "context": ("registration_id", "id", "platform_id"),
    "membership": ("registration_id", "context_id", "user_id"),
    "resource_link": ("registration_id", "id", "platform_id", "context_id"),
    "line_item": ("registration_id", "id", "resource_link_id"),
    "module_progress": ("registration_id", "user_id"),
    "page_visit": ("registration_id", "user_id"),
    "attempt": ("registration_id", "id", "user_id", "resource_link_id"),
    "response": ("registration_id", "attempt_id"),
    "score_delivery": ("registration_id", "line_item_id", "user_id"),
    "launch_session": ("registration_id", "id", "user_id", "context_id", "resource_link_id", "secret_hash"),
    "burnt_state": ("registration_id", "state_id"),
}
"""What differs from row to row of each table; all else is as the services wrote it."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00")


CONTAINER = "https://lms.example/mod/lti/services.php/2/lineitems?type_id=1"


def column_of(module_id: str) -> str:
    """Return the grade column that launches of an activity name; the same address in every course here."""
    return f"https://lms.example/mod/lti/services.php/2/lineitems/{module_id}/lineitem?type_id=1"


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Row:
    """A row in COPY's own text form."""

    table: str
    columns: tuple[str, ...]
    values: tuple[str, ...]

    def __getitem__(self, column: str) -> str:
        return self.values[self.columns.index(column)]

    def template(self, days_ago: int = 0, **fixed: str) -> str:
        """Return the line with a `%s` for each column that differs from row to row; they stand first."""
        cells = []
        for name, value in zip(self.columns, self.values, strict=True):
            cell = fixed.get(name, _earlier(value, days_ago)).replace("%", "%%")
            cells.append("%s" if name in OPEN[self.table] else cell)
        return "\t".join(cells) + "\n"


Prototype = dict[str, list[Row]]


def make(url: str, address: str) -> tuple[list[Module], Prototype]:
    """Let one learner for each story go through all modules with a quiz; return modules and rows."""
    catalogue = load_catalogue(PACKAGED_CONTENT, "/content")
    modules = [module for module in catalogue.modules.values() if module.quiz]
    engine = make_engine(url)
    with make_sessions(engine).begin() as session:
        number = SavePlatform(session, clock).save(
            NewPlatform(
                municipality="Stadt Muster", name="Moodle", issuer="https://lms.example", client_id="tool-client",
                auth_login_url="https://lms.example/mod/lti/auth.php",
                auth_token_url="https://lms.example/mod/lti/token.php",
                jwks_url="https://lms.example/mod/lti/certs.php", deployment_ids=["1"],
            )
        )  # fmt: skip
        for story in range(len(STORIES)):
            for module in modules:
                _learn(session, catalogue, number, module, story)
        outbox = Outbox(session, clock)
        while leased := outbox.lease(100):
            for score in leased:
                outbox.settle_sent(score)
    engine.dispose()
    with psycopg.connect(address) as connection:
        connection.execute("SET timezone = 'UTC'")
        return modules, {table: _rows(connection, table) for table in OPEN}


def _learn(session: Session, catalogue: Catalogue, number: int, module: Module, story: int) -> None:
    launch = learner_launch(
        number,
        subject=str(story),
        context=LaunchContext("2", "SC1", "Lehrgang Smart City"),
        resource_link=LaunchResourceLink(module.id, module.title),
        custom={"module": module.id},
        ags=AgsEndpoint(column_of(module.id), CONTAINER, frozenset({SCORE_SCOPE})),
    )
    assert module.quiz
    placement = Placement(ContentKind.MODULE.value, module.id, "de", maximum=Decimal(module.quiz.maximum))
    opened = StoreLaunch(session, clock).store(launch, placement)
    actor = LaunchSessions(session, clock).actor(opened.registration_id, opened.launch_id, opened.secret)
    for page in module.pages:
        Progress(session, clock).visit(actor, module, page, ModuleStanding())
    attempts = Attempts(session, clock, catalogue)
    for wrong in STORIES[story]:
        attempt = attempts.start(actor, module)
        session.expire_all()
        for at, question in enumerate(attempts.view(actor, attempt).quiz.questions):
            answer = wrong_answer(question) if at < wrong else right_answer(question)
            attempts.save(actor, attempt, question.id, answer)
        attempts.submit(actor, attempt)
        session.flush()


def _rows(connection: psycopg.Connection, table: str) -> list[Row]:
    described = connection.execute(f"SELECT * FROM {table} LIMIT 0").description or ()
    columns = (*OPEN[table], *(column.name for column in described if column.name not in OPEN[table]))
    with connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) TO STDOUT") as copy:
        lines = b"".join(bytes(part) for part in copy).decode().splitlines()
    return [Row(table, columns, tuple(line.split("\t"))) for line in lines]


def _earlier(value: str, days: int) -> str:
    if not days or not _MOMENT.fullmatch(value):
        return value
    return str(datetime.fromisoformat(value) - timedelta(days=days))
