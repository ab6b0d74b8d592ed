"""German and English are complete: every sentence in the code has its English, and nothing else lies about."""

from __future__ import annotations

import pytest

from scripts import update_translations as translations


def _sentences(catalog):
    return {(message.context, message.id) for message in catalog if message.id}


pytestmark = pytest.mark.parametrize("surface", [translations.TOOL, translations.OFFLINE], ids=["tool", "packages"])


def test_every_german_sentence_has_an_english_one(surface):
    assert translations.untranslated(translations.stored(surface)) == []
    assert _sentences(translations.extracted(surface)) - _sentences(translations.stored(surface)) == set()


def test_the_catalogue_holds_no_sentence_that_the_code_no_longer_says(surface):
    assert _sentences(translations.stored(surface)) - _sentences(translations.extracted(surface)) == set()


def test_no_translation_is_marked_as_a_guess(surface):
    assert [message.id for message in translations.stored(surface) if message.id and message.fuzzy] == []


def test_placeholders_are_the_same_in_both_languages(surface):
    faults = [message.id for message in translations.stored(surface) if any(message.check())]
    assert faults == []


def test_the_compiled_catalogue_is_that_of_the_text(surface):
    compiled = surface.catalogue.with_suffix(".mo").read_bytes()
    assert compiled == translations.compiled(translations.stored(surface))
