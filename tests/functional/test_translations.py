"""German and English are complete: every sentence in the code has its English, and nothing else lies about."""

from __future__ import annotations

from babel.messages.mofile import read_mo

from scripts import update_translations as translations


def _sentences(catalog):
    return {message.id for message in catalog if message.id}


def _english(catalog):
    """German sentence (its singular) -> English ones."""
    return {
        message.id if isinstance(message.id, str) else message.id[0]: list(
            [message.string] if isinstance(message.string, str) else message.string
        )
        for message in catalog
        if message.id
    }


def test_every_german_sentence_has_an_english_one():
    assert translations.untranslated(translations.stored()) == []
    assert _sentences(translations.extracted()) - _sentences(translations.stored()) == set()


def test_the_catalogue_holds_no_sentence_that_the_code_no_longer_says():
    assert _sentences(translations.stored()) - _sentences(translations.extracted()) == set()


def test_no_translation_is_marked_as_a_guess():
    assert [message.id for message in translations.stored() if message.id and message.fuzzy] == []


def test_placeholders_are_the_same_in_both_languages():
    faults = [message.id for message in translations.stored() if any(message.check())]
    assert faults == []


def test_the_compiled_catalogue_is_that_of_the_text():
    with translations.TOOL.catalogue.with_suffix(".mo").open("rb") as file:
        compiled = _english(read_mo(file))
    assert compiled == _english(translations.stored())
