"""Makes XML as a tree, so that it is always well-formed."""

from __future__ import annotations

from lxml import etree

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


class Namespace:
    """Makes elements of one namespace: `imscp.add(parent, "title", "Datenrecht")`."""

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def name(self, local: str) -> str:
        return f"{{{self.uri}}}{local}"

    def add(self, parent: etree._Element, local: str, text: str | None = None, **attributes: str) -> etree._Element:
        """Append an element and return it."""
        made = etree.SubElement(parent, self.name(local), attributes)
        made.text = text
        return made


def serialised(root: etree._Element) -> bytes:
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"
