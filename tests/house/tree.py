"""What stands in the repository, for the tests of its rules."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROGRAM = ("bot", "handlers", "providers", "sandbox")
WINGS = (*PROGRAM, "bench", "tests")
BESIDE = ("Makefile", "Procfile", "README.md", "pyproject.toml", ".ci/run", ".ci/venv", "tests/prepare.sh")


def sources(*wings: str, suffixes: tuple[str, ...] = (".py",)) -> list[Path]:
    """Return the files of these wings, without what Python makes."""
    found = (path for wing in wings for path in sorted((ROOT / wing).rglob("*")))
    return [path for path in found if path.suffix in suffixes and "__pycache__" not in path.parts]


def texts() -> list[Path]:
    """Return every text that people write here: sources, documents, and the files beside them."""
    written = sources(*WINGS, suffixes=(".py", ".js", ".css", ".html", ".sh"))
    return [*written, *sorted((ROOT / "docs").rglob("*.md")), *(ROOT / name for name in BESIDE)]


def shown(path: Path) -> str:
    """Return a path as people write it."""
    return path.relative_to(ROOT).as_posix()


def read(name: str) -> str:
    """Return a file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def project() -> dict[str, Any]:
    """Return `pyproject.toml`."""
    return tomllib.loads(read("pyproject.toml"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of a file with the name that is called, e.g. `asyncio.sleep`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node
