"""What is made of a look at a system: its accounts with the steps of a removal, and what the audit keeps. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot import plan as planning
from bot.model import Account, CaseView, Discovery
from bot.ports import Provider


def with_steps(provider: Provider, discovery: Discovery) -> Discovery:
    """Return the look with what would be done to each account; too many accounts for one person are a finding."""
    crowd = planning.find_crowd(len(discovery.accounts))
    if crowd is not None:
        return replace(discovery, accounts=(), findings=(*discovery.findings, crowd))
    accounts = tuple(replace(account, would=provider.steps(account)) for account in discovery.accounts)
    return replace(discovery, accounts=accounts)


def audit_of_look(discovery: Discovery) -> tuple[dict[str, object], dict[str, str]]:
    """Return what the audit keeps of a look: facts, and personal values."""
    facts: dict[str, object] = {
        "system": discovery.system,
        "sight": discovery.sight,
        "accounts": len(discovery.accounts),
        "reason": discovery.reason,
    }
    personal: dict[str, str] = {}
    for number, account in enumerate(discovery.accounts):
        held = [*account.weight, *account.parts, *(f"{name}={value}" for name, value in account.notes)]
        personal[f"account:{number}"] = f"{account.id} {account.handle} {'; '.join(held)}"
    return facts, personal


def known_accounts(view: CaseView, system: str) -> dict[str, Account]:
    """Return by its id every account of this system that a plan or look of the case has shown, as it was seen last."""
    planned = [found for plan in view.plans if (found := plan.system(system)) is not None]
    look = view.look(system)
    shown = [one.account for found in planned for one in found.accounts]
    return {account.id: account for account in (*shown, *(look.accounts if look else ()))}
