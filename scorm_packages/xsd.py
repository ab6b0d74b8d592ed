"""The standards' own schemas, as libxml2 can read them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from lxml import etree

from scorm_packages.plan import Edition

FOLDER = Path(__file__).parent / "schemas"
_OF_2004 = ("imscp_v1p1", "adlcp_v1p3", "adlseq_v1p3", "adlnav_v1p3", "imsss_v1p0")
_DRIVERS = {
    Edition.SCORM12: ("imscp_rootv1p1p2", "adlcp_rootv1p2", "imsmd_rootv1p2p1"),
    Edition.SCORM2004: _OF_2004,
    Edition.SCORM2004_3RD: _OF_2004,
    Edition.CMI5: ("CourseStructure",),
}
_MENDED = {
    # A default namespace that XML reserves.
    "ims_xml.xsd": (b'xmlns="http://www.w3.org/XML/1998/namespace"', b""),
    # "Any element" beside named ones: a reader could not tell which rule an element follows.
    "imsmd_rootv1p2p1.xsd": (b'namespace="##any"', b'namespace="##other"'),
}
_LOM = (
    b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://ltsc.ieee.org/xsd/LOM">'
    b'<xs:element name="lom" type="xs:anyType"/></xs:schema>'
)
"""The 3rd edition wants a schema for descriptions where the 4th takes any; IEEE's own has terms that ours has not."""


def schema_files(edition: Edition) -> dict[str, bytes]:
    """Return the files that go into every archive, unchanged; cmi5 has its schema at a fixed address instead."""
    if edition is Edition.CMI5:
        return {}
    folder = FOLDER / edition.suffix
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in {".xsd", ".dtd"}}


@lru_cache
def schema(edition: Edition) -> etree.XMLSchema:
    """Return one schema that knows all namespaces of an edition."""
    parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)
    parser.resolvers.add(_Resolver(edition))
    imports = "".join(
        f'<xs:import namespace="{_target(edition, name)}" schemaLocation="{name}.xsd"/>' for name in _DRIVERS[edition]
    )
    if edition is Edition.SCORM2004_3RD:
        imports += '<xs:import namespace="http://ltsc.ieee.org/xsd/LOM" schemaLocation="lom.xsd"/>'
    driver = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    base = (FOLDER / edition.suffix / "driver.xsd").as_uri()
    return etree.XMLSchema(etree.fromstring(driver.encode(), parser, base_url=base))


def _target(edition: Edition, name: str) -> str:
    root = etree.fromstring(_mended(FOLDER / edition.suffix / f"{name}.xsd"), etree.XMLParser(no_network=True))
    return str(root.get("targetNamespace"))


def _mended(path: Path) -> bytes:
    wrong, right = _MENDED.get(path.name, (b"", b""))
    data = path.read_bytes()
    return data.replace(wrong, right) if wrong else data


class _Resolver(etree.Resolver):  # type: ignore[misc]  # lxml has no types
    """Gives out the mended files, whatever folder they are asked from; nothing comes from the network."""

    def __init__(self, edition: Edition) -> None:
        super().__init__()
        self._folder = FOLDER / edition.suffix

    def resolve(self, url: str, _id: str, context: object) -> object:
        """Find a schema by its file name alone."""
        path = self._folder / url.rpartition("/")[2]
        if path.name == "lom.xsd":
            return self.resolve_string(_LOM, context, base_url=path.as_uri())
        if not path.is_file():
            return self.resolve_empty(context)
        return self.resolve_string(_mended(path), context, base_url=path.as_uri())
