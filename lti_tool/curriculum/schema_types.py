"""The small types that the grammar of all content files is made of."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
URL_PATTERN = r"^https://[^\s<>\"]+$"
TAG_PATTERN = r"^[A-Z]{2}-[0-9]{2}$"
LANGUAGE_PATTERN = r"^[a-z]{2}$"
MEDIA_PATTERN = r"^media/[A-Za-z0-9][A-Za-z0-9._-]*$"

# Ids travel in an LMS's custom parameters, line items and addresses; this alphabet survives all of them.
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=64)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Url = Annotated[str, StringConstraints(pattern=URL_PATTERN, max_length=500)]
Tag = Annotated[str, StringConstraints(pattern=TAG_PATTERN)]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN)]
MediaFile = Annotated[str, StringConstraints(pattern=MEDIA_PATTERN)]
Minutes = Annotated[int, Field(strict=True, ge=1, le=6000)]
Count = Annotated[int, Field(strict=True, ge=1, le=1000)]
Hours = Annotated[Decimal, Field(gt=0, le=1000, allow_inf_nan=False)]
Share = Annotated[Decimal, Field(gt=0, le=1)]
Number = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=20)]
Flag = Annotated[bool, Field(strict=True)]


class Strict(BaseModel):
    """Knows every key it may have."""

    model_config = ConfigDict(extra="forbid", frozen=True)
