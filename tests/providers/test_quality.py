"""The quality scale claims nothing that no test proves."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import chain

import pytest

from bot.app.tables import kinds_table
from providers.catalog import OURS
from providers.kind import Kind
from providers.quality import RULES, Level, all_but, lacking, level_of
from tests.house.tree import ROOT, read, sources

PAGE = "docs/quality.md"
Proofs = Mapping[str, tuple[str, ...]]
NETWORKS = {"aiohttp", "socket", "http.client", "urllib.request", "ssl", "requests", "httpx"}
ROW = re.compile(r"^\| (?P<cells>.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[^`]+)`")
by_kind = pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.name)


def rows(title: str) -> Iterator[list[str]]:
    """Yield the rows of the table under that heading, without its head."""
    text = read(PAGE).partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    for match in list(ROW.finditer(text))[1:]:
        yield [cell.strip() for cell in match["cells"].split(" | ")]


def proofs_of(kind: str) -> Proofs:
    """Return what the page names as proof of each rule for this kind."""
    named: dict[str, tuple[str, ...]] = {
        rule: tuple(one.replace("{kind}", kind) if "/{kind}/" in one else one for one in NAMED.findall(proofs))
        for rule, _, _, proofs in rows("The rules")
    }
    own = {
        rule: tuple(NAMED.findall(proofs))
        for owner, rule, proofs in rows("Proofs of one kind alone")
        if owner == f"`{kind}`"
    }
    return {rule: (*named[rule], *own.get(rule, ())) for rule in named}


def is_collected(proof: str, kind: str, tests: set[str]) -> bool:
    """Whether a test of this name, and where the proof says so of this kind, is one that pytest runs."""
    name, _, parameter = proof.partition("[")
    if not parameter:
        return any(test == name or test.startswith((f"{name}::", f"{name}[")) for test in tests)
    if parameter != "{kind}]":
        return proof in tests
    return any(test.partition("[")[0] == name and kind in re.split(r"[-\]]", test.partition("[")[2]) for test in tests)


def unproved(kind: Kind, tests: set[str]) -> list[str]:
    """Return the rules that the kind claims to keep and for which a proof is not there, or none is named."""
    proofs = proofs_of(kind.name)
    return [
        rule
        for rule in sorted(kind.keeps)
        if not proofs[rule] or not all(is_collected(proof, kind.name, tests) for proof in proofs[rule])
    ]


@pytest.fixture(scope="module")
def tests() -> set[str]:
    """Every test that pytest collects of the files that the page names."""
    named = chain.from_iterable(chain.from_iterable(proofs_of(kind.name).values()) for kind in OURS)
    files = sorted({proof.partition("::")[0] for proof in named if (ROOT / proof.partition("::")[0]).exists()})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own tests
    assert ended.returncode == 0, ended.stdout[-2000:]
    return {line for line in ended.stdout.splitlines() if "::" in line}


@by_kind
def test_every_rule_that_a_kind_keeps_is_proved_by_tests_that_run_for_it(kind: Kind, tests: set[str]) -> None:
    assert unproved(kind, tests) == []


def test_a_kind_of_which_nothing_is_tested_can_claim_nothing(tests: set[str]) -> None:
    claim = Kind("okta", OURS[0].settings, OURS[0].build, "Does.", OURS[0].identity, OURS[0].door, keeps=all_but())

    assert set(unproved(claim, tests)) >= {rule.name for rule in RULES if rule.level is Level.BRONZE}


def test_a_test_that_is_no_longer_there_is_missed(tests: set[str]) -> None:
    gone = {test for test in tests if "test_of_several_matches" not in test}

    assert [unproved(kind, gone) for kind in OURS] == [["all matches"]] * len(OURS)


def test_the_page_has_every_rule_in_the_words_of_the_scale() -> None:
    written = [(name, level, says) for name, level, says, _ in rows("The rules")]

    assert written == [(rule.name, rule.level, rule.says) for rule in RULES]


def test_the_page_says_where_each_kind_stands_and_what_it_lacks() -> None:
    missing = {
        kind.name: ", ".join(f"{rule.name} ({rule.level})" for rule in lacking(kind.keeps)) or "nothing"
        for kind in OURS
    }

    assert list(rows("Where each kind stands")) == [
        [f"`{kind.name}`", kind.quality, missing[kind.name]] for kind in OURS
    ]


@by_kind
def test_the_readme_and_the_command_show_the_level(kind: Kind) -> None:
    (row,) = [
        line for line in read("README.md").splitlines() if re.match(rf"\| `{kind.name}` \| .*\|.*\|.*\|.*\|", line)
    ]

    assert row.endswith(f" | {kind.quality} |")
    assert f"{kind.name}  ({kind.quality})\n" in kinds_table(as_json=False) + "\n"
    assert f'"quality": "{kind.quality}"' in kinds_table(as_json=True)


@by_kind
def test_no_kind_has_another_way_to_the_network_than_the_door(kind: Kind) -> None:
    imported = {
        name
        for path in sources(f"providers/{kind.name}")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imported(node)
    }

    assert "providers.http" in imported
    assert imported.isdisjoint(NETWORKS)


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_a_level_needs_all_its_rules_and_all_below() -> None:
    assert level_of(all_but()) is Level.PLATINUM
    assert level_of(()) is Level.NONE
    for rule in RULES:
        below = list(Level)[list(Level).index(rule.level) - 1]
        assert level_of(all_but(rule.name)) is below


def test_a_rule_that_is_unknown_cannot_be_left_out_by_a_slip() -> None:
    with pytest.raises(ValueError, match="indepedent"):
        all_but("indepedent")


def test_no_two_rules_have_one_name() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
