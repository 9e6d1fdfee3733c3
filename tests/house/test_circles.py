"""Modules do not import one another in a circle, not even for their types."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.house.tree import PROGRAM, ROOT, sources


def modules(wing: str) -> dict[str, set[str]]:
    """Return the modules of a wing, each with those of the same wing that it imports."""
    trees = {_name(path.relative_to(ROOT).with_suffix("").parts): path for path in sources(wing)}
    return {
        name: set(_imported(ast.parse(path.read_text(encoding="utf-8")), trees.keys())) - {name}
        for name, path in trees.items()
    }


def _name(parts: tuple[str, ...]) -> str:
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(tree: ast.AST, known: Collection[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from (named & set(known)) or ({node.module} & set(known))


@pytest.mark.parametrize("wing", PROGRAM)
def test_no_modules_import_one_another_in_a_circle(wing: str) -> None:
    try:
        tuple(TopologicalSorter(modules(wing)).static_order())
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_a_circle_would_be_seen() -> None:
    with pytest.raises(CycleError):
        TopologicalSorter({"one": {"two"}, "two": {"one"}}).prepare()
