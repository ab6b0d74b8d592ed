"""What keeps a package from being built or read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class PackageError(Exception):
    """No package; the message is one German sentence that says why and what to do."""


class Severity(StrEnum):
    """An error stops a build; a warning is only told."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of an archive.

    Attributes:
        file: the member it lies in; empty for the archive as a whole.
        what: what is wrong, a short German sentence without a full stop.
        mend: what to do about it.
    """

    file: str
    what: str
    mend: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.file or 'Archiv'}: {self.what} – {self.mend}"


class FaultyPackage(PackageError):  # noqa: N818 -- reads as what it is
    """An archive that the checks do not let pass; nothing has been written."""

    def __init__(self, name: str, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        lines = "".join(f"\n  {finding}" for finding in self.findings)
        super().__init__(f"Das Paket {name} hat Fehler und wurde nicht geschrieben:{lines}")
