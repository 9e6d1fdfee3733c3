"""What the engine's rows call things. All of it is for ever: open work in a database is found by these."""

from __future__ import annotations

from typing import Final

QUEUE: Final = "systems"
WORKFLOW: Final = "work_in_system"
APP_VERSION: Final = "1"
"""Pinned: DBOS strands all open work where this changes. New behaviour gets a new workflow name instead."""
