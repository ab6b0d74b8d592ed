"""Typst: a template and data become a PDF or a picture, byte-identical whenever it is done again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from lti_tool.domain.proofs import UnwritableName

_TEMPLATES = Path(__file__).parent / "templates"
_FONTS = Path(__file__).parent / "fonts"
_PIXELS_PER_INCH = 300
_UNWRITABLE = re.compile(r'the text `"(?P<text>[^`]*)"` could not be displayed')


def typeset(template: str, data: Mapping[str, Any], form: Literal["pdf", "svg", "png"], moment: datetime) -> bytes:
    """Return a document.

    Args:
        template: name of a file in `templates`.
        data: arrives as data, never as source.
        form: a PDF is written as PDF/UA-1 and PDF/A-3a.
        moment: the date inside the document.

    Raises:
        UnwritableName: a PDF would need characters that no font of ours can draw.
    """
    import typst

    try:
        return bytes(
            typst.compile(
                str(_TEMPLATES / template),
                root=str(_TEMPLATES),
                font_paths=[str(_FONTS)],
                ignore_system_fonts=True,
                format=form,
                ppi=_PIXELS_PER_INCH,
                pdf_standards=["ua-1", "a-3a"] if form == "pdf" else [],
                sys_inputs={"data": json.dumps(data)},
                timestamp=int(moment.timestamp()),
            )
        )
    except typst.TypstError as error:
        if found := _UNWRITABLE.search(str(error)):
            raise UnwritableName(found["text"]) from None
        raise
