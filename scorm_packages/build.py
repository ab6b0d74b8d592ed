"""From a plan to an archive: render, write the manifest, check, pack."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
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
    Edition.SCORM12: (NAME, scorm12.manifest),
    Edition.SCORM2004: (NAME, scorm2004.manifest),
    Edition.SCORM2004_3RD: (NAME, scorm2004.manifest),
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


def build(plan: Plan) -> Package:
    """Make an archive that has passed all checks.

    Raises:
        PackageError: it cannot be made, or the checks found a fault.
    """
    edition = plan.wishes.edition
    files = dict(signpost_files() if plan.wishes.thin else shared_files(edition))
    for unit in plan.units:
        files[f"{unit.folder}index.html"] = document(unit, plan.wishes).encode()
        files |= {f"{unit.folder}{MEDIA_PREFIX}/{name}": data for name, data in unit.media.items()}
    name, contents = _CONTENTS[edition]
    data = archive.packed(files | schema_files(edition) | {name: contents(plan, files)})
    faults = [finding for finding in verify(data) if finding.severity is Severity.ERROR]
    if faults:
        raise FaultyPackage(plan.name, faults)
    return Package(plan.name, data)
