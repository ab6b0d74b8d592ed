from __future__ import annotations

import io
import zipfile

import pytest

from lti_tool.curriculum.tasks import FileType
from lti_tool.domain.file_types import DOCX, JPEG, ODT, PDF, PNG, BadFile, FileFault, recognise, safe_name
from tests.factories import files

ALL = tuple(FileType)


@pytest.mark.parametrize(
    ("data", "found"), [(files.PDF, PDF), (files.PNG, PNG), (files.JPEG, JPEG), (files.ODT, ODT), (files.DOCX, DOCX)]
)
def test_a_file_is_told_by_its_bytes(data: bytes, found: object) -> None:
    assert recognise(data, ALL, 10_000) == found


@pytest.mark.parametrize("data", [files.WITH_MACROS, files.ANY_ZIP, b"GIF89a;", b"plain text"])
def test_what_is_none_of_the_types_is_refused(data: bytes) -> None:
    with pytest.raises(BadFile) as refused:
        recognise(data, ALL, 10_000)
    assert refused.value.fault is FileFault.WRONG_TYPE


def test_a_type_that_the_question_does_not_take_is_refused() -> None:
    with pytest.raises(BadFile) as refused:
        recognise(files.PNG, (FileType.PDF,), 10_000)
    assert refused.value.fault is FileFault.WRONG_TYPE


def lying() -> bytes:
    """An archive that says its text is small."""
    data = bytearray(files.bomb())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")
    return bytes(data)


def overlapping() -> bytes:
    """An archive whose two entries are the same bytes, as bombs have them by the thousand."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a", b"x" * 1000)
        archive.writestr("b", b"y" * 1000)
    data = bytearray(held.getvalue())
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = (0).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize("data", [files.bomb(), lying(), overlapping(), files.DOCX[:-30], files.PNG[:-12]])
def test_bombs_and_halves_are_damaged_files(data: bytes) -> None:
    with pytest.raises(BadFile) as refused:
        recognise(data, ALL, 10_000_000)
    assert refused.value.fault is FileFault.DAMAGED


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Skizze.pdf", "Skizze.pdf"), ("Skizze.PDF", "Skizze.pdf"), ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Ablage\\Plan.pdf", "Plan.pdf"), ("evil.exe", "evil.exe.pdf"), ("a\r\nb\0.pdf", "ab.pdf"),
        (".pdf", "datei.pdf"), ("", "datei.pdf"), ("<img src=x>.pdf", "img src=x.pdf"), ("x" * 300, "x" * 120 + ".pdf"),
        ("Übersicht – Größe.pdf", "Übersicht – Größe.pdf"),
    ],
)  # fmt: skip
def test_a_name_is_no_path_and_ends_as_its_type_does(given: str, kept: str) -> None:
    assert safe_name(given, PDF) == kept
