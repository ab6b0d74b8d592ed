"""What is installed together with the tool."""

from __future__ import annotations

from pathlib import Path

PACKAGED_CONTENT = Path(__file__).parent / "content"
