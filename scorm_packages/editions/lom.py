"""Metadata of a module as LOM has it: title, language, keywords, provider, duration, licence, in the valid order."""

from __future__ import annotations

from lxml import etree

from lti_tool.curriculum.model import Module
from scorm_packages.editions.tree import Namespace
from scorm_packages.plan import Unit


class Lom:
    """As IEEE writes it, and SCORM 2004; `scorm12` spells some of it differently."""

    namespace = Namespace("http://ltsc.ieee.org/xsd/LOM")
    scheme = ("metadataSchema", "LOMv1.0")
    time = "duration"
    day = "dateTime"
    publisher = "publisher"

    def describe(self, metadata: etree._Element, unit: Unit) -> None:
        """Add what is said about a module."""
        module = unit.module
        lom = self.add(metadata, "lom")
        general = self.add(lom, "general")
        self.words(general, "title", module.title, module.language)
        self.add(general, "language", module.language)
        self.words(general, "description", remark(unit), module.language)
        for keyword in ("Smart City", *sorted(module.competences)):
            self.words(general, "keyword", keyword, module.language)
        self._origin(self.add(lom, "lifeCycle"), module)
        self.add(self.add(lom, "metaMetadata"), *self.scheme)
        self.add(self.add(lom, "technical"), "format", "text/html")
        educational = self.add(lom, "educational")
        self.add(self.add(educational, "typicalLearningTime"), self.time, duration(module.minutes))
        rights = self.add(lom, "rights")
        self.term(rights, "copyrightAndOtherRestrictions", "yes")
        self.words(rights, "description", module.licence, module.language)

    def _origin(self, cycle: etree._Element, module: Module) -> None:
        self.version(cycle, module)
        contribute = self.add(cycle, "contribute")
        self.term(contribute, "role", self.publisher)
        self.card(contribute, f"FN:{module.provider}\nORG:{module.provider}\nEND:VCARD")
        self.add(self.add(contribute, "date"), self.day, module.stand.isoformat())

    def add(self, parent: etree._Element, local: str, text: str | None = None) -> etree._Element:
        """Append an element and return it."""
        return self.namespace.add(parent, local, text)

    def words(self, parent: etree._Element, local: str, text: str, tongue: str) -> None:
        """Append a text in a language."""
        self.namespace.add(self.add(parent, local), "string", text, language=tongue)

    def term(self, parent: etree._Element, local: str, value: str) -> None:
        """Append a word of LOM's own."""
        element = self.add(parent, local)
        self.add(element, "source", "LOMv1.0")
        self.add(element, "value", value)

    def version(self, cycle: etree._Element, module: Module) -> None:
        self.words(cycle, "version", module.version, module.language)

    def card(self, contribute: etree._Element, text: str) -> None:
        self.add(contribute, "entity", f"BEGIN:VCARD\nVERSION:3.0\n{text}")


def duration(minutes: int) -> str:
    """Write PT1H30M."""
    hours, rest = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest or not hours else "")


def remark(unit: Unit) -> str:
    """Say what is left out of the package, in the metadata's language of the content."""
    if unit.place:
        return f"{unit.module.summary} Hinweis: Dieses Paket enthält das Modul nicht, es führt zu ihm."
    left_out = len(unit.left_out) + (len(unit.module.assignment.questions) if unit.module.assignment else 0)
    if not left_out:
        return unit.module.summary
    return (
        f"{unit.module.summary} Hinweis: Was eine Person bewertet (Aufgaben: {left_out}), geben Teilnehmende im Kurs "
        "ab; in diesem Paket zählt es nicht."
    )
