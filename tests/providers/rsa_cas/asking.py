"""How these tests ask the hand for RSA, and which of its calls a fault befalls."""

from __future__ import annotations

from bot.model import Account, Leaver, Sent, SentState
from providers.http import Door
from providers.rsa_cas import RsaCasProvider, Settings
from sandbox.systems.rsa_cas import RsaCas
from tests.providers.leavers import leaver

LOOKUP = "/v1/users/lookup"
SEARCH = "/v2/users/search"
STATUS = "/userStatus"
MARK = "/markDeleted"
DELETE = "/v1/users/[0-9a-f-]{36}$"
DEVICES = "/devices"
TOKEN = "/oauth/token"
DANA = leaver("dana@acme.test")


def settings_of(system: RsaCas, **more: object) -> Settings:
    return Settings.model_validate(system.settings() | more)


def hand_of(system: RsaCas, door: Door, **more: object) -> RsaCasProvider:
    """Return a hand that goes by the simulator's clock."""
    return RsaCasProvider("rsa", settings_of(system, **more), door, system.clock.now)


async def the_account(hand: RsaCasProvider, who: Leaver = DANA) -> Account:
    (account,) = (await hand.find(who)).accounts
    return account


async def again(hand: RsaCasProvider, account: Account) -> Account:
    """Read an account that is there."""
    now = await hand.read(account)
    assert now is not None
    return now


async def next_step(hand: RsaCasProvider, account: Account) -> Sent:
    """Read the account, then send the first step that is left."""
    now = await again(hand, account)
    return await hand.do(now, hand.steps(now)[0], "a key")


async def disabled(hand: RsaCasProvider, who: Leaver = DANA) -> Account:
    """Find an enabled account, disable it and read it again."""
    account = await the_account(hand, who)
    assert (await next_step(hand, account)).state is SentState.ACCEPTED
    return await again(hand, account)
