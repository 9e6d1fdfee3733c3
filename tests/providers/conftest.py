"""Simulated systems to look at, and people to look for."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.systems.tls import Tls


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    folder: Path = tmp_path_factory.mktemp("tls")
    return Tls(folder)
