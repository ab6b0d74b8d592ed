"""CPU of one grade through the outbox: lease, token, request, settle.

    python benchmarks/grades.py [--grades 1000] [--database-url postgresql+psycopg://…]

The outbox is filled beforehand; then a worker process empties it against a platform that answers at once.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from platform_double import AGS, Platform
from processes import cpu_seconds, resident_mib, started
from sqlalchemy import func, select

from lti_tool.db.engine import make_engine, make_sessions
from lti_tool.db.models import ScoreDelivery
from lti_tool.db.upgrade import upgrade
from lti_tool.domain.launch import AgsEndpoint, Launch, LaunchContext, LaunchResourceLink, MessageType
from lti_tool.domain.scores import Delivery
from lti_tool.services.launch_sessions import LaunchSessions
from lti_tool.services.launches import Placement, StoreLaunch
from lti_tool.services.registrations import NewPlatform, SavePlatform
from lti_tool.services.scores import Scores


def clock() -> datetime:
    return datetime.now(UTC)


def fill(url: str, platform: Platform, grades: int) -> None:
    """Launch so many learners and queue a score for each."""
    upgrade(url)
    with make_sessions(make_engine(url)).begin() as session:
        registration_id = SavePlatform(session, clock).save(
            NewPlatform(
                municipality="Stadt Bench",
                name="Bench",
                issuer=platform.url,
                client_id=platform.client_id,
                auth_login_url=f"{platform.url}/auth",
                auth_token_url=f"{platform.url}/token",
                jwks_url=f"{platform.url}/jwks",
                deployment_ids=["1"],
                private_hosts=["127.0.0.1"],
            ),
        )
        store, sessions = StoreLaunch(session, clock), LaunchSessions(session, clock)
        for number in range(grades):
            opened = store.store(_launch(registration_id, platform, number), Placement("module", "datenrecht", "de"))
            actor = sessions.actor(opened.registration_id, opened.launch_id, opened.secret)
            Scores(session, clock).queue(actor, Decimal(number % 11), Decimal(10))


def _launch(registration_id: int, platform: Platform, number: int) -> Launch:
    return Launch(
        registration_id=registration_id,
        state_id=secrets.token_urlsafe(16),
        state_expires_at=clock() + timedelta(minutes=10),
        deployment_id="1",
        message_type=MessageType.RESOURCE_LINK,
        roles=frozenset({"http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"}),
        subject=f"person-{number}",
        context=LaunchContext("2", "SC1", "Lehrgang"),
        resource_link=LaunchResourceLink("7", "Datenrecht"),
        ags=AgsEndpoint(f"{platform.url}/lineitems/9/lineitem?type_id=1", None, frozenset({AGS + "scope/score"})),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--grades", type=int, default=1000)
    parser.add_argument("--database-url")
    options = parser.parse_args()
    platform = Platform("datenrecht")
    with tempfile.TemporaryDirectory() as folder:
        for name, url in {"SQLite": f"sqlite:///{folder}/a.db", "PostgreSQL": options.database_url}.items():
            if url:
                print(f"\r{name}: filling the outbox …", end="", file=sys.stderr)
                fill(url, platform, options.grades)
                print(measure(name, url, platform, options.grades))


def measure(name: str, url: str, platform: Platform, grades: int) -> str:
    before = platform.counts
    sessions = make_sessions(make_engine(url))
    waiting = select(func.count()).select_from(ScoreDelivery).where(ScoreDelivery.state == Delivery.WAITING)
    environment = {
        "SMARTCITY_BASE_URL": "http://127.0.0.1:8000",
        "SMARTCITY_DATABASE_URL": url,
        "SMARTCITY_SECRET_KEY": "only for measuring, but long enough for the check",
        "SMARTCITY_LOG_LEVEL": "warning",
    }
    begun = sending = time.monotonic()
    with started([sys.executable, "-m", "lti_tool.cli", "worker"], environment) as pid:
        while True:
            time.sleep(0.2)
            if platform.counts["scores"] == before["scores"]:
                sending = time.monotonic()
            with sessions() as session:
                if session.scalar(waiting) == 0:
                    break
            if time.monotonic() - begun > 300:
                sys.exit("the outbox is not empty after five minutes")
        cpu, memory, seconds = cpu_seconds(pid), resident_mib(pid), time.monotonic() - sending
    sent = {what: platform.counts[what] - before[what] for what in before}
    return (
        f"{name}: {grades} grades, {sent['scores']} requests, {sent['tokens']} tokens; "
        f"{cpu / grades * 1000:.2f} ms CPU each with start-up, "
        f"{grades / seconds:.0f} a second once it sends, {memory:.0f} MiB"
    )


if __name__ == "__main__":
    main()
