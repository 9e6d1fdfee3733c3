"""People with authenticator apps, and the codes that those show."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyotp

from bot.authenticators import KeyBox, make_key
from bot.cases import Said
from bot.model import CaseView, Person
from bot.store import SqlStore, second_factors
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import BEN, ROOT, account

BOX = KeyBox.of("the operator's key, of 32 characters")
TOTP = replace(POLICY, second_factor=True)
TWO = replace(TOTP, approvals=2)
GLASS = replace(TOTP, break_glass=True)


def guard(house: House) -> House:
    """Let every approval need a code, and one account be found."""
    house.keys = BOX
    house.govern(TOTP)
    house.crm.accounts["1"] = account()
    return house


async def enrol(store: SqlStore, who: Person, whose: Person | None = None) -> str:
    """Enrol somebody and return their key; `whose` is the person for whom it was encrypted."""
    key = make_key()
    async with store.begin() as tx:
        sealed = BOX.encrypt((whose or who).user_id, key)
        assert await second_factors.enrol(tx.connection, who.user_id, sealed, await tx.now())
    return key


async def code_of(house: House, key: str, steps: int = 0) -> str:
    """What the app shows at present, or that many steps later."""
    return pyotp.TOTP(key).at(await house.store.now() + timedelta(seconds=30 * steps))


async def wrong_code(house: House, key: str) -> str:
    """A code that the app shows at no time near the present."""
    near = {await code_of(house, key, steps) for steps in range(-3, 4)}
    return next(code for code in map(str, range(100_000, 100_009)) if code not in near)


async def approve(house: House, view: CaseView, code: str | None, by: Person = BEN) -> Said:
    plan = view.plans[-1]
    button = (view.case.id, plan.turn, plan.digest, by.user_id, by.team_id)
    return await house.cases.approve(*button, lambda _: "the plan", code=code)


async def glass(house: House, view: CaseView, code: str) -> Said:
    plan = view.plans[-1]
    button = (view.case.id, plan.turn, plan.digest, ROOT.user_id, ROOT.team_id)
    return await house.cases.break_glass(*button, "because", "dana@acme.test", code)


async def is_untouched(house: House, view: CaseView) -> bool:
    now = await house.view(view.case.id)
    return (now.case, now.plans, now.approvals) == (view.case, view.plans, view.approvals) and not house.engine.queue
