"""Refresh the vendored files of the KERN design system from its npm package.

Usage: python scripts/update_kern.py [VERSION]

Needs npm. Copies the stylesheet, the licence and the few font files we use into `lti_tool/curriculum/static/kern/` and
writes the font faces and a note of the version. Look at every page afterwards: the pictures in the README, `make test`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@kern-ux/native"
PINNED = "2.7.2"
TARGET = Path(__file__).resolve().parent.parent / "lti_tool" / "curriculum" / "static" / "kern"
FONTS = (
    # file, weight, style: what KERN's tokens ask for (body, emphasis, subline, heading and label)
    ("FiraSans-Regular.woff2", 400, "normal"),
    ("FiraSans-Italic.woff2", 400, "italic"),
    ("FiraSans-Medium.woff2", 500, "normal"),
    ("FiraSans-SemiBold.woff2", 600, "normal"),
)
FONT_FACE = """@font-face {{
  font-family: "Fira Sans";
  src: url("fonts/{file}") format("woff2");
  font-weight: {weight};
  font-style: {style};
  font-display: swap;
}}
"""
NOTE = """# KERN design system, vendored

Package {package} {version} (npm), licence EUPL-1.2: see LICENSE.md. The fonts are Fira Sans,
SIL Open Font License 1.1: see fonts/OFL.txt.
`kern.min.css` is unchanged; `fonts.css` lists the {count} font files we use. Do not edit: run `scripts/update_kern.py`.
"""


def main() -> None:
    version = sys.argv[1] if len(sys.argv) > 1 else PINNED
    with tempfile.TemporaryDirectory() as folder:
        unpacked = _unpack(Path(folder), version)
        _copy(unpacked, version)
    print(f"{PACKAGE} {version} -> {TARGET}")


def _unpack(folder: Path, version: str) -> Path:
    subprocess.run(["npm", "pack", "--silent", "--ignore-scripts", f"{PACKAGE}@{version}"], cwd=folder, check=True)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as package:
        package.extractall(folder, filter="data")
    return folder / "package"


def _copy(package: Path, version: str) -> None:
    (TARGET / "fonts").mkdir(parents=True, exist_ok=True)
    for old in (TARGET / "fonts").glob("*.woff2"):
        old.unlink()
    shutil.copyfile(package / "dist" / "kern.min.css", TARGET / "kern.min.css")
    shutil.copyfile(package / "LICENSE.md", TARGET / "LICENSE.md")
    for file, _, _ in FONTS:
        shutil.copyfile(package / "dist" / "fonts" / "fira-sans" / file, TARGET / "fonts" / file)
    faces = "\n".join(FONT_FACE.format(file=file, weight=weight, style=style) for file, weight, style in FONTS)
    (TARGET / "fonts.css").write_text(faces, encoding="utf-8")
    (TARGET / "README.md").write_text(NOTE.format(package=PACKAGE, version=version, count=len(FONTS)), encoding="utf-8")


if __name__ == "__main__":
    main()
