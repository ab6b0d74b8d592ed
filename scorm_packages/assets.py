"""What all modules of an archive share: one stylesheet, one script, the fonts, the licences. Made once per process."""

from __future__ import annotations

from functools import lru_cache

from scorm_packages.plan import Edition
from scorm_packages.scripts import RUNTIME, script
from scorm_packages.styles import FONTS, KERN, stylesheet


@lru_cache
def shared_files(edition: Edition) -> dict[str, bytes]:
    """Return every file that does not depend on a module, by its path."""
    return {
        "style.css": stylesheet().encode(),
        "player.js": script(edition).encode(),
        **{f"fonts/{name}": (KERN / "fonts" / name).read_bytes() for name in FONTS},
        "licences/fonts-ofl.txt": (KERN / "fonts" / "OFL.txt").read_bytes(),
        "licences/kern-eupl.txt": (KERN / "LICENSE.md").read_bytes(),
    }


def signpost_files() -> dict[str, bytes]:
    """Return what a package needs that only points to a module: no script, no font."""
    return {"style.css": (RUNTIME / "signpost.css").read_bytes()}
