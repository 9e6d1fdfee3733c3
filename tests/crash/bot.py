"""`python -m tests.crash.bot --port PORT`: what `offboard serve` runs, with places that a dead bot loses soon.

With the times of production a killed bot's work rests for up to half a minute, and a hundred kills would take hours.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
from pathlib import Path

from bot.app.lease import Pace
from bot.app.serve import serve
from bot.app.sharing import Timing
from bot.settings import load

_SOON = Pace(0.5, 8.0)


def main() -> None:
    """Serve until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("dbos").setLevel(logging.CRITICAL)
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    port: int = parser.parse_args().port
    asyncio.run(serve(load(os.environ, Path.cwd()), "127.0.0.1", port, timing=Timing(slots=_SOON, leads=_SOON)))


if __name__ == "__main__":
    main()
