"""What the running tool counts, for Prometheus: outcomes, durations and how full things are; never a person.

Every label has few values. Those that come from outside (numbers of registrations, codes of failures) pass through
`Few`, so that neither memory nor files grow with the number of towns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from lti_tool import __version__
from lti_tool.metric_files import forget_gauges_of_the_dead, shared_folder

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OTHERS = "other"

disable_created_metrics()  # type: ignore[no-untyped-call]  # nobody asks since when something is counted
_OWN = CollectorRegistry()
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Few:
    """Lets the first so many values of a label through; later ones are `other`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen: set[str] = set()
        self._lock = Lock()

    def __call__(self, value: object) -> str:
        """Return the value to label with."""
        text = str(value)
        if text in self._seen:
            return text
        with self._lock:
            if len(self._seen) >= self._most:
                return OTHERS
            self._seen.add(text)
            return text


LOGINS = Counter("smartcity_logins", "Logins begun, by outcome: ok or the refusal's code.", ["outcome"], registry=_OWN)
LAUNCHES = Counter("smartcity_launches", "Launches, by outcome: ok or the refusal's code.", ["outcome"], registry=_OWN)
REQUESTS = Counter("smartcity_requests", "Requests, by page and class of status.", ["route", "status"], registry=_OWN)
REQUEST_SECONDS = Histogram(
    "smartcity_request_seconds", "Seconds a request took, by page.", ["route"], buckets=_SECONDS, registry=_OWN
)
DATABASE_AWAY = Counter(
    "smartcity_database_away", "Requests answered 503 as the database did not answer.", registry=_OWN
)
STANDBY_READS = Counter(
    "smartcity_standby_reads",
    "Readings that may be some seconds old: read on the standby, or why the primary was asked.",
    ["outcome"],
    registry=_OWN,
)
CONNECTIONS = Gauge(
    "smartcity_database_connections",
    "Database connections in use.",
    registry=_OWN,
    multiprocess_mode="livesum",
)
CONNECTIONS_LIMIT = Gauge(
    "smartcity_database_connections_limit",
    "Most database connections that these processes may open.",
    registry=_OWN,
    multiprocess_mode="livesum",
)
GRADES = Counter(
    "smartcity_grades", "Grades the worker handled, by outcome: sent, try_again, not_newer, failed.", ["outcome"],
    registry=_OWN,
)  # fmt: skip
GRADE_SECONDS = Histogram(
    "smartcity_grade_seconds", "Seconds it took to deliver a grade or to fail.", buckets=_SECONDS, registry=_OWN
)
PLATFORM_ERRORS = Counter(
    "smartcity_platform_errors",
    "Deliveries a platform did not take, by its registration's number and the reason.",
    ["registration", "reason"],
    registry=_OWN,
)

_few_registrations = Few(200)
_few_reasons = Few(60)


def count_failed_grade(registration_id: int, kind: str, reason: str) -> None:
    """Count a delivery that failed, and against which platform."""
    GRADES.labels("failed" if kind == "permanent" else kind).inc()
    PLATFORM_ERRORS.labels(_few_registrations(registration_id), _few_reasons(reason)).inc()


def gauge(name: str, meaning: str, value: float | None, **labels: str) -> Metric:
    """Return one value that is told when it is asked for; None is a figure that this house does not have."""
    family = GaugeMetricFamily(f"smartcity_{name}", meaning, labels=list(labels))
    if value is not None:
        family.add_metric(list(labels.values()), value)
    return family


def exposed(asked: Iterable[Metric] = ()) -> bytes:
    """Return everything in Prometheus's text format: what was counted, and what is told now."""
    registry = CollectorRegistry()
    folder = shared_folder()
    if folder is None:
        registry.register(_OWN)
    else:
        forget_gauges_of_the_dead(folder)
        MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]  # the library has none here
    info = gauge("info", "The version that runs.", 1, version=__version__)
    registry.register(_Asked([info, *asked]))
    return generate_latest(registry)


class _Asked(Collector):
    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics
