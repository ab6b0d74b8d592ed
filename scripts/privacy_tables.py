"""Write the tables of docs/personalrat.md and docs/privacy.md from the code's declaration of personal data."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from lti_tool.domain.privacy import ACCOUNTS, Audience, Kind
from lti_tool.services.personal_data import HOLDINGS
from lti_tool.web.personal_data_words import BASES, ENDS, KINDS, SEES

ROLES = {
    Audience.SELF: "Die Person selbst",
    Audience.INSTRUCTOR: "Lehrkräfte des Kurses",
    Audience.ADMINISTRATOR: "Administration",
    Audience.OPERATOR: "Betreiber",
    Audience.PLATFORM: "Lernplattform",
    Audience.PUBLIC: "Wer die Adresse hat",
    Audience.READERS: "Wer eine freigegebene Karte liest",
}
DOCS = Path(__file__).parents[1] / "docs"
BEGIN = "<!-- {name}: written by scripts/privacy_tables.py -->\n"
END = "<!-- /{name} -->"


def who_sees_what() -> str:
    """Return roles × data as a Markdown table."""
    rows = []
    for kind in Kind:
        sees = [ACCOUNTS[kind].seen_by.get(audience) for audience in Audience]
        rows.append([str(KINDS[kind].what), *(str(SEES[one]) if one else "–" for one in sees)])
    return _table(["Daten", *(ROLES[audience] for audience in Audience)], rows)


def processing() -> str:
    """Return data, purpose, legal basis, end and tables as a Markdown table."""
    rows = []
    for kind in Kind:
        tables = sorted({holding.table for holding in HOLDINGS if holding.kind is kind})
        account = ACCOUNTS[kind]
        rows.append(
            [
                *(str(KINDS[kind].what), str(KINDS[kind].why), str(BASES[account.basis]), str(ENDS[account.ends])),
                ", ".join(f"`{table}`" for table in tables),
            ]
        )
    return _table(["Daten", "Zweck", "Rechtsgrundlage", "Dauer", "Tabellen"], rows)


TABLES = {"personalrat.md": ("who-sees-what", who_sees_what), "privacy.md": ("processing", processing)}


def shown(file: str) -> str:
    """Return the table as it stands in a file."""
    name, _ = TABLES[file]
    text = (DOCS / file).read_text(encoding="utf-8")
    return text.partition(BEGIN.format(name=name))[2].partition(END.format(name=name))[0]


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    for file, (name, table) in TABLES.items():
        path = DOCS / file
        begin, end = BEGIN.format(name=name), END.format(name=name)
        before, _, rest = path.read_text(encoding="utf-8").partition(begin)
        path.write_text(before + begin + table() + end + rest.partition(end)[2], encoding="utf-8")
