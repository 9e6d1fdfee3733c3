"""Fixtures for all tests, which tests share a worker, and which begin first."""

from __future__ import annotations

import gc

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["tests.memory", "tests.postgres"]

# These keep something costly for all their tests, a browser and a bot or what pytest collects: one worker takes a file.
TOGETHER = ("tests/browser/", "tests/providers/test_quality.py")
BY_KIND = "tests/faults/test_matrix.py"

# These take seconds each, and wait for most of it: they begin first, so that none is left over at the end. What is
# short fills the gaps.
FIRST = ("tests/browser/", "tests/whole/", "tests/crash/", "tests/faults/", "tests/providers/test_quality.py")


class Workers(LoadScopeScheduling):
    """Give each test to the worker that is free, and the tests that stand on one another to one.

    The marks of xdist's own groups are lost with pytest 9.2, which names a test anew.
    """

    def _split_scope(self, nodeid: object) -> str:
        file, _, test = str(nodeid).partition("::")
        if file.startswith(TOGETHER):
            return file
        return test.partition("[")[2].partition("-")[0].rstrip("]") if file == BY_KIND else str(nodeid)

    def _pending_of(self, workload: dict[str, dict[str, bool]]) -> int:
        """Count what a worker has yet to do. What it has done is forgotten, or each count would go through it all."""
        for scope in [scope for scope, tests in workload.items() if all(tests.values())]:
            del workload[scope]
        return super()._pending_of(workload)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Workers:
    """Share the tests out by our rule, in the order in which the workers name them."""
    config.option.loadscopereorder = False
    return Workers(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where workers share the tests, let those come first that take long."""
    if hasattr(config, "workerinput"):
        items.sort(key=_place)


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what was imported and collected: it stays to the end."""
    gc.freeze()


def _place(item: pytest.Item) -> int:
    return next((place for place, start in enumerate(FIRST) if item.nodeid.startswith(start)), len(FIRST))
