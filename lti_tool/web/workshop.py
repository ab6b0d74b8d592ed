"""A content folder that is being written: what is in it, and what the checker says about it, as of the last save."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lti_tool.curriculum.checks import check
from lti_tool.curriculum.errors import Problem
from lti_tool.curriculum.files import ModuleFiles, read_module

Fingerprint = tuple[tuple[str, int, int], ...]
_TEXTS = {".md", ".yaml", ".yml", ".vtt", ".svg"}


@dataclass(frozen=True, slots=True)
class Shop:
    """One state of the folder."""

    folder: Path
    folders: tuple[str, ...]
    problems: Sequence[Problem]

    def of_file(self, file: str) -> list[Problem]:
        return [problem for problem in self.problems if problem.file == file]

    def of_module(self, name: str) -> list[Problem]:
        below = (self.folder / "modules" / name).as_posix() + "/"
        return [problem for problem in self.problems if problem.file.startswith(below)]

    def counts(self, problems: Sequence[Problem]) -> Counter[str]:
        return Counter(str(problem.severity) for problem in problems)

    def shown(self, file: str) -> str:
        """Return a file's path below the folder."""
        return file.removeprefix(f"{self.folder.as_posix()}/")


class Workshop:
    """Reads anew when a file has changed, and only then."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: Fingerprint | None = None
        self._shop = Shop(folder, (), ())

    def fingerprint(self) -> Fingerprint:
        """Return what tells one state of the folder from another."""
        files = (path for path in sorted(self.folder.rglob("*")) if path.is_file())
        return tuple((str(path), (facts := path.stat()).st_mtime_ns, facts.st_size) for path in files)

    def now(self) -> Shop:
        now = self.fingerprint()
        if now != self._seen:
            folders = sorted(path.name for path in (self.folder / "modules").glob("*") if path.is_dir())
            self._shop, self._seen = Shop(self.folder, tuple(folders), check(self.folder)), now
        return self._shop

    def module(self, name: str) -> ModuleFiles | None:
        """Return a module as far as it can be read."""
        if name not in self.now().folders:
            return None
        return read_module(self.folder / "modules" / name, lambda _problem: None)

    def text(self, file: str) -> str | None:
        """Return the text of a file inside the folder; None for anything else."""
        root, path = self.folder.resolve(), (self.folder / file).resolve()
        if not path.is_relative_to(root) or path.suffix not in _TEXTS or not path.is_file():
            return None
        return path.read_text("utf-8", errors="replace")
