"""`python -m bench.roomy`: `offboard` that posts its messages as they come, for a workspace whose limits are off.

Slack takes one new message a second in a channel, and the bot keeps to that by itself. Where Slack is not what is
measured, hundreds of cases in one channel would be measured by that pace and by nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from bot.cli import main
from handlers import budget

_MANY = 1_000_000


@contextmanager
def unpaced() -> Iterator[None]:
    """Let as many messages be posted at once as there are; edits keep their pace."""
    with patch.object(budget, "POSTS_AT_ONCE", _MANY):
        yield


if __name__ == "__main__":
    with unpaced():
        sys.exit(main())
