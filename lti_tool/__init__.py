"""Smart City learning inside Moodle and ILIAS."""

__version__ = "0.1.0"
