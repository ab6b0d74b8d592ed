"""Columns of the gradebook (AGS 2.0, 3.2): found, made, brought up to date; never deleted (rows G3, G4, G13).

Only used where a launch names no column, or a column is gone: older ILIAS knows no line item but the one it names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lti_tool.domain.delivery import DeliveryFailed, FailureKind, Reason
from lti_tool.domain.grade_column import WantedColumn, is_same_column
from lti_tool.domain.registration import Registration
from lti_tool.lti.endpoints import LONGEST_URL
from lti_tool.lti.link_header import absolute_url
from lti_tool.lti.numbers import json_number
from lti_tool.lti.platform_service import PlatformService
from lti_tool.lti.ports import Answer
from lti_tool.lti.scopes import LINE_ITEM
from lti_tool.lti.service_calls import bad_answer, succeeded

_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
_LIST_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
_FORBIDDEN = 403


class AgsLineItems:
    """Finds and makes columns; fits `services.ports.GradeColumns`."""

    def __init__(self, service: PlatformService) -> None:
        self._service = service

    def find(
        self, registration: Registration, container_url: str, wanted: WantedColumn, not_these: frozenset[str]
    ) -> str | None:
        """Return the activity's column if the course has it already.

        The platform is asked for the activity's own columns only, but may answer with all of them: each is looked at.
        A column that names no activity counts by resource id and tag, unless it is another activity's (`not_these`).

        Raises:
            DeliveryFailed: the columns cannot be read.
        """
        url = _container(container_url, resource_link_id=wanted.resource_link_id)
        found = [
            item
            for item in self._listed(registration, url, container_url)
            if not any(is_same_column(item["id"], other) for other in not_these)
        ]
        own = [item for item in found if str(item.get("resourceLinkId", "")) == wanted.resource_link_id]
        alike = [item for item in found if not item.get("resourceLinkId") and _says_the_same(item, wanted)]
        best = sorted(own, key=lambda item: not _says_the_same(item, wanted)) or alike
        return str(best[0]["id"]) if best else None

    def make(self, registration: Registration, container_url: str, wanted: WantedColumn) -> str:
        """Make the activity's column; return its URL.

        Raises:
            DeliveryFailed: `ags.no_column` or `ags.forbidden` for good, anything else to be tried again after a look.
        """
        body = json.dumps(_document(wanted), ensure_ascii=False).encode()
        headers = {"Content-Type": _ITEM_TYPE, "Accept": _ITEM_TYPE}
        url = _container(container_url)
        answer = self._service.send(registration, LINE_ITEM, "POST", url, headers=headers, body=body)
        if not succeeded(answer):
            raise _refused(answer)
        made_url = _address(_json(answer), container_url)
        if made_url is None:
            raise bad_answer()
        return made_url

    def change(self, registration: Registration, url: str, *, label: str | None, maximum: Decimal | None) -> None:
        """Write a new label or maximum into a column; what is None stays, as does all else the platform keeps there.

        A PUT replaces (in Moodle a missing tag empties it), so the column is read first and sent back whole.

        Raises:
            DeliveryFailed: the column cannot be read or written.
        """
        answer = self._service.send(registration, LINE_ITEM, "GET", url, headers={"Accept": _ITEM_TYPE})
        if not succeeded(answer):
            raise _refused(answer)
        held = _json(answer)
        if not isinstance(held, dict):
            raise bad_answer()
        if label is not None:
            held["label"] = label
        if maximum is not None:
            held["scoreMaximum"] = json_number(maximum)
        body = json.dumps(held, ensure_ascii=False).encode()
        headers = {"Content-Type": _ITEM_TYPE, "Accept": _ITEM_TYPE}
        answer = self._service.send(registration, LINE_ITEM, "PUT", url, headers=headers, body=body)
        if not succeeded(answer):
            raise _refused(answer)

    def _listed(self, registration: Registration, url: str, base_url: str) -> Iterator[dict[str, Any]]:
        for page in self._service.pages(registration, LINE_ITEM, url, accept=_LIST_TYPE):
            if not succeeded(page):
                raise _refused(page)
            items = _json(page)
            if not isinstance(items, list):
                raise bad_answer()
            for item in items:
                url_of_item = _address(item, base_url)
                if url_of_item:
                    yield {**item, "id": url_of_item}


def _document(wanted: WantedColumn) -> dict[str, Any]:
    return {
        "label": wanted.label,
        "scoreMaximum": json_number(wanted.maximum),
        "resourceId": wanted.resource_id,
        "tag": wanted.tag,
        "resourceLinkId": wanted.resource_link_id,
    }


def _says_the_same(item: dict[str, Any], wanted: WantedColumn) -> bool:
    return item.get("resourceId") == wanted.resource_id and item.get("tag") == wanted.tag


def _refused(answer: Answer) -> DeliveryFailed:
    """A platform that refuses has no column for us: some advertise line items and know none (ILIAS 9)."""
    forbidden = answer.status == _FORBIDDEN
    return DeliveryFailed(FailureKind.PERMANENT, Reason.FORBIDDEN if forbidden else Reason.NO_COLUMN)


def _json(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise bad_answer() from None


def _address(item: Any, base_url: str) -> str | None:
    """Return a line item's own URL; None without a usable one, or one too long to be kept."""
    given = item.get("id") if isinstance(item, dict) else None
    url = absolute_url(base_url, given) if isinstance(given, str) and given else None
    return url if url and len(url) <= LONGEST_URL else None


def _container(url: str, **parameters: str) -> str:
    """Return the container's URL with filters; ILIAS ends it in a slash that its own route does not know."""
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in parameters]
    return urlunsplit(parts._replace(path=parts.path.rstrip("/"), query=urlencode([*query, *parameters.items()])))
