"""The object store: may a probe be written, read and deleted there, and is what is deleted gone?"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import suppress

from lti_tool.app import make_s3
from lti_tool.cli.doctor.finding import Finding, bad, good, hint
from lti_tool.cli.store_words import mend_of
from lti_tool.settings import Settings
from lti_tool.storage.errors import StoreFailed
from lti_tool.storage.s3 import S3Store


def examine_object_store(settings: Settings) -> Iterator[Finding]:
    """Yield nothing where none is set."""
    store = make_s3(settings)
    if store is None:
        return
    probe, said = f"probe/{secrets.token_hex(16)}", secrets.token_bytes(32)
    doing = "schreiben"
    try:
        store.put(probe, said)
        doing = "lesen"
        same = store.get(probe) == said
        doing = "löschen"
        store.delete(probe)
    except FileNotFoundError:
        same = False
    except StoreFailed as failure:
        yield bad("store", f"Im Objektspeicher lässt sich nicht {doing} ({failure.detail}).", mend_of(failure))
        return
    if not same:
        yield bad("store", "Der Objektspeicher gibt nicht heraus, was er bekam.", "Fragen Sie, wer ihn betreibt.")
        return
    yield good("store", "Im Objektspeicher lässt sich schreiben, lesen und löschen.")
    with suppress(OSError):  # whether a store tells is its own affair
        yield from _versions(store)


def _versions(store: S3Store) -> Iterator[Finding]:
    if store.keeps_versions():
        yield hint(
            "store.versions",
            "Der Bucket bewahrt Versionen auf; was Menschen löschen, bleibt dort liegen.",
            "Schalten Sie die Versionierung ab, oder lassen Sie alte Versionen nach Tagen verfallen.",
        )
