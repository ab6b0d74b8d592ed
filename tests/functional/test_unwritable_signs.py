"""A sign that no database keeps is left out of what is sent, and no address holds it."""

from __future__ import annotations

from tests.factories.visit import BASE_URL
from tests.functional.test_date_planning import fields, rows
from tests.functional.test_ideas import ASK_COURSE, come, write


def test_nul_in_a_form_or_an_address_is_no_fault_of_ours(tool):
    lea, ines = come(tool), come(tool, "ines", role="Instructor")
    idea = write(lea, ASK_COURSE)
    ines.go(f"class/ideas/{idea}")
    ines.press("Nicht freigeben", reason="Bitte\0 mit Zahlen.")
    lea.go(f"ideas/own/{idea}")
    assert "Grund: Bitte mit Zahlen." in lea.text
    ines.go("class/dates/new")
    ines.press("Termin anlegen", **fields(tool, title="Sprech\0stunde"))
    assert [row.title for row in rows(tool)] == ["Sprechstunde"]
    for path in ("proofs/a%00b", "proofs/a%00b/renew"):
        assert lea.client.get(lea.landing + path, base_url=BASE_URL).status_code == 404
