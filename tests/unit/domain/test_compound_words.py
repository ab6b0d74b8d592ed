"""Compounds are cut where their parts meet, and words that only look like some stay whole."""

from __future__ import annotations

import pytest

from lti_tool.domain import compound_words
from lti_tool.domain.compound_words import tails


@pytest.mark.parametrize(
    ("word", "ends"),
    [
        ("burgerserviceportal", ("serviceportal", "portal")),
        ("burgerbeteiligungen", ("beteiligungen",)),
        ("strassenbeleuchtung", ("beleuchtung",)),
        ("schulwegplane", ("wegplane", "plane")),
        ("hochwasserschutzkonzept", ("schutzkonzept", "konzept")),
        ("stadtrat", ("rat",)),
        ("fridolinstrasse", ("strasse",)),
        ("hundesteuer", ("steuer",)),
        ("landesrecht", ("recht",)),
    ],
)
def test_a_compound_ends_with_its_parts(word, ends):
    assert tails(word) == ends


WHOLE = """
antwort automatisch beratung deutschland digitalisierung format forderung heirat herausforderung information kandidaten
monat portal rathaus stadt transport unterstutzung veranstaltung verantwortung vereinfachen veroffentlicht verwaltung wirtschaft
"""


@pytest.mark.parametrize("word", WHOLE.split())
def test_what_only_looks_like_a_compound_stays_whole(word):
    assert tails(word) == ()


def test_the_list_is_written_as_texts_are_searched():
    assert {word for word in compound_words._PARTS if not word.isascii() or not word.islower()} == set()


def test_no_word_takes_long_however_it_is_made_up():
    assert tails("rats" * 15 + "x") == ()
    assert tails("stadt" * 5000) == ()
