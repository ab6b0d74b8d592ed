"""Assignment and Grade Services 2.0: scores to a platform, results back (rows G5 to G28).

Scores go straight to `<line item>/scores`; the line item itself is never read or written first, as older ILIAS only
knows that one route. Media types are matched exactly by Moodle and ILIAS.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lti_tool.domain.delivery import DeliveryFailed, FailureKind, Reason
from lti_tool.domain.registration import Registration
from lti_tool.domain.scores import Result, Score
from lti_tool.lti.numbers import json_number
from lti_tool.lti.platform_service import PlatformService
from lti_tool.lti.ports import Answer
from lti_tool.lti.results import read_result, read_results
from lti_tool.lti.scopes import RESULTS, SCORE
from lti_tool.lti.service_calls import bad_answer, succeeded

_SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
_RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"


class AgsScorePublisher:
    """Sends scores and reads results; fits `services.ports.ScorePublisher`."""

    def __init__(self, service: PlatformService) -> None:
        self._service = service

    def publish(self, registration: Registration, line_item_url: str, score: Score) -> None:
        """Send one final score; any 2xx is success, whatever the body (G19).

        Raises:
            DeliveryFailed: rows G6 to G20.
        """
        body = json.dumps(_score_document(score), ensure_ascii=False).encode()
        url = _below(line_item_url, "scores")
        headers = {"Content-Type": _SCORE_TYPE}
        answer = self._service.send(registration, SCORE, "POST", url, headers=headers, body=body)
        if not succeeded(answer):
            raise _refused(answer)

    def read_back(self, registration: Registration, line_item_url: str, subject: str) -> Result | None:
        """Return what the gradebook holds for one person; platforms that ignore the filter are read page by page.

        Raises:
            DeliveryFailed: the results cannot be had.
        """
        url = _with_parameter(_below(line_item_url, "results"), "user_id", subject)
        for page in self._service.pages(registration, RESULTS, url, accept=_RESULTS_TYPE):
            if not succeeded(page):
                raise _refused(page)
            result = read_result(page, subject)
            if result is not None:
                return result
        return None

    def read_all(self, registration: Registration, line_item_url: str) -> dict[str, Result]:
        """Return what a column of the gradebook holds, page by page (G27).

        The platform decides how long a page is: asked for a `limit`, Moodle 4.5 breaks off with 404 here.

        Raises:
            DeliveryFailed: the results cannot be had.
        """
        url = _below(line_item_url, "results")
        found: dict[str, Result] = {}
        for page in self._service.pages(registration, RESULTS, url, accept=_RESULTS_TYPE):
            if not succeeded(page):
                raise _refused(page)
            found = read_results(page) | found
        return found


def _score_document(score: Score) -> dict[str, Any]:
    """Return a score as AGS 2.0, 3.4.4 wants it; the time in the one form that Moodle and ILIAS both read (G23)."""
    document: dict[str, Any] = {
        "userId": score.subject,
        "scoreGiven": json_number(score.given),
        "scoreMaximum": json_number(score.maximum),
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": _written(score.timestamp),
    }
    if score.comment:
        document["comment"] = score.comment
    if score.submission:
        started, submitted = score.submission.started_at, score.submission.submitted_at
        document["submission"] = {"startedAt": _written(started), "submittedAt": _written(submitted)}
    return document


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def _refused(answer: Answer) -> DeliveryFailed:
    """Return why a service refused for good (G12 to G15)."""
    reason = {
        400: Reason.PERSON_NOT_GRADABLE,
        403: Reason.FORBIDDEN,
        404: Reason.NO_COLUMN,
        409: Reason.NOT_NEWER,
        410: Reason.NO_COLUMN,
        422: Reason.PERSON_NOT_GRADABLE,
    }.get(answer.status)
    if reason is None:
        return bad_answer()
    body = answer.body.lower()
    if reason is Reason.NO_COLUMN and b"user" in body and b"<html" not in body:
        reason = Reason.PERSON_NOT_GRADABLE  # ILIAS: 404 "User not available" for who never opened this object
    kind = FailureKind.NOT_NEWER if reason is Reason.NOT_NEWER else FailureKind.PERMANENT
    return DeliveryFailed(kind, reason)


def _below(line_item_url: str, name: str) -> str:
    """Return the URL of a line item's scores or results; Moodle's line items end in a query (G5)."""
    parts = urlsplit(line_item_url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{name}", fragment=""))


def _with_parameter(url: str, name: str, value: str) -> str:
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != name]
    return urlunsplit(parts._replace(query=urlencode([*query, (name, value)])))
