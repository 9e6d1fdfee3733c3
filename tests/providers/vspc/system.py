"""Short ways to settings and accounts."""

from __future__ import annotations

from bot.model import Account, Leaver
from providers.vspc import Settings, VspcProvider
from sandbox.systems.vspc import Vspc


def settings_of(system: Vspc, **more: object) -> Settings:
    return Settings.model_validate(system.settings() | more)


async def the_account(hand: VspcProvider, who: Leaver) -> Account:
    (account,) = (await hand.find(who)).accounts
    return account


async def carry_out(hand: VspcProvider, account: Account) -> list[str]:
    """Do what is to be done, step by step, with a read before each; return the names of the steps."""
    done: list[str] = []
    now: Account | None = account
    while now is not None and (steps := hand.steps(now)):
        await hand.do(now, steps[0], f"key-{len(done)}")
        done.append(steps[0].name)
        now = await hand.read(account)
    return done
