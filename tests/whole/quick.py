"""The real program with short times: `python -m tests.whole.quick ROLE [PORT]`, in a bot's folder.

The roles are `serve`, `slack`, `worker`, and `worker-patient`, whose places last long.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from dataclasses import replace
from pathlib import Path

from bot.app.lease import Pace
from bot.app.serve import serve, work
from bot.app.sharing import Timing
from bot.settings import load

QUICK = Timing(slots=Pace(0.5, 6.0), leads=Pace(0.5, 5.0), sweep=0.5, drain=6.0, at_once=2)
"""A dead executor's work is taken over about six seconds after its death, and no worker takes all there is."""

PATIENT = replace(QUICK, slots=Pace(0.5, 600.0), leads=Pace(0.5, 600.0))
"""A dead one's places are kept for ten minutes, longer than any test waits."""


def main(role: str, port: str = "0") -> None:
    """Run until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("dbos").setLevel(logging.CRITICAL)
    loaded = load(os.environ, Path.cwd())
    if role.startswith("worker"):
        asyncio.run(work(loaded, PATIENT if role == "worker-patient" else QUICK))
    else:
        asyncio.run(serve(loaded, "127.0.0.1", int(port), works=role == "serve", timing=QUICK))


if __name__ == "__main__":
    main(*sys.argv[1:])
