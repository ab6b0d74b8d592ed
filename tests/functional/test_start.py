"""What a web process has loaded once it answers: nothing that only few requests or other commands need."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.factories.plain_content import PLAIN_CONTENT
from tests.functional.conftest import BASE_URL

NOT_AT_THE_START = {
    *("pydantic", "yaml", "markdown_it", "nh3", "lti_tool.curriculum.checks"),  # compile content
    *("openbadgeslib", "typst", "lxml", "pypdf", "xlsxwriter", "segno", "PIL", "scorm_packages"),  # make files
    *("alembic", "redis", "requests_aws4auth", "lti_tool.sandbox"),  # upgrade, share rates, store files, practise
}

PROGRAM = f"""
import sys
from lti_tool.wsgi import app
print(app.test_client().get("/readyz", base_url={BASE_URL!r}).status_code)
print(sorted({NOT_AT_THE_START!r} & set(sys.modules)))
"""


def test_a_web_process_starts_without_what_few_need(database_url):
    environment = {
        "SMARTCITY_BASE_URL": BASE_URL,
        "SMARTCITY_DATABASE_URL": database_url,
        "SMARTCITY_SECRET_KEY": "a secret only for tests, long enough",
        "SMARTCITY_CONTENT_DIR": str(PLAIN_CONTENT),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[-2:] == ["200", "[]"], done.stderr
