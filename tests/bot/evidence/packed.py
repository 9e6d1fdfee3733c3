"""A case that ran, its pack, and ways of changing either."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from bot.evidence import container, pack
from bot.evidence.keys import Signer, new_key, signer
from bot.evidence.making import Evidence, Made
from tests.bot.conftest import House
from tests.bot.fakes import account

OURS = signer(base64.b64encode(b"a key that is used in tests only").decode())
THEIRS = signer(new_key())


async def made(house: House, by: Signer = OURS) -> Made:
    """The pack of the first case."""
    return await Evidence(house.store, by).make(1, "file", {"by": "olga"})


async def ran(house: House) -> Made:
    """The pack of a case in which one account was removed."""
    house.crm.accounts["1"] = account(weight=("Administrator",), notes=(("last seen", "yesterday"),))
    await house.ran(reason="left <b>us</b>")
    return await made(house)


def forged(content: bytes, by: Signer = THEIRS, **changes: Callable[[bytes], bytes]) -> bytes:
    """The pack with some of its files changed (`events_jsonl=`), and signed anew as whoever has `by` could."""
    files = container.read(content)
    manifest: dict[str, Any] = json.loads(files.pop(pack.MANIFEST))
    files.pop(pack.SIGNATURE)
    for name in list(files):
        files[name] = changes.get(name.replace(".", "_"), bytes)(files[name])
    manifest["files"] = {name: [len(one), sha256(one).hexdigest()] for name, one in files.items()}
    manifest["public"] = by.public.hex()
    written = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    signature = base64.b64encode(by.sign(pack.signed_message(written))) + b"\n"
    return container.write({**files, pack.MANIFEST: written, pack.SIGNATURE: signature})
