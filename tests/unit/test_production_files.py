"""The files of docs/production.md fit each other, the settings and the programs that read them."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from lti_tool.settings import variables

CONFIG = Path(__file__).parents[2] / "config"
DOCS = CONFIG.parent / "docs"
COMPOSE = yaml.safe_load((CONFIG / "compose.yaml").read_text(encoding="utf-8"))
OF_THE_TOOL = {name: it for name, it in COMPOSE["services"].items() if it["image"] == "smart-city-lernen"}
KNOWN = {name for name, _, _ in variables()}


def test_a_shell_and_systemd_read_the_same_from_the_example_settings(tmp_path):
    text = re.sub(r"^#(?=SMARTCITY_)", "", (CONFIG / "example.env").read_text(encoding="utf-8"), flags=re.MULTILINE)
    (tmp_path / "all.env").write_text(text, encoding="utf-8")
    as_systemd = {name: value.strip('"') for name, value in re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE)}
    shell = ["sh", "-eu", "-c", 'set -a; . "$0"; env', str(tmp_path / "all.env")]
    said = subprocess.run(shell, check=True, capture_output=True, text=True, env={"PATH": os.environ["PATH"]}).stdout
    as_shell = dict(line.split("=", 1) for line in said.splitlines() if line.startswith("SMARTCITY_"))
    assert as_shell == as_systemd
    assert set(as_shell) <= KNOWN | {f"{name}_FILE" for name in KNOWN}


@pytest.mark.parametrize("name", OF_THE_TOOL)
def test_a_container_of_the_tool_writes_only_into_its_volumes_and_is_told_known_settings(name):
    service = OF_THE_TOOL[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["env_file"] == [".env"]
    told = {variable.removesuffix("_FILE") for variable, value in service["environment"].items() if value}
    assert told <= KNOWN


def test_content_is_taken_up_without_a_signal_by_the_engine_which_then_restarts_nothing():
    assert COMPOSE["services"]["web"]["environment"]["SMARTCITY_PIDFILE"].startswith("/tmp/")  # noqa: S108 -- a tmpfs
    for page in ("operating.md", "production.md"):
        assert "compose kill -" not in (DOCS / page).read_text(encoding="utf-8")


def test_the_image_can_back_up_the_database_beside_it():
    client = re.search(r"postgresql-client-(\d+)", (CONFIG / "Containerfile").read_text(encoding="utf-8"))
    server = re.match(r"postgres:(\d+)", COMPOSE["services"]["database"]["image"])
    assert client is not None
    assert server is not None
    assert int(client[1]) >= int(server[1])
    assert COMPOSE["services"]["cli"]["working_dir"] in str(COMPOSE["services"]["cli"]["volumes"])


def test_every_folder_that_is_mounted_is_there_or_made_by_the_instructions():
    mounts = [mount for service in COMPOSE["services"].values() for mount in service.get("volumes", [])]
    sources = {mount.partition(":")[0] for mount in mounts if mount.startswith("./")}
    instructions = (DOCS / "production.md").read_text(encoding="utf-8")
    made = re.findall(r"^(?:mkdir|install -d) [^#\n]*?(\w+) *(?:#|$)", instructions, re.MULTILINE)
    assert [source for source in sources if not (CONFIG / source).exists() and Path(source).name not in made] == []


def test_the_units_are_shut_in_alike():
    units = {path.name: path.read_text(encoding="utf-8") for path in (CONFIG / "systemd").glob("*.service")}
    walls = {
        name: re.findall(r"^(?:NoNew|Cap|Amb|Prot|Priv|Restrict|Lock|Remove|System|UMask).*$", text, re.MULTILINE)
        for name, text in units.items()
    }
    assert len(set(map(tuple, walls.values()))) == 1
    assert len(walls["smartcity.service"]) > 20


def test_the_page_for_when_nobody_answers_needs_nobody():
    assert "depends_on" not in COMPOSE["services"]["proxy"]  # compose would stop it for each new version of the tool
    page = (CONFIG / "proxy" / "away.html").read_text(encoding="utf-8")
    assert not re.search(r"src=|href=|url\(|<script", page)
    for proxy in ("Caddyfile", "nginx.example.conf"):
        assert "/away.html" in (CONFIG / "proxy" / proxy).read_text(encoding="utf-8")
