"""One exchange with an object store: signed, encrypted, within a time and a size.

The endpoint is the operator's own setting, never anybody's input, so it may lie in a private network; no redirect is
followed and no proxy asked.
"""

from __future__ import annotations

import io
import ssl
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lti_tool.storage.bucket import Bucket
from lti_tool.storage.errors import Fault, StoreFailed

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse

_CONNECT_SECONDS, _READ_SECONDS, _TOTAL_SECONDS = 3.0, 5.0, 14.0
_CONNECTIONS = 16
_CHUNK = 64 * 1024
_NO_CONTENT = 204


class _Sending(io.BytesIO):
    """A body that stops when the time is over, however slowly the other side takes it."""

    def __init__(self, data: bytes, until: float) -> None:
        super().__init__(data)
        self._until = until

    def read(self, size: int | None = -1, /) -> bytes:
        _refuse_if_over(self._until)
        return super().read(size)


class Transport:
    """Connections to one store, shared by threads; what signs and speaks is loaded with the first exchange."""

    def __init__(self, authorities: str = "", total: float = _TOTAL_SECONDS) -> None:
        self._authorities = authorities
        self._total = total
        self._pools: Any = None

    def deadline(self) -> float:
        """Return when a call that begins now must be over."""
        return time.monotonic() + self._total

    def is_over(self, until: float) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= until

    def send(
        self,
        bucket: Bucket,
        method: str,
        key: str,
        body: bytes | None,
        headers: Mapping[str, str],
        *,
        most: int,
        until: float,
    ) -> tuple[int, bytes]:
        """Return status and body of the answer.

        Raises:
            StoreFailed: `away`, `tls`, `too_large`.
        """
        from urllib3.exceptions import HTTPError, SSLError  # noqa: PLC0415 -- see the class

        _refuse_if_over(until)
        url, signed = _signed(bucket, method, key, body, headers)
        try:
            response = self._pool().request(
                method,
                url,
                body=None if body is None else _Sending(body, until),
                headers=signed,
                preload_content=False,
            )
            return response.status, _read(response, most, until)
        except SSLError as error:
            raise StoreFailed(Fault.TLS, type(error).__name__) from error
        except (HTTPError, OSError) as error:
            if isinstance(error, StoreFailed):
                raise
            raise StoreFailed(Fault.AWAY, type(error).__name__) from error

    def _pool(self) -> Any:
        if self._pools is None:
            from urllib3 import PoolManager, Timeout  # noqa: PLC0415 -- see the class

            context = ssl.create_default_context(cadata=self._authorities or None)
            self._pools = PoolManager(
                maxsize=_CONNECTIONS,
                ssl_context=context,
                timeout=Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS),
                retries=False,
            )
        return self._pools


def _signed(
    bucket: Bucket, method: str, key: str, body: bytes | None, headers: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    from requests import Request  # noqa: PLC0415 -- see Transport
    from requests_aws4auth.aws4auth import AWS4Auth  # noqa: PLC0415 -- see Transport

    prepared = Request(method, bucket.url(key), data=body, headers=dict(headers)).prepare()
    AWS4Auth(bucket.access_key, bucket.secret_key, bucket.region, "s3")(prepared)
    return str(prepared.url), {**prepared.headers, "Accept-Encoding": "identity"}


def _read(response: BaseHTTPResponse, most: int, until: float) -> bytes:
    """Read an answer, not a byte beyond the limit and no longer than the time; a rest ends the connection."""
    held = bytearray()
    try:
        while chunk := response.read1(_CHUNK):
            held += chunk
            _refuse_if_over(until)
            _refuse_too_much(len(held), most)
        _refuse_too_little(len(held), response)
    except BaseException:
        response.close()
        raise
    response.release_conn()
    return bytes(held)


def _refuse_too_much(size: int, most: int) -> None:
    if size > most:
        raise StoreFailed(Fault.TOO_LARGE, f"more than {most} bytes")


def _refuse_too_little(size: int, response: BaseHTTPResponse) -> None:
    promised = response.headers.get("Content-Length", "")
    if promised.isdigit() and size != int(promised) and response.status != _NO_CONTENT:
        raise StoreFailed(Fault.AWAY, "the answer broke off")


def _refuse_if_over(until: float) -> None:
    if time.monotonic() >= until:
        raise StoreFailed(Fault.AWAY, "it took too long")
