"""How these tests ask the hand for LivePerson, and which of its calls a fault befalls."""

from __future__ import annotations

from bot.model import Account, Leaver, SentState
from providers.liveperson import LivePersonProvider, Settings
from sandbox.systems.liveperson import LivePerson
from tests.providers.leavers import leaver

ONE = r"/le-users/users/\d+\?"
LIST = r"/le-users/users\?"
TOKEN = "/app/token"
DOMAIN = "/baseURI.json"
DANA = leaver("dana@acme.test")


def settings_of(system: LivePerson, **more: object) -> Settings:
    return Settings.model_validate(system.settings() | more)


async def the_account(hand: LivePersonProvider, who: Leaver = DANA) -> Account:
    (account,) = (await hand.find(who)).accounts
    return account


async def delete(hand: LivePersonProvider, account: Account) -> SentState:
    """Read the account, then send its only step."""
    assert await hand.read(account)
    (step,) = hand.steps(account)
    return (await hand.do(account, step, "a key")).state
