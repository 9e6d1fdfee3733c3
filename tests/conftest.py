"""Fixtures for all tests, and which tests share a worker."""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["tests.postgres"]

# These keep something costly for all their tests, a browser and a bot or what pytest collects: one worker takes a file.
TOGETHER = ("tests/browser/", "tests/providers/test_quality.py")
BY_KIND = "tests/faults/test_matrix.py"


class Workers(LoadScopeScheduling):
    """Give each test to the worker that is free, and the tests that stand on one another to one.

    The marks of xdist's own groups are lost with pytest 9.2, which names a test anew.
    """

    def _split_scope(self, nodeid: object) -> str:
        file, _, test = str(nodeid).partition("::")
        if file.startswith(TOGETHER):
            return file
        return test.partition("[")[2].partition("-")[0].rstrip("]") if file == BY_KIND else str(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Workers:
    """Share the tests out by our rule."""
    return Workers(config, log)
