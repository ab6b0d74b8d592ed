"""What the answers of an object store mean (Amazon S3 API Reference, "Error responses")."""

from __future__ import annotations

import re

from lti_tool.storage.errors import Fault, StoreFailed

_CODE = re.compile(rb"<Code>([A-Za-z0-9]{1,60})</Code>")
_NO_SUCH_KEY = "NoSuchKey"
_FAULTS = {
    "NoSuchBucket": Fault.BUCKET,
    "InvalidBucketName": Fault.BUCKET,
    "InvalidAccessKeyId": Fault.KEYS,
    "SignatureDoesNotMatch": Fault.KEYS,
    "RequestTimeTooSkewed": Fault.CLOCK,
    "AccessDenied": Fault.RIGHTS,
    "AllAccessDisabled": Fault.RIGHTS,
    "AuthorizationHeaderMalformed": Fault.REGION,
    "PermanentRedirect": Fault.REGION,
    "TemporaryRedirect": Fault.REGION,
    "IllegalLocationConstraintException": Fault.REGION,
    "BadDigest": Fault.DAMAGED,
    "IncompleteBody": Fault.DAMAGED,
    "InvalidDigest": Fault.DAMAGED,
    "XAmzContentSHA256Mismatch": Fault.DAMAGED,
    "XAmzContentChecksumMismatch": Fault.DAMAGED,
    "ContentSHA256Mismatch": Fault.DAMAGED,
    "EntityTooLarge": Fault.TOO_LARGE,
    "QuotaExceeded": Fault.FULL,
    "XMinioStorageFull": Fault.FULL,
    "XMinioAdminBucketQuotaExceeded": Fault.FULL,
    "InsufficientStorage": Fault.FULL,
    "RequestTimeout": Fault.AWAY,
    "SlowDown": Fault.AWAY,
    "SlowDownWrite": Fault.AWAY,
    "InternalError": Fault.AWAY,
    "ServiceUnavailable": Fault.AWAY,
}
_BY_STATUS = {
    301: Fault.REGION,
    401: Fault.KEYS,
    403: Fault.RIGHTS,
    429: Fault.AWAY,
    500: Fault.AWAY,
    502: Fault.AWAY,
    503: Fault.AWAY,
    504: Fault.AWAY,
    507: Fault.FULL,
}
_DONE = frozenset({200, 204})
_NOT_FOUND = 404


def refuse_failure(status: int, body: bytes) -> None:
    """Let what worked pass.

    Only the store's own word says that an object is not there: any server at all can say 404.

    Raises:
        FileNotFoundError: there is no such object.
        StoreFailed: for everything else, with its reason.
    """
    if status in _DONE:
        return
    found = _CODE.search(body[:4096])
    code = found[1].decode() if found else ""
    if status == _NOT_FOUND and code == _NO_SUCH_KEY:
        raise FileNotFoundError("the object store has no such object")
    raise StoreFailed(_FAULTS.get(code) or _BY_STATUS.get(status, Fault.ODD), f"{status} {code}".strip())
