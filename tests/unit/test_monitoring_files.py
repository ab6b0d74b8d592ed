"""Alert rules and dashboard speak of figures that exist, and the rules do what their names say."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from lti_tool.worker.heartbeat import Heartbeat
from tests.functional.conftest import BASE_URL, running_tool

ROOT = Path(__file__).parents[2]
RULES = ROOT / "config" / "prometheus-alerts.yaml"
DASHBOARD = ROOT / "config" / "grafana-dashboard.json"
STORY = ROOT / "tests" / "cases" / "prometheus_alerts_test.yaml"
TOKEN = "a token only for tests, long enough"
SERIES = {"counter": [""], "gauge": [""], "histogram": ["_bucket", "_sum", "_count"]}
LABELS = {"outcome", "status", "route", "registration", "reason", "version", "le", "instance", "job"}


@pytest.fixture
def series(database_url):
    """The name of everything that the tool and its worker show."""
    with running_tool(database_url, SMARTCITY_METRICS_TOKEN=TOKEN) as tool:
        Heartbeat(tool.app.extensions["smartcity"].sessions, tool.clock)()
        headers = {"Authorization": f"Bearer {TOKEN}"}
        text = tool.client.get("/metrics", base_url=BASE_URL, headers=headers).text
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    return {name + ending for name, kind in kinds.items() for ending in SERIES[kind]}


def rules():
    return [rule for group in yaml.safe_load(RULES.read_text("utf-8"))["groups"] for rule in group["rules"]]


def expressions():
    panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    return [rule["expr"] for rule in rules()] + [target["expr"] for panel in panels for target in panel["targets"]]


def test_every_figure_named_there_exists_and_every_figure_is_shown(series):
    named = {name for expression in expressions() for name in re.findall(r"\bsmartcity_\w+", expression)}
    assert named - series == set()
    told = {name.removesuffix("_bucket") for name in series if not name.endswith(("_sum", "_count"))}
    assert told - {name.removesuffix("_bucket") for name in named} == set(), "nobody would ever look at it"


def test_they_group_by_labels_that_exist():
    used = {
        label.strip()
        for expression in expressions()
        for group in re.findall(r"\bby \(([^)]*)\)", expression) + re.findall(r"[{,]\s*(\w+)\s*[=!]", expression)
        for label in group.split(",")
    }
    assert used <= LABELS


def test_every_alert_has_a_name_of_its_own_an_urgency_and_says_what_to_do():
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)
    guide = (ROOT / "docs" / "operating.md").read_text("utf-8")
    for rule in rules():
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["mend"]
        assert f"`{rule['alert']}`" in guide


def test_prometheus_takes_the_rules_and_raises_the_alerts_they_are_for(tmp_path):
    """Told by Prometheus's own tool where it is installed; what it reads is well-formed in any case."""
    promtool = shutil.which("promtool")
    assert all(set(rule) <= {"alert", "expr", "for", "labels", "annotations"} for rule in rules())
    if promtool:
        shutil.copy(RULES, tmp_path)
        shutil.copy(STORY, tmp_path / "story.yaml")
        for command in (["check", "rules", RULES.name], ["test", "rules", "story.yaml"]):
            done = subprocess.run([promtool, *command], cwd=tmp_path, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
