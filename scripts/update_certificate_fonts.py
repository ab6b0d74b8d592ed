"""Bring the fonts of the certificates up to date: Fira Sans from KERN, Noto for what it cannot write.

Typst reads TrueType files only, so the web fonts are unpacked here; nothing is drawn anew. Run it where Node.js is
installed: `python scripts/update_certificate_fonts.py` (needs `pip install fonttools brotli`).
"""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools.ttLib import TTFont

HOUSE = Path(__file__).parent.parent
KERN = HOUSE / "lti_tool" / "curriculum" / "static" / "kern" / "fonts"
TARGET = HOUSE / "lti_tool" / "credentials" / "fonts"
NOTO = {
    "@fontsource/noto-emoji": ("noto-emoji-emoji-400-normal.woff2", "NotoEmoji-Regular.ttf"),
    "@fontsource/noto-sans-arabic": ("noto-sans-arabic-arabic-400-normal.woff2", "NotoSansArabic-Regular.ttf"),
}
NOTO_NOTICE = """Noto Emoji: Copyright 2013-2026 Google LLC
Noto Sans Arabic: Copyright 2022 The Noto Project Authors (https://github.com/notofonts/arabic)
"""


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    for name in ("FiraSans-Regular", "FiraSans-SemiBold"):
        unpack(KERN / f"{name}.woff2", TARGET / f"{name}.ttf")
    (TARGET / "OFL.txt").write_text(NOTO_NOTICE + (KERN / "OFL.txt").read_text("utf-8"), "utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for package, (source, target) in NOTO.items():
            packed = subprocess.run(
                ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
            )
            with tarfile.open(Path(folder) / packed.stdout.strip()) as archive:
                archive.extractall(folder, filter="data")
            unpack(Path(folder) / "package" / "files" / source, TARGET / target)
            print(f"{target} from {packed.stdout.strip()}")


def unpack(source: Path, target: Path) -> None:
    font = TTFont(source)
    font.flavor = None
    font.save(target)


if __name__ == "__main__":
    main()
