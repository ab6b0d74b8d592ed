from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from flask import Flask
from flask.testing import FlaskClient

from lti_tool.sandbox import PracticeConfig, create_practice_lms
from tests.unit.sandbox.fake_tool import KEYS, FakeTool, SettableClock

PEM = (
    KEYS[1]
    .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    .decode()
)


class PracticeHouse:
    """A practice LMS and its tool; `restart` keeps only what lies in the file."""

    def __init__(self, state_file: Path | None) -> None:
        self._state_file = state_file
        self.clock = SettableClock()
        self.start(PEM)

    def start(self, pem: str | None) -> None:
        config = PracticeConfig(
            clock=self.clock,
            state_file=self._state_file,
            signing_key_pem=pem,
            fetch_keys=lambda url: self.tool.fetch_keys(url),  # noqa: PLW0108 - the tool is made later
        )
        self.app: Flask = create_practice_lms(config)
        self.app.testing = True
        self.client: FlaskClient = self.app.test_client()
        self.tool = FakeTool(self.client, self.clock)


@pytest.fixture
def house(tmp_path: Path) -> PracticeHouse:
    return PracticeHouse(tmp_path / "lms.sqlite3")


@pytest.fixture
def client(house: PracticeHouse) -> FlaskClient:
    return house.client


@pytest.fixture
def tool(house: PracticeHouse) -> FakeTool:
    return house.tool


@pytest.fixture
def clock(house: PracticeHouse) -> SettableClock:
    return house.clock
