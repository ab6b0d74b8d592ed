"""What may stand on a card, and what must."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lti_tool.domain.idea_cards import (
    Card,
    CardFault,
    Cost,
    Effort,
    Link,
    Signed,
    Theme,
    faults_of_card,
    faults_of_draft,
    is_https,
)

WHOLE = Card(
    title="Bäume gießen nach Sensor",
    problem="Gegossen wird nach Plan, nicht nach Bedarf.",
    solution="Zwanzig Sensoren messen die Feuchte im Boden.",
    effect="Ein Drittel weniger Fahrten.",
    effort=Effort.WEEKS,
    cost=Cost.BELOW_10000,
    themes=(Theme.CLIMATE,),
    licence_agreed=True,
)


def test_a_whole_card_has_no_fault_and_an_empty_one_can_be_kept():
    assert faults_of_card(WHOLE) == {}
    assert faults_of_draft(Card()) == {}
    missing = {"title", "problem", "solution", "effect", "effort", "cost", "themes", "licence_agreed"}
    assert faults_of_card(Card()) == dict.fromkeys(missing, CardFault.MISSING)


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"title": "x" * 121}, {"title": CardFault.TOO_LONG}),
        ({"law": "x" * 3001}, {"law": CardFault.TOO_LONG}),
        ({"themes": tuple(Theme)}, {"themes": CardFault.TOO_MANY}),
        ({"links": (Link("https://a.example"),) * 6}, {"links": CardFault.TOO_MANY}),
        ({"links": (Link("http://a.example"),)}, {"links": CardFault.NOT_HTTPS}),
        ({"links": (Link("https://a.example/" + "x" * 500),)}, {"links": CardFault.TOO_LONG}),
    ],
)
def test_what_cannot_even_be_kept(change, faults):
    assert faults_of_draft(replace(WHOLE, **change)) == faults


def test_who_is_named_must_be_typed():
    assert faults_of_card(replace(WHOLE, signed=Signed.ROLE)) == {"author_line": CardFault.MISSING}
    assert faults_of_card(replace(WHOLE, signed=Signed.ROLE, author_line="Grünflächenamt")) == {}


@pytest.mark.parametrize("address", ["https://a.example", "https://a.example:8443/b?c=d#e", "https://bäume.example/ä"])
def test_addresses_that_may_stand_on_a_card(address):
    assert is_https(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "a.example", "http://a.example", "javascript:alert(1)", "data:text/html,x", "//a.example", "https://",
        "https:a.example", "https://me:pw@a.example", "https://a.example/ b", "https://a.example/\n",
        'https://a.example/"onclick', "https://[a", "https://a.example:port", "https://a.example\\b", " https://a.example",
    ],
)  # fmt: skip
def test_addresses_that_may_not(address):
    assert not is_https(address)
