"""Giving out evidence: what a pack is made of, read and logged in one transaction."""

from __future__ import annotations

from collections.abc import Mapping

from bot.audit import GIVEN_OUT, chain_of
from bot.evidence.keys import Signer
from bot.evidence.making import next_edition
from bot.evidence.pack import Contents
from bot.store import chains, seals
from bot.store.tx import SqlTx


async def give_out(tx: SqlTx, case_id: int, signer: Signer, to: str, personal: Mapping[str, str]) -> Contents | None:
    """Log it, seal it, and return what then stands; None where there is no such case."""
    # Before the chain is held: who seals holds this first too, so that neither waits for the other for ever.
    await seals.one_at_a_time(tx.connection)
    view = await tx.view(case_id)
    if view is None:
        return None
    name = chain_of(case_id)
    edition = next_edition((await chains.read(tx.connection, name)).events)
    await tx.audit(case_id, GIVEN_OUT, {"edition": edition, "to": to, "key": signer.fingerprint}, personal)
    await tx.write_last()
    seal = await seals.seal(tx.connection, signer, await tx.now())
    chain = await chains.read(tx.connection, name)
    return None if seal is None else Contents(view, edition, chain.events, chain.values, seal)
