"""Instructors take a module along as a SCORM package; learners do not see that there is one."""

from __future__ import annotations

import pytest

from scorm_packages.verify import verify
from tests.factories.visit import Visit


@pytest.fixture
def ines(tool):
    return Visit(tool.client, tool.launch_as(role="Instructor"))


@pytest.mark.parametrize(("edition", "name"), [("1.2", "scorm12"), ("2004", "scorm2004"), ("cmi5", "cmi5")])
def test_an_instructor_downloads_a_package_that_passes_all_checks(ines, edition, name):
    ines.click("Vorschau als Lernende")
    assert "Als SCORM-Paket herunterladen" in ines.text
    answer = ines.go(f"modules/datenrecht/package/{edition}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="datenrecht-{name}.zip"'
    assert answer.mimetype == "application/zip"
    assert verify(answer.data) == ()


@pytest.mark.parametrize("address", ["modules/datenrecht/package/9", "modules/quatsch/package/1.2"])
def test_what_is_not_there_is_refused(ines, address):
    assert ines.go(address).status_code == 404


def test_learners_get_no_package(tool):
    lea = Visit(tool.client, tool.launch_as())
    assert "SCORM" not in lea.text
    assert lea.go("modules/datenrecht/package/1.2").status_code == 403
