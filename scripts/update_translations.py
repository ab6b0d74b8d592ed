"""Bring the English catalogues up to date with the German sentences in the code, and compile them.

The tool has one, the offline packages have another; both use the templates of `curriculum`.

Usage: python scripts/update_translations.py

New sentences arrive empty, changed ones are never guessed: fill them in, run it again, commit both files.
`tests/functional/test_translations.py` fails until nothing is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "lti_tool" / "web"
SHARED = ROOT / "lti_tool" / "curriculum"
PACKAGES = ROOT / "scorm_packages"
EPOCH = datetime(2026, 11, 22, tzinfo=UTC)
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]


@dataclass(frozen=True)
class Surface:
    """Something that speaks: where its sentences stand, and their English."""

    folders: tuple[Path, ...]

    @property
    def catalogue(self) -> Path:
        return self.folders[0] / "translations" / "en" / "LC_MESSAGES" / "messages.po"


TOOL = Surface((WEB, SHARED))
OFFLINE = Surface((PACKAGES, SHARED))


def extracted(surface: Surface = TOOL) -> Catalog:
    """Return every sentence that the code marks for translation."""
    catalog = Catalog(project="Smart City Lernen", charset="utf-8")
    for folder in surface.folders:
        found = extract_from_dir(folder, method_map=METHODS, keywords=DEFAULT_KEYWORDS)
        for file, line, message, comments, context in sorted(found, key=lambda entry: (entry[0], entry[1])):
            place = (f"{folder.relative_to(ROOT).as_posix()}/{file}", line)
            catalog.add(message, locations=[place], auto_comments=comments, context=context)
    return catalog


def stored(surface: Surface = TOOL) -> Catalog:
    """Return the English catalogue as committed."""
    with surface.catalogue.open("rb") as file:
        return read_po(file, locale="en", domain="messages")


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue in the form that programs read."""
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def main() -> None:
    tool = _english(stored())
    for surface in (TOOL, OFFLINE):
        known = _english(stored(surface)) if surface.catalogue.exists() else {}
        catalog = _empty()
        for message in extracted(surface):
            if message.id:
                key = message.context, message.id
                catalog.add(message.id, known.get(key) or tool.get(key, message.string), context=message.context)
        surface.catalogue.parent.mkdir(parents=True, exist_ok=True)
        with surface.catalogue.open("wb") as file:
            write_po(file, catalog, width=120, sort_output=True)
        surface.catalogue.with_suffix(".mo").write_bytes(compiled(stored(surface)))
        print(f"{surface.folders[0].name}: {len(catalog)} sentences, {len(untranslated(catalog))} without translation")


def _english(catalog: Catalog) -> dict[tuple[str | None, object], object]:
    """German sentences, each with the context that tells its meanings apart, to English ones."""
    return {(message.context, message.id): message.string for message in catalog}


def _empty() -> Catalog:
    """A catalogue whose header says nothing that changes from run to run."""
    return Catalog(
        locale="en",
        domain="messages",
        header_comment="# English sentences of Smart City Lernen. The message id is the German sentence.",
        project="Smart City Lernen",
        version="1",
        msgid_bugs_address="see README.md",
        last_translator="Smart City Lernen",
        language_team="Smart City Lernen",
        creation_date=EPOCH,
        revision_date=EPOCH,
        charset="utf-8",
        fuzzy=False,
    )


def untranslated(catalog: Catalog) -> list[str | tuple[str, ...]]:
    """Return the German sentences that have no English, or not in all its plural forms."""
    strings = [(m.id, (m.string,) if isinstance(m.string, str) else tuple(m.string or ("",))) for m in catalog if m.id]
    return [sentence for sentence, translations in strings if not all(translations)]


if __name__ == "__main__":
    main()
