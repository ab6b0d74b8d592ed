"""Everything that is held of a person, to take along: JSON, and the files that were handed in beside it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from sqlalchemy.orm import Session

from lti_tool.services.personal_data import People, PersonalData
from lti_tool.services.ports import Clock, FileStore

FORMAT = "smart-city-lernen/personal-data/1"
DATA_NAME = "daten.json"
_IN_MEMORY = 1024 * 1024


class PersonalExport:
    """Reads; what it returns holds nothing of anybody else."""

    def __init__(self, session: Session, clock: Clock, store: FileStore) -> None:
        self._session = session
        self._clock = clock
        self._store = store

    def document(self, people: People) -> Mapping[str, Any]:
        """Return the data as plain JSON values."""
        data = PersonalData(self._session)
        parts = [
            {"kind": holding.kind.value, "table": holding.table, "found_by": holding.column, "rows": rows}
            for holding, rows in data.rows(people)
        ]
        files = [{"file": name, "size": size} for name, size, _ in self._files(people)]
        return {
            "format": FORMAT,
            "made_at": self._clock().isoformat(),
            "registration": people.registration_id,
            "identities": list(people.subjects),
            "data": parts,
            "files": files,
        }

    def json(self, people: People) -> bytes:
        """Return the document as people and programs can read it."""
        return json.dumps(self.document(people), ensure_ascii=False, indent=2).encode()

    def archive(self, people: People) -> IO[bytes]:
        """Return a ZIP archive with the document and every file that is still in the store.

        Raises:
            OSError: the store is away; an archive without files that exist would say too little.
        """
        spool = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- whoever asked closes it
        with zipfile.ZipFile(spool, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(DATA_NAME, self.json(people))
            for name, _, key in self._files(people):
                try:
                    archive.writestr(name, self._store.get(key))
                except FileNotFoundError:  # what is lost is told by its absence; the rest must not wait for it
                    continue
        spool.seek(0)
        return spool

    def _files(self, people: People) -> list[tuple[str, int, str]]:
        """Name in the archive, size and key: what was handed in, and the pictures on cards."""
        data = PersonalData(self._session)
        handed_in = [(_path(row.id, row.name), row.size, row.key) for row in data.files(people)]
        return handed_in + [(_path(row.id, "bild.webp"), row.size, row.key) for row in data.pictures(people)]


def _path(file_id: object, name: str) -> str:
    return f"dateien/{file_id}-{name}"
