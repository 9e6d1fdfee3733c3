"""Short ways to settings and accounts."""

from __future__ import annotations

from bot.model import Account, Leaver
from providers.veeam_em import Settings, VeeamEmProvider
from sandbox.systems.veeam_em import VeeamEm


def settings_of(system: VeeamEm, **more: object) -> Settings:
    return Settings.model_validate(system.settings() | more)


async def the_account(hand: VeeamEmProvider, who: Leaver) -> Account:
    (account,) = (await hand.find(who)).accounts
    return account
