"""Secrets and people's names in nothing that leaves a provider: not in an error, not in a log."""

from __future__ import annotations

import contextlib
import json
import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from bot.errors import ProviderError
from bot.guarded import Guarded
from bot.model import Account
from sandbox.systems.faults import Fault
from sandbox.systems.tls import Tls
from tests.providers.contract import DANA, TERMS, Bench, Terms, bench_of

_STATUSES = (302, 400, 401, 403, 404, 405, 409, 429, 500, 503, 520)


@pytest.fixture(params=TERMS, ids=lambda terms: terms.kind)
async def bench(request: pytest.FixtureRequest, tls: Tls) -> AsyncIterator[Bench]:
    terms: Terms = request.param
    system = terms.subject.new()
    await system.start(tls)
    async with bench_of(terms, system) as made:
        yield made
    await system.stop()


def _secrets(bench: Bench) -> set[str]:
    """What the operator keeps secret, and every token, session and key that the system has handed out."""
    model = bench.terms.subject.settings(bench.system)
    kept = {value.get_secret_value() for _, value in model if isinstance(value, SecretStr)}
    lines = {line for secret in kept for line in secret.splitlines() if len(line) > 5 and "-----" not in line}
    return lines | set(_handed_out(bench.system.state))


def _handed_out(state: Any) -> Iterator[str]:  # noqa: ANN401  # each simulator has a state of its own
    yield from getattr(state, "sessions", {})
    yield from getattr(getattr(state, "oauth", None), "tokens", {})
    yield from getattr(getattr(state, "sentinel", None), "tokens", {})


def _names(account: Account) -> set[str]:
    """What the system knows the person by."""
    known = dict(account.identity) | dict(account.notes)
    return {known.get(name) or account.handle for name in ("login", "mail", "name", "nickname")}


def _echo(bench: Bench, account: Account) -> list[str]:
    """Answers that repeat what nobody may see, in every system's shape of an error, each near its beginning."""
    return [_shaped(f"Not for {name}.") for name in sorted(_names(account) | _secrets(bench))]


def _shaped(words: str) -> str:
    said = {"message": words, "Message": words, "description": words, "error_msg": words, "error_code": words}
    return json.dumps({"errors": [{**said, "type": "logical", "code": 400}], "error": said, "code": "400", **said})


async def _errors(bench: Bench, account: Account, status: int) -> list[ProviderError]:
    """Return what is raised where that status, with those echoes, answers every read, and then every step."""
    found = []
    for body in _echo(bench, account):
        for method in ("GET", "POST", "PUT", "DELETE"):
            hand = Guarded(bench.hand())
            with contextlib.suppress(ProviderError):  # a key that was turned down is let be for a while
                account = await hand.read(account) or account
            found += await _raised(bench, hand, account, Fault("status", method, times=99, status=status, body=body))
    return found


async def _raised(bench: Bench, hand: Guarded, account: Account, fault: Fault) -> list[ProviderError]:
    found = []
    step = hand.steps(account)[0]
    bench.system.faults.add(fault)
    for call in (hand.do(account, step, "a key"), hand.read(account), hand.find(DANA), hand.check()):
        try:
            await call
        except ProviderError as error:
            found.append(error)
    bench.system.faults.clear()
    await hand.aclose()
    return found


@pytest.mark.parametrize("status", _STATUSES)
async def test_no_error_and_no_log_holds_a_secret_or_a_person(
    bench: Bench, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    account = await bench.account(bench.hand())
    put_back = bench.system.undone()
    errors = await _errors(bench, account, status)
    put_back()
    said = [line for error in errors for line in traceback.format_exception_only(error)]
    assert said
    said += [f"{record.name} {record.getMessage()}" for record in caplog.records]
    for private in _secrets(bench) | _names(account):
        assert not [text for text in said if private.lower() in text.lower()]


async def test_settings_show_no_secret_however_they_are_printed(bench: Bench) -> None:
    model = bench.terms.subject.settings(bench.system)
    shown = f"{model!r} {model} {model.model_dump()} {bench.terms.subject.kind.identity(model)}"
    assert not [secret for secret in _secrets(bench) if secret in shown]


async def test_accounts_and_findings_hold_no_secret(bench: Bench) -> None:
    found = await bench.hand().find(DANA)
    assert not [secret for secret in _secrets(bench) if secret in repr(found)]
