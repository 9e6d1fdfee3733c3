"""How these tests ask the hand for Huawei Cloud, and which of its calls a fault befalls."""

from __future__ import annotations

from bot.model import Account, Leaver, Sent
from providers.http import Door
from providers.huawei_hss import HuaweiHssProvider, Settings
from sandbox.systems.huawei_hss import HuaweiHss
from sandbox.systems.huawei_hss.state import Row
from tests.providers.leavers import leaver

ACCOUNTS = "/v5/setting/account/accounts"
ADMIN = "/v5/setting/account/admin"
DANA = leaver("dana@acme.test")
DANA_ID = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
FAST = {"calls_per_minute": 600}


def settings_of(system: HuaweiHss, **more: object) -> Settings:
    return Settings.model_validate(system.settings() | FAST | more)


def hand_of(system: HuaweiHss, door: Door, **more: object) -> HuaweiHssProvider:
    """Return a hand that goes by the simulator's clock; what it remembers goes with the door."""
    return HuaweiHssProvider("huawei", settings_of(system, **more), door, system.clock.now)


async def the_account(hand: HuaweiHssProvider, who: Leaver = DANA) -> Account:
    (account,) = (await hand.find(who)).accounts
    return account


async def take_off(hand: HuaweiHssProvider, account: Account) -> Sent:
    """Read the account, then send the first step that is left."""
    now = await hand.read(account)
    assert now is not None
    return await hand.do(now, hand.steps(now)[0], "a key")


def row_of(system: HuaweiHss, account_id: str = DANA_ID) -> Row:
    return next(row for row in system.state.rows if row.account_id == account_id)


def lists(system: HuaweiHss) -> int:
    """How many pages of the list were asked for."""
    return sum(entry.method == "GET" and ACCOUNTS in entry.path for entry in system.journal.entries)
