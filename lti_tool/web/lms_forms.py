"""The fields of the LMS's own forms for a tool, in their order and words, with what belongs into each.

German words by Moodle's language pack and ILIAS's language file; they are names on somebody else's screen and therefore
not translated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lti_tool.lti.dynamic_registration import DESCRIPTION, ICON, NAME


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        german: its label in the German LMS.
        english: its label in the English LMS.
        value: what to put in.
        copied: True for a value to copy, False for one to choose from a list.
    """

    german: str
    english: str
    value: str
    copied: bool = True


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """The tool's addresses as a platform needs them."""

    base_url: str

    @property
    def launch(self) -> str:
        return f"{self.base_url}/lti/launch"

    @property
    def login(self) -> str:
        return f"{self.base_url}/lti/login"

    @property
    def keys(self) -> str:
        return f"{self.base_url}/lti/jwks"


def moodle_fields(base_url: str) -> Iterator[Field]:
    """Yield the fields of Moodle 4.5, „Tools verwalten › Tool manuell konfigurieren“."""
    own = OwnAddresses(base_url)
    yield Field("Name des Tools", "Tool name", NAME)
    yield Field("Tool URL", "Tool URL", own.launch)
    yield Field("Tool-Beschreibung", "Tool description", DESCRIPTION)
    yield Field("LTI Version", "LTI version", "LTI 1.3", copied=False)
    yield Field("Öffentlicher Schlüsseltyp", "Public key type", "Schlüsselsatz-URL (Keyset URL)", copied=False)
    yield Field("Öffentlicher Schlüsselsatz", "Public keyset", own.keys)
    yield Field("Anmelde-URL", "Initiate login URL", own.login)
    yield Field("Umleitungs-URI(s)", "Redirection URI(s)", own.launch)
    yield Field(
        "Verwendung der Toolkonfiguration",
        "Tool configuration usage",
        "In Aktivitätsauswahl als vorkonfiguriertes Tool anzeigen (Show in activity chooser …)",
        copied=False,
    )
    yield Field(
        "Standard-Startcontainer",
        "Default launch container",
        "Eingebettet ohne Blöcke (Embed, without blocks)",
        copied=False,
    )
    yield Field(
        "Unterstützt Deep Linking (Content-Item Message)", "Supports Deep Linking", "ankreuzen (tick)", copied=False
    )
    yield Field("Inhalts-URL", "Content Selection URL", own.launch)
    yield Field("Icon URL", "Icon URL (Show more …)", f"{base_url}{ICON}")
    yield Field(
        "Services › IMS LTI Assignment and Grade Services",
        "Services › IMS LTI Assignment and Grade Services",
        "Use this service for grade sync and column management",
        copied=False,
    )
    yield Field(
        "Datenschutz › Anwendername an Tool übergeben",
        "Privacy › Share launcher's name with tool",
        "Nie oder Immer (Never or Always)",
        copied=False,
    )
    yield Field(
        "Datenschutz › E-Mail des Anwenders an Tool übergeben",
        "Privacy › Share launcher's email with tool",
        "Nie (Never)",
        copied=False,
    )
    yield Field(
        "Datenschutz › Bewertungen aus dem Tool akzeptieren",
        "Privacy › Accept grades from the tool",
        "Wie in der Deep Linking-Definition angegeben … (As specified in Deep Linking definition …)",
        copied=False,
    )


def ilias_fields(base_url: str) -> Iterator[Field]:
    """Yield the fields of ILIAS 8 to 11, „Provider bzw. Tool global für alle Benutzer hinzufügen“."""
    own = OwnAddresses(base_url)
    yield Field("Titel", "Title", NAME)
    yield Field("Beschreibung", "Description", DESCRIPTION)
    yield Field("Verfügbarkeit", "Availability", "für neue und bestehende Objekte", copied=False)
    yield Field("LTI Version", "LTI version", "Version 1.3", copied=False)
    yield Field("Login URL", "Login URL", own.launch)
    yield Field("Initiate Login URL", "Initiate Login URL", own.login)
    yield Field("Redirection URIs", "Redirection URIs", own.launch)
    yield Field("Typ des öffentlichen Schlüssels: URL (Json Web Token)", "Public key type: URL", own.keys)
    yield Field("Unterstützung für Deep Linking", "Support for Deep Linking", "ankreuzen (tick)", copied=False)
    yield Field("Inhalts-URL", "Content URL", own.launch)
    yield Field(
        "Grade synchronisation (ab ILIAS 9)", "Grade synchronisation (ILIAS 9 and later)", "ein (on)", copied=False
    )
    yield Field(
        "Benutzeridentifikation", "User identification", "Hash (sha256) oder Benutzer-ID, nicht zufällig", copied=False
    )
    yield Field("Benutzername", "User name", "vollständiger Name oder keiner", copied=False)
    yield Field(
        "Provider bzw. Tool unterstützt Outcome Service",
        "Provider supports Outcome Service",
        "ankreuzen, Mastery Score wie die Bestehensgrenze der Module (60 %)",
        copied=False,
    )
    yield Field("LTI-Benutzer ist immer Lernender", "LTI user is always learner", "aus (off)", copied=False)
    yield Field("Provider-ID bzw. Tool-ID verwenden", "Use provider ID", "aus (off)", copied=False)
    yield Field("Kategorie", "Category", "beliebig (any)", copied=False)
