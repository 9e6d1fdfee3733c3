"""What people type and paste where addresses and log-ins are asked for."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.identifier_list import find_problem, read_identifiers, trim_address, undo_slack, unwrap_address
from bot.domain.identifiers import find_flaw


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        (" , ;\n", ()),
        ("dfrost", ("dfrost",)),
        ("dfrost, ACME\\dana", ("dfrost", "ACME\\dana")),
        ("a@x.test; b@x.test\nc@x.test", ("a@x.test", "b@x.test", "c@x.test")),
        ("a@x.test b@x.test\tc@x.test", ("a@x.test", "b@x.test", "c@x.test")),
        ("a@x.test,\u00a0b@x.test", ("a@x.test", "b@x.test")),
        ("Dana Frost <dana@x.test>", ("dana@x.test",)),
        ("Dana <dana@x.test>, Finn <finn@x.test>", ("dana@x.test", "finn@x.test")),
        ("Dana <dana@x.test> Finn <finn@x.test>", ("dana@x.test", "finn@x.test")),
        ("a@x.test <b@x.test>", ("a@x.test", "b@x.test")),
        ("mailto:dana@x.test", ("dana@x.test",)),
        ("MAILTO:dana@x.test?subject=Bye", ("dana@x.test",)),
        ("<mailto:dana@x.test|dana@x.test>", ("dana@x.test",)),
        ("<mailto:dana@x.test>", ("dana@x.test",)),
        ("Dana <mailto:dana@x.test|dana@x.test>", ("dana@x.test",)),
        ("sean.o'<mailto:brien@x.test|brien@x.test>", ("sean.o'brien@x.test",)),
        ("dana\u2013x", ("dana-x",)),
        ("dana, dana", ("dana",)),
    ],
)
def test_each_entry_of_the_field_is_read(text: str, found: tuple[str, ...]) -> None:
    read = read_identifiers(text)

    assert (read.identifiers, read.problem) == (found, "")


@pytest.mark.parametrize(
    "text",
    [
        "first last",
        "ACME\\dana frost",
        "a@x.test dfrost",
        "dana<frost",
        "Dana <dana>",
        "sean.o'<brien@x.test>",
        "<a@x.test><b@x.test>",
        "dana\u200b",
        "dana\u2019s",
        "*@acme.test",
        "`dana`",
        "d\u0430na",
        "dana, \u201cdana@x.test\u201d",
        "x" * 257,
        "x" * 250 + "@x.test",
        ",".join(f"user{number}" for number in range(51)),
    ],
)
def test_what_can_be_no_login_is_refused_with_a_sentence(text: str) -> None:
    read = read_identifiers(text)

    assert read.identifiers == ()
    assert read.problem.endswith(".")


def test_a_flaw_is_named_with_its_sign_and_place() -> None:
    assert "Character 15 is U+200B ZERO WIDTH SPACE" in find_problem("dana@acme.test\u200b")


@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\u00ad", "\x07"])
def test_a_refusal_writes_out_the_sign_that_nobody_sees(sign: str) -> None:
    said = find_problem(f"dana@acme{sign}.test")
    assert sign not in said
    assert f"dana@acme⟨U+{ord(sign):04X}⟩.test: " in said


@given(st.text())
def test_whatever_is_typed_no_flaw_is_let_through(text: str) -> None:
    for one in read_identifiers(text).identifiers:
        assert find_flaw(one) is None
        assert one == one.strip() != ""


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("sean.o'<mailto:brien+it@acme.test|brien+it@acme.test>", "sean.o'brien+it@acme.test"),
        ("<mailto:dana@acme.test|dana@acme.test>", "dana@acme.test"),
        ("dana@<http://acme.test|acme.test>", "dana@acme.test"),
        ("r&amp;d@acme.test", "r&d@acme.test"),
        ("&amp;lt;", "&lt;"),
        ("stop\u00a0OFF\u20113", "stop OFF-3"),
        ("<@U0DANA|dana>", "<@U0DANA|dana>"),
    ],
)
def test_what_slack_made_of_a_command_is_undone_once(text: str, typed: str) -> None:
    assert undo_slack(text) == typed


@pytest.mark.parametrize(
    "text",
    [
        '"dana@acme.test"',
        "\u201cdana@acme.test\u201d",
        "<dana@acme.test>",
        "dana@acme.test.",
        "dana@acme.test,",
        "dana@acme.test!",
        "'dana@acme.test';",
        "`dana@acme.test`",
        "mailto:dana@acme.test",
        "Dana Frost <dana@acme.test>",
    ],
)
def test_what_stands_around_an_address_is_taken_off(text: str) -> None:
    assert trim_address(text) == "dana@acme.test"


def test_quotes_in_a_field_stay_for_the_flaw_to_be_told() -> None:
    assert unwrap_address('"dana@acme.test"') == '"dana@acme.test"'


@pytest.mark.parametrize("text", ["<mailto:a" * 20_000, "<" * 200_000, "a@" * 100_000, " " * 200_000, "<a" * 100_000])
def test_a_text_of_any_length_takes_little_time(text: str) -> None:
    before = time.process_time()

    read_identifiers(text)
    trim_address(undo_slack(text))

    assert time.process_time() - before < 2
