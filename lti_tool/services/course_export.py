"""The class page as a file: CSV for any program, XLSX for spreadsheets, neither of which may run what it holds."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes the file for one of its own, older, codings."""
_WIDTH = 24


class CourseExport:
    """A table with a head."""

    def __init__(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self._head = head
        self._rows = rows

    def csv(self) -> bytes:
        """Return the table with semicolons, as German spreadsheets expect it."""
        text = StringIO()
        writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerows([harmless(cell) for cell in row] for row in (self._head, *self._rows))
        return (_BYTE_ORDER_MARK + text.getvalue()).encode()

    def xlsx(self) -> bytes:
        """Return the table as a workbook whose cells are text, whatever they look like."""
        from xlsxwriter import Workbook  # noqa: PLC0415 -- few download a table

        file = BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        with Workbook(file, options) as book:
            sheet = book.add_worksheet()
            bold = book.add_format({"bold": True, "text_wrap": True})
            sheet.set_column(0, len(self._head) - 1, _WIDTH)
            sheet.freeze_panes(1, 1)
            for column, words in enumerate(self._head):
                sheet.write_string(0, column, words, bold)
            for number, row in enumerate(self._rows, start=1):
                for column, words in enumerate(row):
                    sheet.write_string(number, column, words)
        return file.getvalue()


def harmless(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_STARTS_A_FORMULA) else cell
