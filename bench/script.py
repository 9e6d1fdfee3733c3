"""`python -m bench.script`: the script that somebody would write instead: calls one after the other with requests.

Asked with `url`, `ca_file` and `chains` (of each system its calls: method and path), it makes them all, one session a
system, and says how long each chain took.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import requests

from bench.child import answer_all


def _made(question: dict[str, Any]) -> dict[str, float]:
    return {name: _chain(question, calls) for name, calls in question["chains"].items()}


def _chain(question: dict[str, Any], calls: Sequence[tuple[str, str]]) -> float:
    began = time.perf_counter()
    with requests.Session() as session:
        session.trust_env, session.verify = False, question["ca_file"]
        for method, path in calls:
            session.request(method, question["url"] + path, timeout=30).raise_for_status()
    return time.perf_counter() - began


async def _answer(question: dict[str, Any]) -> object:
    return await asyncio.to_thread(_made, question)


if __name__ == "__main__":
    asyncio.run(answer_all(_answer))
