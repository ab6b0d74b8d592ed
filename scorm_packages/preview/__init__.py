"""Looking at an archive in a browser, with a small run-time that shows every call beside it."""

from scorm_packages.preview.server import preview_server

__all__ = ["preview_server"]
