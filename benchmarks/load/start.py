"""How long the tool takes from its command to /readyz, and how much memory its web process needs.

    python benchmarks/load/start.py [--rounds 5] [--python PATH]

On SQLite, with the whole catalogue. Memory is that of a process that answers requests, read when it is ready and after
300 launches with a page each. Development packages that lie in the same environment are loaded as well, so name the
python of a plain installation (`scripts/install.sh`) for the true figure.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from launch import MODULE, Browser, Tool, first_page, launch, register
from platform_double import Platform
from processes import cpu_seconds, family, free_port, started

_LAUNCHES = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    platform = Platform(MODULE)
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        environment = {
            "SMARTCITY_BASE_URL": url,
            "SMARTCITY_DATABASE_URL": f"sqlite:///{folder}/a.db",
            "SMARTCITY_SECRET_KEY": "only for measuring, but long enough for the check",
            "SMARTCITY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
            "SMARTCITY_BIND": f"127.0.0.1:{port}",
            "SMARTCITY_WEB_WORKERS": "1",
            "SMARTCITY_LOG_LEVEL": "warning",
        }
        register(platform, environment)
        rounds = [_round(options.python, environment, platform, url) for _ in range(options.rounds)]
    names = (
        *("s to /readyz", "s CPU", "MiB resident when ready", "MiB share (PSS) when ready"),
        *("MiB resident after launches", "MiB share (PSS) after launches"),
    )
    for name, values in zip(names, zip(*rounds, strict=True), strict=True):
        print(f"{name}: {statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})")


def _round(python: str, environment: dict[str, str], platform: Platform, url: str) -> tuple[float, ...]:
    began = time.monotonic()
    with started([python, "-m", "lti_tool.cli", "serve"], environment, f"{url}/readyz") as pid:
        seconds, cpu = time.monotonic() - began, cpu_seconds(pid)
        ready = _memory(pid)
        tool, browser = Tool("ours", url, pid, pages=True), Browser(url)
        for number in range(_LAUNCHES):
            landing = launch(tool, platform, browser, f"person-{number}")
            browser.send("GET", f"{landing}modules/{MODULE}/{first_page()}")
        return seconds, cpu, *ready, *_memory(pid)


def _memory(pid: int) -> tuple[float, float]:
    sizes = Path(f"/proc/{family(pid)[-1]}/smaps_rollup").read_text(encoding="ascii")
    resident, share = (int(re.search(rf"^{name}:\s+(\d+)", sizes, re.MULTILINE)[1]) / 1024 for name in ("Rss", "Pss"))
    return resident, share


if __name__ == "__main__":
    main()
