"""Every table says whether it holds people: declared once, or known to hold nobody."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Column, MetaData, String, Table

from lti_tool.db.base import Base
from lti_tool.domain.privacy import ACCOUNTS, Kind, erased_from, months_before
from lti_tool.services.personal_data import HOLD_NOBODY, HOLDINGS
from lti_tool.web.personal_data_words import KINDS

PERSONS = {"lti_user", "attempt", "launch_session"}
"""Tables whose rows are one person's; who refers to them holds something of that person."""
PERSONAL_NAME = re.compile(r"(^|_)(user|users|sub|subject|person|learner|member|marker|holder|mail|email)(_|$)|_by$")
NO_PERSON = {
    ("audit_entry", "subject"),  # a deployment, a key, a town, a receipt
    ("issued_proof", "subject_id"),  # a module or a certification
    ("issued_proof", "holder_name"),  # goes with `user_id`
    ("issued_proof", "name_mark"),
    ("operator_session", "user"),
}


def undeclared(metadata):
    """Tables that say nothing, and columns that lead to a person and are not declared."""
    declared = {(holding.table, holding.column) for holding in HOLDINGS}
    tables = {table for table, _ in declared}
    found = [table.name for table in metadata.sorted_tables if table.name not in tables | HOLD_NOBODY]
    for table in metadata.sorted_tables:
        leading = {
            key.parent.name
            for constraint in table.foreign_key_constraints
            if constraint.referred_table.name in PERSONS
            for key in constraint.elements
            if key.parent.name != "registration_id"
        }
        leading |= {column.name for column in table.columns if PERSONAL_NAME.search(column.name)}
        found += [
            f"{table.name}.{column}"
            for column in sorted(leading)
            if (table.name, column) not in declared | NO_PERSON and (table.name, column) != ("lti_user", "subject")
        ]
    return found


def test_every_table_and_every_column_that_leads_to_a_person_is_declared():
    assert undeclared(Base.metadata) == []
    assert {holding.table for holding in HOLDINGS} & HOLD_NOBODY == set()
    assert {holding.table for holding in HOLDINGS} | HOLD_NOBODY == set(Base.metadata.tables)


@pytest.mark.parametrize("column", ["user_id", "decided_by", "subject"])
def test_a_new_table_with_a_person_is_found(column):
    metadata = MetaData()
    Table("new", metadata, Column("id", String, primary_key=True), Column(column, String))
    assert undeclared(metadata) == ["new", f"new.{column}"]


def test_every_kind_has_an_account_words_and_a_table():
    assert set(ACCOUNTS) == set(KINDS) == set(Kind) == {holding.kind for holding in HOLDINGS}


@pytest.mark.parametrize(
    ("moment", "months", "before"), [("2026-11", 24, "2024-11"), ("2026-01", 1, "2025-12"), ("2026-03", 15, "2024-12")]
)
def test_months_are_counted_over_the_years(moment, months, before):
    from datetime import UTC, datetime

    then = datetime.fromisoformat(f"{moment}-17T12:00:00+00:00")
    assert months_before(then, months) == datetime.fromisoformat(f"{before}-01").replace(tzinfo=UTC)
    start = months_before(then, 0)
    assert months_before(erased_from(start, months), months) > start, "from then on the last month here is too old"
    assert months_before(months_before(erased_from(start, months), 1), months) <= start
