"""Results of a line item (AGS 2.0, 3.3), read with exact numbers."""

from __future__ import annotations

import json
from decimal import Decimal

from lti_tool.domain.scores import Result
from lti_tool.lti.numbers import exact_number
from lti_tool.lti.ports import Answer
from lti_tool.lti.service_calls import bad_answer


def read_result(page: Answer, subject: str) -> Result | None:
    """Return one person's result from a page of results, None if the page holds none.

    Raises:
        lti_tool.domain.delivery.DeliveryFailed: the page is no list of results.
    """
    return read_results(page).get(subject)


def read_results(page: Answer) -> dict[str, Result]:
    """Return the results of a page, by the platform's ids of people; of two for one person the first.

    Raises:
        lti_tool.domain.delivery.DeliveryFailed: the page is no list of results.
    """
    try:
        results = json.loads(page.body, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise bad_answer() from None
    if not isinstance(results, list):
        raise bad_answer()
    found: dict[str, Result] = {}
    for result in results:
        if isinstance(result, dict):
            value = Result(exact_number(result.get("resultScore")), exact_number(result.get("resultMaximum")))
            found.setdefault(str(result.get("userId")), value)
    return found
