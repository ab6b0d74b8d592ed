"""An object store of our own for tests: moto's server, a process of its own, speaking S3 on loopback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import boto3

from lti_tool.app import make_s3
from lti_tool.settings import load_settings
from lti_tool.storage.s3 import S3Store

BUCKET = "lernen-abgaben"
KEYS = {"SMARTCITY_S3_ACCESS_KEY": "the-tools-key", "SMARTCITY_S3_SECRET_KEY": "a secret of the store"}
_ANYBODY = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
_MINIMAL = {
    "SMARTCITY_BASE_URL": "https://tool.example",
    "SMARTCITY_DATABASE_URL": "sqlite:////nowhere",
    "SMARTCITY_SECRET_KEY": "a secret only for tests, long enough",
}


@dataclass(frozen=True)
class ObjectStore:
    """A server; what it holds is looked at with Amazon's own client."""

    address: str
    process: subprocess.Popen[bytes]

    @property
    def settings(self) -> dict[str, str]:
        return {**s3_settings(self.address), "SMARTCITY_FILES_STORE": "s3"}

    @property
    def client(self):
        return boto3.client("s3", endpoint_url=self.address, region_name="us-east-1", **_ANYBODY)

    def objects(self) -> dict[str, bytes]:
        listed = self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return {
            entry["Key"]: self.client.get_object(Bucket=BUCKET, Key=entry["Key"])["Body"].read() for entry in listed
        }

    def empty(self) -> None:
        for key in self.objects():
            self.client.delete_object(Bucket=BUCKET, Key=key)

    @contextmanager
    def guarded(self) -> Iterator[tuple[str, str]]:
        """Let the server check signatures and rights; yields a key that may read and write, but not delete."""
        iam = boto3.client("iam", endpoint_url=self.address, region_name="us-east-1", **_ANYBODY)
        iam.create_user(UserName="tool")
        allowed = {
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": f"arn:aws:s3:::{BUCKET}/*",
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        iam.put_user_policy(UserName="tool", PolicyName="files", PolicyDocument=policy)
        key = iam.create_access_key(UserName="tool")["AccessKey"]
        self._check_after(0)
        yield key["AccessKeyId"], key["SecretAccessKey"]
        self._check_after(1_000_000_000)

    def _check_after(self, requests: int) -> None:
        url, plain = f"{self.address}/moto-api/reset-auth", {"Content-Type": "text/plain"}
        asked = urllib.request.Request(url, str(requests).encode(), plain, method="POST")
        urllib.request.urlopen(asked, timeout=30).close()


def s3_settings(address: str) -> dict[str, str]:
    return {"SMARTCITY_S3_ENDPOINT": address, "SMARTCITY_S3_BUCKET": BUCKET, **KEYS}


def store_at(address: str, access_key: str = "anybody", secret_key: str = "a secret of the store") -> S3Store:
    """The tool's own store, as its settings make it."""
    keys = {"SMARTCITY_S3_ACCESS_KEY": access_key, "SMARTCITY_S3_SECRET_KEY": secret_key}
    store = make_s3(load_settings({**_MINIMAL, **s3_settings(address), **keys}))
    assert store is not None
    return store


@contextmanager
def running_object_store() -> Iterator[ObjectStore]:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as out:
            command = [sys.executable, "-m", "moto.server", "--port", "0", "--host", "127.0.0.1"]
            process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, "PYTHONUNBUFFERED": "1"})
        try:
            store = ObjectStore(_address(log), process)
            store.client.create_bucket(Bucket=BUCKET)
            yield store
        finally:
            process.terminate()
            process.wait(30)


def _address(log: Path) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8"))
        if found and _answers(found[0]):
            return found[0]
        time.sleep(0.05)
    raise AssertionError("no object store")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/moto-api/", timeout=5):
            return True
    except (URLError, OSError):
        return False
