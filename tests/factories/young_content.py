"""The packaged content as it was when two modules were written and the others announced."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from lti_tool.settings import PACKAGED_CONTENT

WRITTEN = ("smart-city-verstehen", "datenrecht")


def young_content(folder: Path) -> Path:
    """Copy the packaged content to a folder, with all but two modules announced only; return the folder."""
    shutil.copytree(PACKAGED_CONTENT, folder)
    catalogue = yaml.safe_load((folder / "catalogue.yaml").read_text())
    planned = catalogue.get("planned") or {}
    for name in catalogue["modules"]:
        if name in WRITTEN or name in planned:
            continue
        module = yaml.safe_load((folder / "modules" / name / "module.yaml").read_text())
        planned[name] = {"title": module["title"], "minutes": module["minutes"]}
        shutil.rmtree(folder / "modules" / name)
    (folder / "catalogue.yaml").write_text(yaml.safe_dump({**catalogue, "planned": planned}, allow_unicode=True))
    return folder
