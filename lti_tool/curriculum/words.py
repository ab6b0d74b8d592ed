"""The few words that rendering adds to a text, in the text's own language."""

from __future__ import annotations

WORDS = {
    "de": {
        "info": "Hinweis",
        "warning": "Achtung",
        "success": "Merksatz",
        "practice": "Aus der Praxis",
        "table": "Tabelle",
        "tab": "(öffnet neuen Tab)",
        "true": "Richtig",
        "false": "Falsch",
        "check": "Wissensfrage ohne Bewertung",
        "right": "Richtig.",
        "wrong": "Nicht richtig.",
        "transcript": "Mitschrift",
        "captions": "Untertitel",
        "comma": ",",
    },
    "en": {
        "info": "Note",
        "warning": "Caution",
        "success": "Remember",
        "practice": "From practice",
        "table": "Table",
        "tab": "(opens a new tab)",
        "true": "True",
        "false": "False",
        "check": "Knowledge check, not graded",
        "right": "Right.",
        "wrong": "Not right.",
        "transcript": "Transcript",
        "captions": "Captions",
        "comma": ".",
    },
}

_KILO = 1000


def word(language: str, key: str) -> str:
    """Return one word; other languages than German get English ones."""
    return WORDS.get(language, WORDS["en"])[key]


def file_size(size: int, language: str) -> str:
    """Return a size as people read it: "120 KB", "1,4 MB"."""
    if size < _KILO * _KILO:
        return f"{max(1, round(size / _KILO))} KB"
    return f"{size / _KILO / _KILO:.1f} MB".replace(".", word(language, "comma"))
