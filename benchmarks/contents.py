"""What content costs: loading the whole catalogue, loading 1,000 modules, checking 10,000 pages.

Modules are copies of the packaged ones under other names. Each figure comes from a process of its own.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from lti_tool.packaged import PACKAGED_CONTENT

MEASURE = """
import gc, json, sys, time, tracemalloc
from pathlib import Path
from lti_tool.curriculum.checks import check
from lti_tool.curriculum.loader import load_catalogue

def resident():
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

what, folder = sys.argv[1], Path(sys.argv[2])
before, cpu, wall = resident(), time.process_time(), time.perf_counter()
kept = load_catalogue(folder) if what == "load" else check(folder)
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
peak = int(status["VmHWM"].split()[0]) / 1024
print(json.dumps({"cpu": cpu, "wall": wall, "kept": resident() - before, "peak": peak}))
"""


def generate(folder: Path, modules: int) -> int:
    """Write a catalogue of so many modules; return its number of pages."""
    originals = sorted(path for path in (PACKAGED_CONTENT / "modules").iterdir() if (path / "quiz.yaml").exists())
    pages = 0
    for number in range(modules):
        original = originals[number % len(originals)]
        for path in sorted(path for path in original.rglob("*") if path.is_file()):
            target = folder / "modules" / f"modul-{number}" / path.relative_to(original)
            target.parent.mkdir(parents=True, exist_ok=True)
            data = path.read_bytes()
            if path.name == "module.yaml":
                text = re.sub(r"^prerequisites:.*$", "prerequisites: []", data.decode(), flags=re.MULTILINE)
                data = re.sub(r"^id: .*$", f"id: modul-{number}", text, count=1, flags=re.MULTILINE).encode()
            target.write_bytes(data)
            pages += path.suffix == ".md"
    names = "".join(f"  - modul-{number}\n" for number in range(modules))
    (folder / "catalogue.yaml").write_text(f"modules:\n{names}", "utf-8")
    return pages


def measured(what: str, folder: Path) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-c", MEASURE, what, folder], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def line(name: str, figures: dict[str, float], aim: str) -> None:
    seconds = f"{figures['cpu']:.2f} | {figures['wall']:.2f}"
    print(f"| {name} | {seconds} | {figures['kept']:.0f} | {figures['peak']:.0f} | {aim} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--modules", type=int, default=1000)
    parser.add_argument("--pages", type=int, default=10_000)
    options, _ = parser.parse_known_args()
    print("| content | CPU s | wall s | MiB kept | MiB at most | aim |")
    print("|---|---|---|---|---|---|")
    line("load the packaged catalogue", measured("load", PACKAGED_CONTENT), "1.0 s CPU, 25 MiB kept")
    with tempfile.TemporaryDirectory() as name:
        pages = generate(Path(name), options.modules)
        line(f"load {options.modules} modules, {pages} pages", measured("load", Path(name)), "30 s, 300 MiB kept")
    with tempfile.TemporaryDirectory() as name:
        pages = generate(Path(name), options.pages // 6)
        line(f"check {pages} pages", measured("check", Path(name)), "20 s")


if __name__ == "__main__":
    main()
