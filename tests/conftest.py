"""Settings of all tests."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("cfglint", deadline=None)
settings.load_profile("cfglint")


@pytest.fixture(autouse=True)
def outside_of_any_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests may themselves run where cfglint would pick another format."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
