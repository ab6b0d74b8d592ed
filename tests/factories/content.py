"""The plain content, and beside it a module with every kind of question."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.factories.plain_content import PLAIN_CONTENT

ALL_KINDS = "alle-arten"
_MODULE = Path(__file__).parents[1] / "content" / ALL_KINDS


def content_with_all_kinds(folder: Path, *, quiz: str | None = None, pool: tuple[str, ...] = ()) -> Path:
    """Copy both into a folder.

    `quiz` replaces what stands above the questions of the module's quiz; the questions of `pool` are drawn from „leicht“.
    """
    shutil.copytree(PLAIN_CONTENT, folder)
    shutil.copytree(_MODULE, folder / "modules" / ALL_KINDS)
    catalogue = folder / "catalogue.yaml"
    text = catalogue.read_text("utf-8")
    catalogue.write_text(text.replace("modules:\n", f"modules:\n  - {ALL_KINDS}\n", 1), "utf-8")
    if quiz is not None:
        file = folder / "modules" / ALL_KINDS / "quiz.yaml"
        _, _, questions = file.read_text("utf-8").partition("questions:\n")
        for name in pool:
            questions = questions.replace(f"  - id: {name}\n", f"  - id: {name}\n    pool: leicht\n")
        file.write_text(f"{quiz}\nquestions:\n{questions}", "utf-8")
    return folder
