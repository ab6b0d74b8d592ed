"""Files in a bucket of an object store that speaks Amazon's S3 API.

What is sent is signed with its SHA-256 (Signature Version 4), so that the store refuses what was damaged on the way,
and is told that checksum once more to keep it. Every call may be repeated: the same bytes come under the same name.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable
from contextlib import suppress

from lti_tool.restraint.circuits import Circuits, Patience
from lti_tool.storage.answers import refuse_failure
from lti_tool.storage.bucket import Bucket
from lti_tool.storage.errors import PASSING, Fault, StoreFailed
from lti_tool.storage.folder import checked_key
from lti_tool.storage.transport import Transport

LARGEST = 21 * 1024 * 1024
"""Bytes of one object; the largest file a question may ask for is a little smaller."""
_NO_MORE_THAN = 64 * 1024
_TRIES = 3
_WAIT = 0.2
_CIRCUIT = "files"
_PATIENCE = Patience(failures=3, first=5.0, longest=30.0)


class S3Store:
    """Fits `services.ports.FileStore`; safe to share between threads."""

    def __init__(
        self, bucket: Bucket, circuits: Circuits, transport: Transport, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._bucket = bucket
        self._circuits = circuits
        self._transport = transport
        self._sleep = sleep

    def put(self, key: str, data: bytes) -> None:
        """Store bytes under a key.

        Raises:
            StoreFailed: it is not known whether they are stored; putting them again is right.
        """
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        headers = {"Content-Type": "application/octet-stream", "x-amz-checksum-sha256": digest}
        self._patiently("PUT", checked_key(key), data, headers)

    def get(self, key: str) -> bytes:
        """Return the bytes of a key.

        Raises:
            FileNotFoundError: the store says that there are none.
            StoreFailed: it says nothing, or something else.
        """
        return self._patiently("GET", checked_key(key), most=LARGEST)

    def delete(self, key: str) -> None:
        """Delete a key's bytes; none there is as good.

        Raises:
            StoreFailed: they may still be there.
        """
        with suppress(FileNotFoundError):
            self._patiently("DELETE", checked_key(key))

    def keeps_versions(self) -> bool:
        """Whether the bucket keeps what is deleted in it.

        Raises:
            OSError: the store does not say.
        """
        return b"<Status>Enabled</Status>" in self._patiently("GET", "?versioning")

    def _patiently(
        self,
        method: str,
        key: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        most: int = _NO_MORE_THAN,
    ) -> bytes:
        """Send, and again where that may help; a store that is away is left alone for some seconds."""
        if self._circuits.seconds_to_pause(_CIRCUIT):
            raise StoreFailed(Fault.AWAY, "it did not answer just now")
        until = self._transport.deadline()
        for number in range(1, _TRIES + 1):
            try:
                status, answer = self._transport.send(
                    self._bucket, method, key, body, headers or {}, most=most, until=until
                )
                refuse_failure(status, answer)
            except StoreFailed as failure:
                last = number == _TRIES or self._transport.is_over(until)
                if last or failure.fault not in PASSING:
                    self._note(failure)
                    raise
            except FileNotFoundError:
                self._circuits.answered(_CIRCUIT)
                raise
            else:
                self._circuits.answered(_CIRCUIT)
                return answer
            self._sleep(_WAIT * 2**number)
        raise AssertionError("unreachable")

    def _note(self, failure: StoreFailed) -> None:
        if failure.fault is Fault.AWAY:
            self._circuits.failed(_CIRCUIT, _PATIENCE)
        else:
            self._circuits.answered(_CIRCUIT)
