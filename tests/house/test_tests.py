"""The tests mirror the house, wait for nothing by the clock, and leave nothing out in silence."""

from __future__ import annotations

import ast
from pathlib import Path, PurePath

from tests.house.tree import ROOT, calls, functions, shown, sources

BY_SUBJECT = {
    "test_house.py": "the rules of the house itself",
    "house/*": "more of its rules, by subject",
    "whole/*": "the real program from outside",
    "who/*": "whom a case is about and who decides, sentence by sentence, on every level",
    "browser/*": "the sandbox's page in a browser",
    "bench/*": "the benchmark's own arithmetic",
    "crash/*": "the real program killed, starved and cut off",
    "faults/*": "every fault at every call, for every system",
    "bot/test_walk.py": "a case through the whole domain",
    "bot/test_machine.py": "any order of events over a case, through the whole domain",
    "bot/test_clicks.py": "many clicks at once on one case, through the whole domain",
    "bot/test_who_may.py": "every act of somebody whose word does not count, through the whole domain",
    "bot/test_retrying.py": "a retry whose approvals no longer count, through the whole domain",
    "bot/test_reviewing.py": "opening a plan, and the ground of a decision, through the whole domain",
    "handlers/test_discreet.py": "a discreet case through the whole wing",
    "bot/store/test_concurrency.py": "many at once, across the store's files",
    "bot/store/test_turn.py": "whose turn it is to write, across the store's files",
    "handlers/test_forged.py": "forged payloads, for every listener alike",
    "handlers/test_walk.py": "a case through the whole wing",
    "handlers/test_small_parts.py": "files too small for a test file each",
    "providers/*/test_*.py": "an adapter is one hand: tested by what it does, against its simulator",
    "providers/test_contract.py": "what every provider promises, on every kind alike",
    "providers/test_hostile_keys.py": "keys made up to reach somebody else, on every kind alike",
    "providers/test_never_nobody.py": "any request against any record, on every kind alike",
    "providers/test_nothing_leaks.py": "secrets and names, on every kind alike",
    "providers/test_each_way_removes.py": "every way of logging on, through a whole removal",
    "providers/test_adding.py": "docs/adding-a-provider.md",
    "providers/test_items.py": "providers/http/items.py",
    "sandbox/slack/*": "the workspace is tested by what an app or a person sees of it",
    "sandbox/systems/*": "a simulator is tested by what a client sees of it",
}
"""Test files that are not named after a source file, and what they are about instead."""

MAY_SKIP = {
    "tests/postgres.py": "a machine without Postgres; with CI=true it fails instead",
    "tests/browser/conftest.py": "a machine without a browser; with CI=true it fails instead",
}


MAY_WAIT = {
    "tests/providers/test_http_intake.py": "a server that drips: its pace is what is told to the client",
}


def files_of_tests() -> list[Path]:
    """Every file of tests."""
    return [path for path in sources("tests") if path.name.startswith("test_")]


def is_by_subject(path: PurePath) -> bool:
    """Whether the file stands in the table above."""
    return any(path.match(f"tests/{pattern}") or _is_below(path, pattern) for pattern in BY_SUBJECT)


def _is_below(path: PurePath, pattern: str) -> bool:
    return pattern.endswith("/*") and path.as_posix().startswith(f"tests/{pattern.removesuffix('*')}")


def has_a_source(path: Path) -> bool:
    """Whether the file's name begins with that of a source file or folder at the same place."""
    beside = ROOT / path.parent.relative_to(ROOT / "tests")
    words = path.stem.removeprefix("test_").split("_")
    names = ["_".join(words[:count]) for count in range(len(words), 0, -1)]
    return any((beside / f"{name}.py").exists() or (beside / name).is_dir() for name in names)


def test_every_test_file_mirrors_a_source_file_or_says_what_it_is_about() -> None:
    lost = [shown(path) for path in files_of_tests() if not has_a_source(path) and not is_by_subject(Path(shown(path)))]

    assert lost == []


def test_every_test_is_a_sentence() -> None:
    terse = [
        f"{shown(path)}:{node.name}"
        for path in files_of_tests()
        for node in functions(path)
        if node.name.startswith("test_") and node.name.count("_") < 3
    ]

    assert terse == []


def test_no_test_waits_by_the_clock() -> None:
    waiting = {
        shown(path)
        for path in sources("tests")
        for name, call in calls(path)
        if name in {"time.sleep", "asyncio.sleep"} and [ast.unparse(value) for value in call.args] != ["0"]
    }

    assert waiting <= MAY_WAIT.keys()


def test_tests_are_left_out_only_where_the_machine_lacks_something() -> None:
    skipping = {
        shown(path)
        for path in sources("tests")
        for name, _ in calls(path)
        if name.startswith("pytest.") and any(word in name for word in ("skip", "xfail"))
    }

    assert skipping <= MAY_SKIP.keys()


def test_a_mark_that_leaves_a_test_out_is_nowhere() -> None:
    marked = [
        f"{shown(path)}:{node.name}"
        for path in files_of_tests()
        for node in functions(path)
        for decorator in node.decorator_list
        if any(word in ast.unparse(decorator).partition("(")[0] for word in ("mark.skip", "mark.xfail"))
    ]

    assert marked == []
