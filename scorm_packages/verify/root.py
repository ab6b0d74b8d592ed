"""Reads the XML file that says what a package holds, from whoever made it."""

from __future__ import annotations

from lxml import etree

from scorm_packages.errors import Finding


def read_root(name: str, content: bytes, what: str) -> etree._Element | Finding:
    """Return the root, or why the file cannot be read; entities and addresses in it are never followed.

    Args:
        name: of the file.
        content: of the file.
        what: the file in German words, with its article.
    """
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return Finding(name, f"{what} hat eine DTD oder Entitäten", "beides herausnehmen")
    try:
        return etree.fromstring(content, etree.XMLParser(no_network=True, resolve_entities=False))
    except etree.XMLSyntaxError as error:
        return Finding(name, f"{what} ist kein XML: {error.msg}", "die genannte Stelle verbessern")
