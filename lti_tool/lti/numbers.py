"""Numbers on the wire: exact decimals in, no noise of binary fractions out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

_FINEST = Decimal("0.000001")


def json_number(value: Decimal) -> int | float:
    """Return a JSON number with at most six decimal places."""
    rounded = value.quantize(_FINEST)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def exact_number(value: Any) -> Decimal | None:
    """Return a number of a document parsed with `parse_float=Decimal`; None if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    return number if number.is_finite() else None
