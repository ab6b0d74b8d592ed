"""Several processes count together, and neither their files nor their labels grow with time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import json, os, signal, sys
from pathlib import Path
from lti_tool.metric_files import share_between_processes, shared_folder
share_between_processes()
from lti_tool import metrics

def child(number):
    metrics.LAUNCHES.labels("ok").inc()
    metrics.CONNECTIONS.set(5)
    os.write(write, b"x")
    if number % 2:
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(0)

for number in range(8):  # one after the other, as a server replaces its processes
    read, write = os.pipe()
    if not os.fork():
        child(number)
    os.wait()
metrics.CONNECTIONS.set(2)
text = metrics.exposed().decode()
print(json.dumps({"text": text, "files": sorted(p.name for p in shared_folder().iterdir()), "folder": str(shared_folder())}))
if "killed" in sys.argv:
    os.kill(os.getpid(), signal.SIGKILL)
from lti_tool.metric_files import delete_shared_folder
delete_shared_folder()
"""


def run(tmp_path, *arguments):
    environment = {name: value for name, value in os.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env={**environment, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_what_replaced_processes_counted_is_kept_in_the_files_of_those_that_follow(tmp_path):
    told = run(tmp_path)
    assert 'smartcity_launches_total{outcome="ok"} 8.0' in told["text"]
    assert "smartcity_database_connections 2.0" in told["text"], "the dead hold no connections"
    assert [name for name in told["files"] if name.endswith(".seat")] == ["0.seat", "1.seat"]
    assert not Path(told["folder"]).exists()


def test_the_folder_of_a_killed_server_is_deleted_by_the_next_one(tmp_path):
    left = Path(run(tmp_path, "killed")["folder"])
    assert left.exists()
    run(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_labels_from_outside_end_at_a_number():
    from lti_tool.metrics import Few

    few = Few(2)
    assert [few(value) for value in (1, 2, 3, 1, 4)] == ["1", "2", "other", "1", "other"]


def test_a_failed_grade_is_counted_by_its_outcome_and_against_its_platform():
    from lti_tool import metrics

    metrics.count_failed_grade(7, "permanent", "ags.forbidden")
    text = metrics.exposed().decode()
    assert 'smartcity_platform_errors_total{reason="ags.forbidden",registration="7"} 1.0' in text
    assert 'smartcity_grades_total{outcome="failed"}' in text


RACE = """
import os, sys
from pathlib import Path
from lti_tool.metric_files import delete_shared_folder, share_between_processes, shared_folder
children = []
for number in range(6):  # servers that start at the same time, again and again
    if not (child := os.fork()):
        for _ in range(40):
            os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
            share_between_processes()
            if not list(shared_folder().glob("*.seat")):
                os._exit(1)
            delete_shared_folder()
        os._exit(0)
    children.append(child)
sys.exit(any(os.waitpid(child, 0)[1] for child in children))
"""


def test_servers_that_start_at_the_same_time_leave_each_others_folders_alone(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}
    subprocess.run([sys.executable, "-c", RACE], env={**environment, "TMPDIR": str(tmp_path)}, check=True)
    assert not list(tmp_path.iterdir())
