"""The doors of the domain, as Protocols. What stands behind them is built in `bot.app` and nowhere else."""

from bot.model import WorkKind
from bot.ports.engine import Engine, InTurn, Reporter
from bot.ports.people import Membership, People
from bot.ports.provider import Provider, Systems
from bot.ports.store import DialogUse, Intent, KeyTaken, OpenedDialog, Post, PostedMessage, Store, Tx
from bot.ports.upkeep import GOING, EngineRows, OpenWork

__all__ = [
    "GOING",
    "DialogUse",
    "Engine",
    "EngineRows",
    "InTurn",
    "Intent",
    "KeyTaken",
    "Membership",
    "OpenWork",
    "OpenedDialog",
    "People",
    "Post",
    "PostedMessage",
    "Provider",
    "Reporter",
    "Store",
    "Systems",
    "Tx",
    "WorkKind",
]
