"""Checks an archive as an LMS, a town's security officer and a learner would; our own before it is written."""

from scorm_packages.verify.archive import verify

__all__ = ["verify"]
