"""Looking at an archive in a browser, every call beside it; with scorm-again where an author has fetched it."""

from scorm_packages.preview.scorm_again import fetch
from scorm_packages.preview.server import preview_server, run_time

__all__ = ["fetch", "preview_server", "run_time"]
