"""Where a package points that does not hold the module itself: a place with a sign-in of its own."""

from __future__ import annotations

from urllib.parse import urlsplit

from scorm_packages.errors import PackageError

_HOLE = "{module}"


def place_of(module_id: str, pattern: str) -> str:
    """Return the address of a module's live place.

    Only https, and no name or password in it: everybody who opens the package reads the address.

    Raises:
        PackageError: the address is none, or not one to be given away.
    """
    address = pattern.replace(_HOLE, module_id)
    if fault := _fault(address):
        raise PackageError(f"--thin {pattern}: {fault}")
    return address


def _fault(address: str) -> str:
    if any(character.isspace() or character in "\"'<>\\{}" for character in address):
        return (
            "Die Adresse enthält Zeichen, die in einer Adresse nicht stehen dürfen; als Platzhalter gilt nur {module}."
        )
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return "Das ist keine Adresse."
    if parts.scheme != "https" or not host:
        return "Die Adresse muss mit https:// beginnen und einen Rechner nennen."
    if "@" in parts.netloc:
        return "Die Adresse darf weder Name noch Passwort enthalten; alle, die das Paket öffnen, können sie lesen."
    return ""
