"""The table of bad launches against the validator alone."""

from __future__ import annotations

import pytest

from lti_tool.domain.errors import Refusal
from tests.cases.launch_rows import ROWS, Row
from tests.unit.lti.conftest import Adapter


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS])
def test_row(row: Row, adapter: Adapter) -> None:
    if row.code is None:
        assert adapter.launched(row.spoil).resource_link.id == "7"
        return
    with pytest.raises(Refusal) as refused:
        adapter.launched(row.spoil)
    assert refused.value.code is row.code
