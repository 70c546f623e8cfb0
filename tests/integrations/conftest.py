"""Tests with other people's libraries: what those warn of is theirs."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.name != "test_record_batch.py":
            item.add_marker(pytest.mark.filterwarnings("default"))
