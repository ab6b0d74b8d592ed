"""What a page needs to show the pictures of a card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

from flask import url_for

from lti_tool.services.idea_pictures import IdeaPictures
from lti_tool.web.tool import current_tool
from lti_tool.web.unit_of_work import db


class Shown(Protocol):
    """A card in any view."""

    @property
    def id(self) -> UUID: ...

    @property
    def number(self) -> int: ...


def pictures_of(registration_id: int, idea: Shown, endpoint: str, **address: Any) -> dict[str, Any]:
    """Return the pictures of a version and where this reader finds their bytes."""

    def picture_address(picture_id: UUID) -> str:
        return url_for(endpoint, picture_id=picture_id, **address)

    find: Callable[[UUID], str] = picture_address
    pictures = IdeaPictures(db(), current_tool().clock).of(registration_id, idea.id, idea.number)
    return {"pictures": pictures, "picture_address": find}
