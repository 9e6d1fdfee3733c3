"""Adapters stand side by side and share no passage: what two of them need has a place of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import shown, sources

SIX = 6


def told(path: Path) -> list[str]:
    """Return the lines of a file that say something: without imports, comments, blanks and lone brackets."""
    text = re.sub(r"^(?:from \S+ )?import (?:\([^)]*\)|.*)$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = (re.sub(r"\s+#.*|^#.*", "", line).strip() for line in text.splitlines())
    return [line for line in lines if len(line) > len("],")]


def passages(path: Path) -> Iterator[str]:
    """Yield every six lines that follow one another."""
    lines = told(path)
    for at in range(len(lines) - SIX + 1):
        yield "\n".join(lines[at : at + SIX])


def in_two(root: str) -> list[str]:
    """Return the passages that stand in more than one folder below `root`, and where."""
    places: dict[str, set[str]] = {}
    for path in sources(root):
        for passage in passages(path):
            places.setdefault(passage, set()).add(shown(path))
    return [
        f"{sorted(where)}\n{passage}"
        for passage, where in places.items()
        if len({Path(place).parent for place in where}) > 1
    ]


@pytest.mark.parametrize("root", ["providers", "sandbox/systems", "tests/providers"])
def test_no_six_lines_stand_in_two_adapters(root: str) -> None:
    assert in_two(root) == []


def test_six_equal_lines_would_be_seen(tmp_path: Path) -> None:
    text = "\n".join(f"first = line({number})  # said so" for number in range(SIX))
    (tmp_path / "one.py").write_text(f"import this\n{text}\n", encoding="utf-8")
    other = text.replace("said so", "said otherwise")
    (tmp_path / "two.py").write_text(f"import that\n\n\n{other}\nmore = line(1)\n", encoding="utf-8")
    assert set(passages(tmp_path / "one.py")) <= set(passages(tmp_path / "two.py"))
    assert len(list(passages(tmp_path / "one.py"))) == 1
