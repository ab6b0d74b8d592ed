"""What a launch opens with: the content its link names, the picker, or somebody's result."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from lti_tool.curriculum.model import Catalogue
from lti_tool.domain.certification import FULL_WAY
from lti_tool.domain.deep_linking import WAY_PARAMETER, ContentKind, graded_part
from lti_tool.domain.errors import Code, Refusal
from lti_tool.domain.launch import Launch, MessageType
from lti_tool.domain.roles import Role, parts_played
from lti_tool.services.launches import Placement

PICKER = "picker"
REVIEW = "review"


def place(message: Launch, catalogue: Catalogue) -> Placement:
    """Decide by the kind of message.

    Raises:
        Refusal: `dl.forbidden` (D1), `review.forbidden` (A75), `content.unknown` (A59).
    """
    if message.message_type is MessageType.DEEP_LINKING:
        return _picker(message)
    content = _content(message, catalogue)
    if message.message_type is MessageType.SUBMISSION_REVIEW:
        return _review(message, content)
    return content


def _picker(message: Launch) -> Placement:
    if not _teaches(message):
        raise _refused(message, Code.DEEP_LINKING_FORBIDDEN)
    return Placement(PICKER, None, _locale(message.locale))


def _review(message: Launch, content: Placement) -> Placement:
    """Instructors look at anybody's result in this activity, all others at their own."""
    if not _teaches(message) and message.subject != message.for_user:
        raise _refused(message, Code.REVIEW_FORBIDDEN)
    return replace(content, page=REVIEW)


def _content(message: Launch, catalogue: Catalogue) -> Placement:
    """What the link was made for; a link without content opens the tracker, from which every module is reached."""
    module_id = message.custom.get("module") or None
    kind = message.custom.get("content") or (ContentKind.MODULE if module_id else ContentKind.TRACKER)
    if not _is_known(kind, module_id, catalogue):
        raise _refused(message, Code.CONTENT_UNKNOWN, "the link names no content of this tool")
    if kind in {ContentKind.TRACKER, ContentKind.DATES}:
        return _along_a_way(str(kind), message, catalogue)
    if module_id is None:
        return Placement(str(kind), None, _locale(message.locale))
    quiz = graded_part(kind, catalogue.modules[module_id])
    maximum = Decimal(quiz.maximum) if quiz else None
    return Placement(str(kind), module_id, _locale(message.locale), maximum=maximum)


def _along_a_way(kind: str, message: Launch, catalogue: Catalogue) -> Placement:
    """A way that the content no longer has, or that asks for no live time, leaves the activity without grades."""
    way = message.custom.get(WAY_PARAMETER) or None
    certification = catalogue.certification(way or "")
    known = certification is not None and (kind == ContentKind.TRACKER or certification.live_minutes > 0)
    return Placement(
        kind,
        None,
        _locale(message.locale),
        maximum=FULL_WAY if known else None,
        way=way if known else None,
    )


def _is_known(kind: str, module_id: str | None, catalogue: Catalogue) -> bool:
    if kind not in set(ContentKind) or (module_id is not None and module_id not in catalogue.modules):
        return False
    if kind == ContentKind.SELF_ASSESSMENT:
        return catalogue.self_assessment is not None
    return module_id is not None or not ContentKind(kind).of_a_module


def _refused(message: Launch, code: Code, detail: str = "") -> Refusal:
    return Refusal(
        code,
        detail,
        registration_id=message.registration_id,
        return_url=message.return_url,
        for_instructor=_teaches(message),
    )


def _teaches(message: Launch) -> bool:
    return bool(parts_played(message.roles) & {Role.INSTRUCTOR, Role.ADMINISTRATOR})


def _locale(sent: str | None) -> str:
    """German unless the platform asks for English; Moodle sends its own codes, such as "de_du" or "en_us"."""
    return "en" if re.match(r"en\b|en_", (sent or "").lower()) else "de"
