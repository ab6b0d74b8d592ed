"""From a plan to an archive: render, write the manifest, check, pack."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scorm_packages import archive
from scorm_packages.assets import shared_files, signpost_files
from scorm_packages.editions import cmi5, scorm12, scorm2004
from scorm_packages.errors import FaultyPackage, Severity
from scorm_packages.pages import document
from scorm_packages.plan import MEDIA_PREFIX, Edition, Plan
from scorm_packages.verify import verify
from scorm_packages.verify.manifest import NAME
from scorm_packages.xsd import schema_files

_CONTENTS = {
    Edition.SCORM12: (NAME, scorm12.Manifest().write),
    Edition.SCORM2004: (NAME, scorm2004.Manifest().write),
    Edition.SCORM2004_3RD: (NAME, scorm2004.ThirdManifest().write),
    Edition.CMI5: (cmi5.NAME, cmi5.structure),
}


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


def _files_for_all(edition: Edition, *, thin: bool) -> dict[str, bytes]:
    return signpost_files() if thin else shared_files(edition)


@lru_cache(maxsize=8)
def _shared(edition: Edition, _moment: tuple[int, ...], *, thin: bool) -> bytes:
    """Pack once what lies in every package of an edition."""
    return archive.packed(_files_for_all(edition, thin=thin) | schema_files(edition))


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
    thin = bool(plan.wishes.thin)
    name, contents = _CONTENTS[edition]
    own[name] = contents(plan, [*_files_for_all(edition, thin=thin), *own])
    data = archive.packed(own, onto=_shared(edition, archive.build_moment(), thin=thin))
    faults = [finding for finding in verify(data) if finding.severity is Severity.ERROR]
    if faults:
        raise FaultyPackage(plan.name, faults)
    return Package(plan.name, data)
