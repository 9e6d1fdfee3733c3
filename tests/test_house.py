"""A file is read in one sitting, a function at a glance, a name says what is inside; a provider has its papers."""

from __future__ import annotations

import ast
import re
from statistics import median

from providers.catalog import OURS
from tests.house.tree import PROGRAM, ROOT, WINGS, functions, read, shown, sources

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
MEDIAN_FUNCTION = 8
SAYS_NOTHING = re.compile(r"_*(utils?|helpers?|common|base|manager|data|misc)")


def lengths() -> dict[str, int]:
    """How many lines each function of the program has."""
    return {
        f"{shown(path)}:{node.name}:{node.lineno}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in sources(*PROGRAM)
        if "versions" not in path.parts  # migrations are generated lists of columns
        for node in functions(path)
    }


def test_every_file_is_read_in_one_sitting() -> None:
    lines = {shown(path): len(path.read_text().splitlines()) for path in sources(*WINGS, suffixes=(".py", ".js"))}

    assert len(lines) > 200
    assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == {}


def test_every_function_is_seen_at_a_glance() -> None:
    found = lengths()

    assert len(found) > 1000
    assert {name: count for name, count in found.items() if count > LONGEST_FUNCTION} == {}
    assert median(found.values()) <= MEDIAN_FUNCTION


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    named = [shown(path) for path in sources(*WINGS, suffixes=(".py", ".js", ".css", ".html", ".sh"))]

    assert [
        name for name in named if any(SAYS_NOTHING.fullmatch(part.partition(".")[0]) for part in name.split("/"))
    ] == []


def test_importing_a_package_does_nothing_but_name_things() -> None:
    allowed = (ast.Import, ast.ImportFrom, ast.Expr, ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.ClassDef)
    working = [
        f"{shown(path)}:{node.lineno}"
        for path in sources(*PROGRAM)
        if path.name == "__init__.py"
        for node in ast.parse(path.read_text()).body
        if not isinstance(node, allowed) or (isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant))
    ]

    assert working == []


def test_each_provider_has_tests_and_a_row_in_the_readme() -> None:
    tested = {path.parent.name for path in (ROOT / "tests" / "providers").glob("*/test_*.py")}
    rows = [line for line in read("README.md").splitlines() if line.startswith("| `")]

    assert [kind.name for kind in OURS if kind.name not in tested] == []
    assert [kind.name for kind in OURS if not any(row.startswith(f"| `{kind.name}` |") for row in rows)] == []
