"""`python -m bot` is `offboard`."""

import sys

from bot.cli import main

sys.exit(main())
