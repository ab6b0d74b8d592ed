"""From a plan to an archive: render, write the manifest, check, pack."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scorm_packages import archive
from scorm_packages.assets import shared_files
from scorm_packages.editions import scorm12, scorm2004
from scorm_packages.errors import FaultyPackage, Severity
from scorm_packages.pages import document
from scorm_packages.plan import MEDIA_PREFIX, Edition, Plan
from scorm_packages.verify import verify
from scorm_packages.verify.manifest import NAME
from scorm_packages.xsd import schema_files

_MANIFESTS = {Edition.SCORM12: scorm12.Manifest().write, Edition.SCORM2004: scorm2004.Manifest().write}


@dataclass(frozen=True, slots=True)
class Package:
    """A finished archive."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def write(self, folder: Path, *, replace: bool = False) -> Path:
        """Put it into a folder; whole or not at all."""
        return archive.write(self.data, folder, self.name, replace=replace)


@lru_cache(maxsize=4)
def _shared(edition: Edition, _moment: tuple[int, ...]) -> bytes:
    """Pack once what lies in every package of an edition."""
    return archive.packed(shared_files(edition) | schema_files(edition))


def build(plan: Plan) -> Package:
    """Make an archive that has passed all checks.

    Raises:
        PackageError: it cannot be made, or the checks found a fault.
    """
    edition = plan.wishes.edition
    own: dict[str, bytes] = {}
    for unit in plan.units:
        own[f"{unit.folder}index.html"] = document(unit, plan.wishes).encode()
        own |= {f"{unit.folder}{MEDIA_PREFIX}/{name}": data for name, data in unit.read_media().items()}
    manifest = _MANIFESTS[edition](plan, [*shared_files(edition), *own])
    data = archive.packed({NAME: manifest, **own}, onto=_shared(edition, archive.build_moment()))
    faults = [finding for finding in verify(data) if finding.severity is Severity.ERROR]
    if faults:
        raise FaultyPackage(plan.name, faults)
    return Package(plan.name, data)
