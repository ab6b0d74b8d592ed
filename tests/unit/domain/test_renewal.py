"""When a certificate can be renewed, by what, and that more done never means less earned."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.domain.certification import Completion, Try
from lti_tool.domain.proofs import Proof, certificate_facts
from lti_tool.domain.renewal import Renewal, RenewalState, months_later, renewal, renewed_facts
from tests.unit.domain.test_certification import CATALOGUE, PASSED, RULE

ISSUED = datetime(2026, 11, 25, 12, tzinfo=UTC)
END = datetime(2028, 11, 25, 12, tzinfo=UTC)
ENDING = replace(RULE, validity_months=24, refresher=("r1", "e1"), refresh_months=6)
DAY = timedelta(days=1)


def issued(**changed) -> Proof:
    proof = Proof(
        id="A" * 22,
        facts=certificate_facts(ENDING, CATALOGUE),
        recipient="urn:uuid:1",
        issued_at=ISSUED,
        valid_until=END,
        status_list=1,
        status_index=1,
    )
    return replace(proof, **changed)


def tried(at: datetime, *, share: str = "3/5", passed: bool = False) -> Completion:
    return Completion(2, Fraction(share), passed=True, tries=(Try(at, Fraction(share), passed),))


def renewed(*proofs: Proof, now: datetime = END - DAY, rule=ENDING, **completions: Completion) -> Renewal:
    found = renewal(rule, CATALOGUE, proofs or (issued(),), completions, now)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (datetime(2028, 5, 25, 11, tzinfo=UTC), RenewalState.NOT_YET),
        (datetime(2028, 5, 25, 12, tzinfo=UTC), RenewalState.DUE),
        (END - timedelta(seconds=1), RenewalState.DUE),
        (END, RenewalState.OVER),
    ],
)
def test_it_is_due_from_so_many_months_before_its_end(now: datetime, state: RenewalState) -> None:
    assert renewed(now=now).state is state


@pytest.mark.parametrize(
    ("completion", "done"),
    [
        (PASSED, False),
        (tried(ISSUED), False),
        (tried(ISSUED + DAY), True),
        (tried(ISSUED + DAY, share="1/2"), False),
        (tried(ISSUED + DAY, share="1/2", passed=True), True),
        (Completion(passed=True, credit="SCORM", credited_at=ISSUED - DAY), False),
        (Completion(passed=True, credit="SCORM", credited_at=ISSUED + DAY), True),
    ],
)
def test_what_was_passed_or_credited_after_the_issue_counts_as_refreshed(completion: Completion, done: bool) -> None:
    assert [module.done for module in renewed(r1=completion).modules] == [done, False]


def test_before_its_time_and_with_something_missing_it_cannot_be_renewed() -> None:
    both = {"r1": tried(ISSUED + DAY), "e1": tried(ISSUED + DAY)}
    assert renewed(**both).possible
    assert renewed(now=END + DAY, **both).possible
    assert not renewed(now=ISSUED + 2 * DAY, **both).possible
    assert not renewed(r1=both["r1"]).possible


def test_a_certificate_that_does_not_end_and_nobodys_certificate_need_no_renewal() -> None:
    assert renewal(ENDING, CATALOGUE, (issued(valid_until=None),), {}, END) is None
    assert renewal(ENDING, CATALOGUE, (), {}, END) is None
    fraud = issued(revoked_at=ISSUED + DAY, revoked_reason="Täuschung")
    assert renewal(ENDING, CATALOGUE, (fraud,), {}, END) is None


def test_another_name_or_taking_it_back_neither_loses_what_was_refreshed_nor_moves_the_end() -> None:
    before = issued(revoked_at=ISSUED + 9 * DAY, revoked_reason="replaced")
    after = issued(issued_at=ISSUED + 9 * DAY)
    both = {"r1": tried(ISSUED + DAY), "e1": tried(ISSUED + DAY)}
    assert renewed(after, before, **both).possible
    withdrawn = issued(revoked_at=ISSUED + 9 * DAY, revoked_reason="withdrawn")
    assert renewed(withdrawn, now=END + DAY).state is RenewalState.OVER


def test_the_next_certificate_asks_for_its_own_refreshers() -> None:
    following = issued(issued_at=END - 9 * DAY, valid_until=END + 700 * DAY)
    assert renewed(following, issued(), now=END + 699 * DAY, r1=tried(ISSUED + DAY)).missing == 2


def test_where_more_is_asked_for_today_the_renewed_certificate_says_what_it_said() -> None:
    stricter = replace(ENDING, title="Neuer Titel", required=("r1", "r2", "e1"), validity_months=12)
    current = renewed(rule=stricter)
    facts = renewed_facts(current, stricter, CATALOGUE, {})
    assert (facts.title, facts.validity_months) == ("X", 12)
    everything = dict.fromkeys(("r1", "r2", "e1", "e2", "e3"), PASSED)
    assert renewed_facts(current, stricter, CATALOGUE, everything).title == "Neuer Titel"


@pytest.mark.parametrize(
    ("start", "months", "expected"), [("2026-08-31", 6, "2027-02-28"), ("2027-03-31", -1, "2027-02-28")]
)
def test_months_end_with_the_month(start: str, months: int, expected: str) -> None:
    assert months_later(datetime.fromisoformat(start), months) == datetime.fromisoformat(expected)


MOMENTS = st.integers(-40, 800).map(lambda days: ISSUED + days * DAY)
TRIES = st.lists(st.builds(Try, MOMENTS, st.fractions(0, 1, max_denominator=10), st.booleans()), max_size=4)


@given(tries=TRIES, more=TRIES, now=MOMENTS, later=st.integers(0, 400))
def test_more_done_and_more_time_never_mean_less_earned(
    tries: list[Try], more: list[Try], now: datetime, later: int
) -> None:
    few, many = Completion(tries=tuple(tries)), Completion(tries=tuple(more + tries))
    before = renewed(now=now, r1=few, e1=few)
    after = renewed(now=now + later * DAY, r1=many, e1=few)
    assert after.missing <= before.missing
    assert after.possible >= before.possible
