"""A Redis for all tests of this folder, empty for each of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.redis_server import RedisServer, running_redis


@pytest.fixture(scope="session")
def redis_process() -> Iterator[RedisServer]:
    with tempfile.TemporaryDirectory(prefix="scl-redis-") as folder, running_redis(Path(folder)) as server:
        yield server


@pytest.fixture
def redis_server(redis_process: RedisServer) -> RedisServer:
    redis_process.run("FLUSHALL")
    return redis_process
