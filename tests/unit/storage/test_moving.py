"""One file moves: never without a copy that is right, never against an erasure that comes in between."""

from __future__ import annotations

from hashlib import sha256

import pytest

from lti_tool.storage.errors import Fault, StoreFailed
from lti_tool.storage.folder import FolderStore
from lti_tool.storage.moving import FileMove, Outcome

KEY = "1/abc"
DATA = b"an answer"
DIGEST = sha256(DATA).hexdigest()


class Forgetful(FolderStore):
    """A store that says yes and keeps something else."""

    def put(self, key, data):
        super().put(key, data[:-1])


@pytest.fixture
def places(tmp_path):
    source = FolderStore(tmp_path / "source")
    source.put(KEY, DATA)
    return source, tmp_path / "target"


def test_a_copy_that_is_not_right_costs_nothing(places):
    source, folder = places
    with pytest.raises(StoreFailed) as failed:
        FileMove(source, Forgetful(folder), lambda _key: True)(KEY, DIGEST)
    assert failed.value.fault is Fault.DAMAGED
    assert source.get(KEY) == DATA


def test_a_file_that_is_erased_while_it_moves_is_in_neither_place_afterwards(places):
    source, folder = places
    target = FolderStore(folder)

    def erased(key):
        source.delete(key)
        return False

    assert FileMove(source, target, erased)(KEY, DIGEST) is Outcome.GONE
    for store in (source, target):
        with pytest.raises(FileNotFoundError):
            store.get(KEY)


def test_what_lies_there_already_is_checked_and_left_alone(places):
    source, folder = places
    target = FolderStore(folder)
    move = FileMove(source, target, lambda _key: True)
    assert [move(KEY, DIGEST), move(KEY, DIGEST)] == [Outcome.MOVED, Outcome.THERE_ALREADY]
    target.put(KEY, b"rotten")
    assert move(KEY, DIGEST) is Outcome.LOST
