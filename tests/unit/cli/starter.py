"""Starts `smartcity` as often as it is told, each time as a process of its own that has inherited all imports.

A line of JSON names arguments, folder, environment and where the output goes; the answer is the exit code.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys

from sqlalchemy.orm import configure_mappers

import lti_tool.app
import lti_tool.cli
import lti_tool.cli.doctor
import lti_tool.cli.operation
import lti_tool.db.upgrade

SECONDS = 120


def main() -> None:
    configure_mappers()
    gc.freeze()
    while line := sys.stdin.buffer.readline():
        child = os.fork()
        if child == 0:
            run(**json.loads(line))
            return
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201 -- the answer


def run(arguments: list[str], folder: str, environment: dict[str, str], out: str, err: str) -> None:
    signal.alarm(SECONDS)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, name, flags in ((0, os.devnull, os.O_RDONLY), (1, out, os.O_WRONLY), (2, err, os.O_WRONLY)):
        opened = os.open(name, flags | (os.O_CREAT if number else 0))
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["smartcity", *arguments]
    lti_tool.cli.main()


if __name__ == "__main__":
    main()
