"""Building SCORM packages, beside npm's simple-scorm-packager, which renders, grades and checks nothing.

Both put the same files into each archive: the other one gets those of our package, finished.

Usage: python benchmarks/packages.py [--modules 100] [--rounds 3]
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from lti_tool.packaged import PACKAGED_CONTENT

PEER = "simple-scorm-packager@0.2.7"
MODULE = "datenrecht"
MIB = 1024
PEER_SCRIPT = """
const packager = require("simple-scorm-packager");
const [source, out, count] = process.argv.slice(2);
const one = (number) => new Promise((done) => packager({
  version: "1.2", organization: "Stadt", title: `Modul ${number}`, language: "de", masteryScore: 60,
  startingPage: "index.html", source,
  package: { name: `m${number}`, zip: true, outputFolder: out, author: "A", filename: `m${number}` },
}, done));
(async () => { for (let number = 0; number < Number(count); number += 1) await one(number); })();
"""


def many_modules(folder: Path, count: int) -> Path:
    """Copy the content with one module in many copies."""
    shutil.copytree(PACKAGED_CONTENT / "modules" / MODULE, folder / "modules" / f"{MODULE}-0")
    names = [f"{MODULE}-{number}" for number in range(count)]
    for name in names:
        target = folder / "modules" / name
        if not target.exists():
            shutil.copytree(folder / "modules" / names[0], target)
    for name in names:
        file = folder / "modules" / name / "module.yaml"
        text = re.sub(r"^id: .*$", f"id: {name}", file.read_text("utf-8"), flags=re.MULTILINE)
        file.write_text(re.sub(r"^prerequisites: .*\n", "", text, flags=re.MULTILINE), "utf-8")
    (folder / "catalogue.yaml").write_text("modules:\n" + "".join(f"  - {name}\n" for name in names), "utf-8")
    return folder


def run(command: list[str | Path]) -> tuple[float, float, float]:
    """Return wall and CPU seconds, and MiB at most."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / MIB


def peer(folder: Path) -> Path | None:
    """Install the other packager; None where there is no npm."""
    if not shutil.which("npm"):
        print("npm is missing, so simple-scorm-packager is not measured beside it.")
        return None
    install = ["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder, PEER]
    subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
    script = folder / "peer.js"
    script.write_text(PEER_SCRIPT)
    return script


def finished_files(package: Path, folder: Path) -> Path:
    """Unpack what the other packager is to pack; it makes manifest and schemas itself."""
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if not name.endswith((".xsd", ".dtd", ".xml"))])
    return folder


def line(what: str, count: int, runs: list[tuple[float, float, float]]) -> None:
    walls, cpus, sizes = zip(*runs, strict=True)
    wall = f"{statistics.median(walls):.2f} ({min(walls):.2f}-{max(walls):.2f})"
    cpu = f"{statistics.median(cpus):.2f} ({min(cpus):.2f}-{max(cpus):.2f})"
    print(f"| {what} | {count} | {wall} | {cpu} | {max(sizes):.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--modules", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    smartcity = Path(sys.executable).with_name("smartcity")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = peer(folder / "peer")
        print("| what | modules | wall s, median (min-max) | CPU s | MiB |\n|---|---|---|---|---|")
        for count in (1, wanted.modules):
            content = many_modules(folder / f"content-{count}", count)
            out, theirs = folder / f"out-{count}", folder / f"theirs-{count}"
            theirs.mkdir()
            ours: list[str | Path] = [
                smartcity,
                "scorm",
                "build",
                "--all",
                "--content",
                content,
                "--out",
                out,
                "--force",
            ]
            run(ours)
            commands = {"ours: render, grade, check": ours}
            if script:
                site = finished_files(out / f"{MODULE}-0-scorm12.zip", folder / f"site-{count}")
                commands["simple-scorm-packager: the same files"] = ["node", script, site, theirs, str(count)]
            measured: dict[str, list[tuple[float, float, float]]] = {what: [] for what in commands}
            for _ in range(wanted.rounds):
                for what, command in commands.items():
                    measured[what].append(run(command))
            for what, runs in measured.items():
                line(what, count, runs)
        line(
            "ours: one of the packaged modules",
            1,
            [run([smartcity, "scorm", "build", MODULE, "--out", out, "--force"]) for _ in range(wanted.rounds)],
        )


if __name__ == "__main__":
    main()
