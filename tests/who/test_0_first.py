"""First, stop the bleeding: unsigned requests, endless texts, signs nobody sees, free text that takes rights."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.cases import Field
from handlers.answers import Answers
from handlers.http import PATH
from handlers.misread import Misread
from providers import hints
from sandbox.slack.workspace import Workspace
from tests.bot.conftest import House
from tests.bot.fakes import account, person
from tests.bot.test_cases_opening import denied
from tests.handlers.ears import Ears
from tests.handlers.fakes import FakeCases
from tests.handlers.test_http import COMMAND, FORM, GOOD, NOW, signed

Client = TestClient[web.Request, web.Application]
ZERO_WIDTH, SOFT_HYPHEN, BYTE_ORDER, JOINER = "\u200b", "\u00ad", "\ufeff", "\u2060"


async def test_an_unsigned_request_reaches_nothing(client: Client, cases: FakeCases, workspace: Workspace) -> None:
    answer = await client.post(PATH, data=COMMAND, headers=FORM)

    assert answer.status == 401
    assert cases.asked == []
    assert [call.method for call in workspace.calls if call.method != "auth.test"] == []


async def test_the_signature_is_checked_over_the_raw_bytes(client: Client, cases: FakeCases) -> None:
    spelled_otherwise = COMMAND.replace(b"%2F", b"/")

    answer = await client.post(PATH, data=spelled_otherwise, headers=[*FORM.items(), *signed(COMMAND).items()])

    assert (answer.status, cases.asked) == (401, [])


@pytest.mark.parametrize(
    ("signature", "timestamp"),
    [("v0=\u00e9" + "0" * 63, NOW), (GOOD, "9" * 5000), (GOOD, "soon"), ("", NOW), (GOOD, "")],
    ids=["a non-ASCII signature", "5,000 digits", "no number", "no signature", "no time stamp"],
)
async def test_every_malformed_header_is_401(client: Client, cases: FakeCases, signature: str, timestamp: str) -> None:
    headers = {**FORM, "X-Slack-Signature": signature, "X-Slack-Request-Timestamp": timestamp}

    answer = await client.post(PATH, data=COMMAND, headers=headers)

    assert (answer.status, cases.asked) == (401, [])


async def test_the_error_handler_acts_only_on_a_body_marked_as_verified(ears: Ears) -> None:
    misread = Misread(ears.cases, Answers(ears.slack.tasks), ears.slack.tasks)
    body = {"type": "block_actions", "user": {"id": "U0ROOT", "team_id": "T0ACME"}, "response_url": "http://127.0.0.1/"}
    unmarked = AsyncBoltRequest(body="payload=%7B%7D", mode="http")

    answer = await misread.failed(ValueError("a header that made the library raise"), body, unmarked)
    await ears.slack.tasks.drain(10)

    assert answer is not None
    assert (answer.status, ears.cases.asked) == (401, [])


def test_a_vendors_text_is_cut_to_300_characters_before_any_pattern_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    class Pattern:
        def sub(self, _: str, text: str) -> str:
            seen.append(len(text))
            return text

    for name in ("_ADDRESS", "_SECRET", "_OUTCOME", "_SPACE"):
        monkeypatch.setattr(hints, name, Pattern())
    hints.hint("x" * 80_000 + "@")

    assert len(seen) == 4
    assert max(seen) <= 300


@pytest.mark.parametrize(
    "sign", [ZERO_WIDTH, SOFT_HYPHEN, BYTE_ORDER, JOINER, "\u2019", "\u201c", "`", "*"], ids=lambda sign: hex(ord(sign))
)
@pytest.mark.parametrize("field", [Field.EMAIL, Field.OTHER_LOGINS])
async def test_an_address_or_login_with_such_a_sign_is_refused_under_its_field(
    house: House, sign: str, field: Field
) -> None:
    name = f"da{sign}na@acme.test"
    changes = {"email": name} if field is Field.EMAIL else {"other_logins": (name,)}

    mistake = await denied(house, **changes)

    assert mistake.field is field
    assert f"U+{ord(sign):04X}" in mistake.text


async def test_other_logins_take_no_right_from_anybody(house: House) -> None:
    """A login that Slack knows as Erin's mail address, and Erin becomes an approver while the plan waits."""
    erin = person("U0ERIN", "erin@acme.test")
    house.people.people = (*house.people.people, erin)
    house.crm.accounts["1"] = account()
    view = await house.planned(other_logins=("erin@acme.test",))
    house.people.groups["S0SECURITY"] = ("U0ERIN",)

    assert await house.cases.status(1, erin.user_id, erin.team_id) is not None
    assert (await house.approved(view, erin)).ok


async def test_who_names_the_approvers_as_other_logins_opens_no_case(house: House) -> None:
    mistake = await denied(house, other_logins=("ben@acme.test", "chloe@acme.test"))

    assert mistake.field is Field.OTHER_LOGINS
    assert await house.store.cases() == ()
