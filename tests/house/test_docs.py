"""The documents say what the code does, as far as that can be compared."""

from __future__ import annotations

import re

import pytest

from bot.cli import _parser
from bot.evidence.controls import CONTROLS
from bot.model import Word
from bot.settings import Environment, EvidenceTable, LimitsTable, PolicyTable, RetentionTable, SlackTable
from providers.catalog import OURS
from providers.kind import Kind
from providers.settings import SystemSettings
from tests.house.tree import ROOT, project, read, shown

LINK = re.compile(r"\]\((?!https?://|#)([^)\s]+)\)")
CHECK = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
UNSAID = {"provider": "stands in the example", "dyno": "a platform sets it, not the operator"}


def row_of(kind: Kind) -> str:
    """The line of README's table about this kind."""
    rows = [line for line in read("README.md").splitlines() if line.startswith(f"| `{kind.name}` | ")]
    assert rows, f"README has no row for {kind.name}"
    return rows[0]


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.name)
def test_the_table_of_systems_has_a_whole_row_for_the_kind(kind: Kind) -> None:
    cells = [cell.strip() for cell in row_of(kind).strip("|").split("|")]

    assert len(cells) == 6
    assert all(cells)
    assert cells[5] == kind.quality


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.name)
def test_the_table_of_systems_tells_every_way_of_logging_on(kind: Kind) -> None:
    ways = [" + ".join(f"`{name}`" for name in way) for way in kind.settings.ways]

    assert [way for way in ways if way not in row_of(kind)] == []


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.name)
def test_the_readme_names_every_field_of_the_kind(kind: Kind) -> None:
    own = kind.settings.model_fields.keys() - SystemSettings.model_fields.keys() - UNSAID.keys()
    rows = "\n".join(line for line in read("README.md").splitlines() if line.startswith(f"| `{kind.name}` |"))

    assert [name for name in sorted(own) if not re.search(rf"`{name}\b", rows) and not _in_example(name)] == []


def _in_example(name: str) -> bool:
    return bool(re.search(rf"^{name} +=", read("README.md"), re.MULTILINE))


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.name)
def test_the_outcomes_are_translated_for_the_kind(kind: Kind) -> None:
    _, found, after = read("docs/outcomes.md").partition(f"\n## `{kind.name}`\n")

    assert found
    assert after.partition("\n## ")[0].count("\n| ") > 10


def test_the_readme_names_every_key_and_variable() -> None:
    text = read("README.md")
    tables = (SlackTable, PolicyTable, EvidenceTable, RetentionTable, LimitsTable)
    keys = {name for table in tables for name in table.model_fields if name != "limits"}
    common = SystemSettings.model_fields.keys() - UNSAID.keys()
    variables = {str(field.alias) for name, field in Environment.model_fields.items() if name not in UNSAID}

    assert [name for name in sorted(keys | common | variables) if not re.search(rf"\b{name}\b", text)] == []


def test_the_readme_and_the_outcomes_explain_the_eight_words() -> None:
    for name in ("README.md", "docs/outcomes.md"):
        assert [word for word in Word if f"| `{word}` | " not in read(name)] == []


def test_the_readme_names_every_command() -> None:
    text = read("README.md")
    commands = _parser().format_help().partition("positional arguments:")[2].partition("options:")[0]
    names = re.findall(r"^    ([a-z]+) ", commands, re.MULTILINE)

    assert len(names) >= 6
    assert [name for name in names if not re.search(rf"(offboard|make) {name}\b", text)] == []


def test_the_evidence_page_has_the_same_controls_as_the_packs() -> None:
    rows = [f"| {control.name} | {control.asks} | {control.answer} |" for control in CONTROLS]

    assert [row for row in rows if row not in read("docs/evidence.md")] == []


def test_the_architecture_tells_every_contract() -> None:
    text = read("docs/architecture.md")

    assert [c["name"] for c in project()["tool"]["importlinter"]["contracts"] if f"| {c['name']} |" not in text] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_every_link_leads_somewhere(document: object) -> None:
    path = next(found for found in DOCUMENTS if found == document)
    targets = LINK.findall(path.read_text(encoding="utf-8"))

    assert [target for target in targets if not (path.parent / target.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("record", [path.name for path in DECISIONS])
def test_every_decision_has_its_reason_and_a_check_that_exists(record: str) -> None:
    text = read(f"docs/decisions/{record}")
    checks = CHECK.findall(text)

    assert all(part in text for part in ("\nStatus: ", "\n**Decision.** ", "\n**Why.** ", "\n**Check.** "))
    assert checks
    assert [f"{path}::{name}" for path, name in checks if not _holds(path, name)] == []


def _holds(path: str, name: str) -> bool:
    return (ROOT / path).is_file() and (not name or f"def {name}(" in read(path))


def _promises() -> list[str]:
    """Every bullet under a *Holds* of the threat model, on one line."""
    sections = read("docs/threat-model.md").split("\n## ")[1:]
    held = [section.partition("**Holds.**")[2].partition("**Does not.**")[0] for section in sections]
    assert all(held), "a section of the threat model says nothing under Holds"
    assert all(line[:2] in {"- ", "  ", ""} for part in held for line in part.splitlines()), (
        "Holds has more than bullets"
    )
    return [" ".join(bullet.split()) for part in held for bullet in part.split("\n- ")[1:]]


@pytest.mark.parametrize("promise", _promises())
def test_what_the_threat_model_says_holds_is_shown_by_a_test(promise: str) -> None:
    cited = CHECK.findall(promise)

    assert cited
    assert [f"{path}::{name}" for path, name in cited if not re.search(rf"def {name or '-'}\(", read(path))] == []
