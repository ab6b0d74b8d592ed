from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialog:
    """A deep-linking dialogue that waits for the tool's answer.

    Attributes:
        id: part of the return URL; unguessable, so the return needs no cookie.
        data: sent with the request; the answer must bring it back unchanged.
    """

    id: str
    client_id: str
    course_id: str
    accept_multiple: bool
    accept_lineitem: bool
    data: str


class Dialogs:
    def __init__(self) -> None:
        self._open: dict[str, Dialog] = {}
        self._lock = threading.Lock()

    def begin(self, client_id: str, course_id: str, *, accept_multiple: bool, accept_lineitem: bool) -> Dialog:
        dialog = Dialog(
            id=secrets.token_urlsafe(18),
            client_id=client_id,
            course_id=course_id,
            accept_multiple=accept_multiple,
            accept_lineitem=accept_lineitem,
            data=secrets.token_urlsafe(9),
        )
        with self._lock:
            self._open[dialog.id] = dialog
        return dialog

    def find(self, dialog_id: str | None) -> Dialog | None:
        with self._lock:
            return self._open.get(dialog_id) if dialog_id else None

    def close(self, dialog_id: str) -> bool:
        """Return True to exactly one caller."""
        with self._lock:
            return self._open.pop(dialog_id, None) is not None
