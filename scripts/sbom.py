"""Write the bill of materials (CycloneDX, JSON): every locked Python package, and what is copied into the project.

sbom.py TARGET. The same for the same commit. Hashes stand in requirements/run.lock, so no address is needed here.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "run.lock"
KERN = ROOT / "lti_tool" / "curriculum" / "static" / "kern" / "README.md"
FONTS = {"Fira Sans": "OFL-1.1", "Noto Emoji": "OFL-1.1", "Noto Sans Arabic": "OFL-1.1"}


def bill() -> dict[str, Any]:
    """Return the bill of materials."""
    options = ["--output-reproducible", "--pyproject", str(ROOT / "pyproject.toml"), "--output-format", "JSON"]
    command = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", *options, str(LOCK)]
    made = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    for component in made["components"]:
        for name in ("description", "externalReferences"):
            component.pop(name, None)
    made["metadata"].pop("tools", None)
    made["components"] += _copied()
    root = made["metadata"]["component"]["bom-ref"]
    made["dependencies"] = [{"ref": root, "dependsOn": [one["bom-ref"] for one in made["components"]]}]
    return made


def _copied() -> list[dict[str, Any]]:
    kern = re.search(r"Package (\S+) (\S+) \(npm\)", KERN.read_text(encoding="utf-8"))
    if kern is None:
        raise SystemExit(f"{KERN} does not name its package")
    name, version = kern.groups()
    found = [_component(name, "EUPL-1.2", version=version, purl=f"pkg:npm/{name.replace('@', '%40')}@{version}")]
    return found + [_component(font, licence) for font, licence in FONTS.items()]


def _component(name: str, licence: str, **known: str) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": f"copied:{name}",
        "name": name,
        "licenses": [{"license": {"id": licence}}],
        **known,
    }


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(bill(), indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    print(target)
