"""What stands beside the sources keeps its promises: pins, commands, exceptions, contracts."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from bot.cli import _parser
from tests.house.tree import PROGRAM, ROOT, WINGS, project, read, shown, sources, texts

PIN = re.compile(r"[a-z0-9][a-z0-9._-]*(\[[a-z,]+\])?==[^ ]+( ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
SILENCED = re.compile(r"# (noqa|type: ignore)(?P<rest>.*)")
WITH_CODE = re.compile(r": [A-Z]+[0-9]+(, [A-Z]+[0-9]+)*|\[[a-z-]+(, ?[a-z-]+)*\]")
WITH_REASON = re.compile(rf"({WITH_CODE.pattern}) +(-|—|#) *\S.*")
HOMES = ("home", "Users", "root", "work", "tmp")
OF_A_MACHINE = re.compile(rf"""(^|[\s"'=`(])/({"|".join(HOMES)})/""", re.MULTILINE)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_holds_names_versions_markers_and_hashes_and_no_address(name: str) -> None:
    lines = read(name).splitlines()

    assert [line for line in lines if not PIN.fullmatch(line) and not HASH.fullmatch(line)] == []
    assert "://" not in read(name)
    assert all(HASH.fullmatch(after) for line, after in pairwise(lines) if PIN.fullmatch(line))


def test_what_runs_is_pinned_alike_for_the_tests() -> None:
    program = {line for line in read("requirements.lock").splitlines() if PIN.fullmatch(line)}
    tests = {line for line in read("requirements-dev.lock").splitlines() if PIN.fullmatch(line)}

    assert program
    assert program <= tests


def test_the_check_of_a_bare_machine_is_make_test() -> None:
    assert re.search(r"^exec make test$", read(".ci/run"), re.MULTILINE)


@pytest.mark.parametrize("target", ["demo", "test", "check", "bench"])
def test_make_has_the_target(target: str) -> None:
    makefile = read("Makefile")

    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert re.search(rf"^\.PHONY:.*\b{target}\b", makefile, re.MULTILINE)


def test_every_process_of_the_procfile_is_a_command() -> None:
    processes = dict(line.split(": ", 1) for line in read("Procfile").splitlines())

    assert processes.keys() == {"release", "web", "worker"}
    for command in processes.values():
        program, *arguments = command.split()
        assert program == "offboard"
        assert callable(_parser().parse_args(arguments).run)


def test_every_exception_from_the_linter_says_why() -> None:
    lint = read("pyproject.toml").partition("[tool.ruff.lint]\n")[2].partition("[tool.ruff.lint.isort]")[0]
    lines = [line for line in lint.splitlines() if re.search(r'"[A-Z]+[0-9]*"', line) and "select" not in line]

    assert len(lines) > 20
    assert [line for line in lines if not re.search(r" # \S", line)] == []


def test_whoever_silences_a_check_names_it_and_in_the_program_says_why() -> None:
    named = {Path(__file__)}
    found = [
        (path, number, match["rest"])
        for path in sources(*WINGS)
        if path not in named
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (match := SILENCED.search(text))
    ]

    assert found
    assert [f"{shown(path)}:{number}" for path, number, rest in found if not WITH_CODE.match(rest)] == []
    program = [(path, number, rest) for path, number, rest in found if shown(path).split("/")[0] in PROGRAM]
    assert [f"{shown(path)}:{number}" for path, number, rest in program if not WITH_REASON.match(rest)] == []


def test_every_module_of_the_import_contracts_exists() -> None:
    contracts = project()["tool"]["importlinter"]["contracts"]
    named = {
        name.strip()
        for contract in contracts
        for field in ("layers", "source_modules", "forbidden_modules", "ignore_imports")
        for entry in contract.get(field, ())
        for name in re.split(r"\||->", entry)
    }
    ours = {name for name in named if name.split(".")[0] in PROGRAM}

    assert len(ours) > 20
    assert [name for name in sorted(ours) if not _is_module(name)] == []


def _is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").is_file()


def test_nothing_names_a_folder_of_somebodys_machine() -> None:
    assert [shown(path) for path in texts() if OF_A_MACHINE.search(path.read_text(encoding="utf-8"))] == []


def test_the_licence_is_the_one_that_the_package_names() -> None:
    licence = read("LICENSE")

    assert project()["project"]["license"] == "Apache-2.0"
    assert licence.splitlines()[1].strip() == "Apache License"
    assert "END OF TERMS AND CONDITIONS" in licence
