"""The doors of the domain, as Protocols. What stands behind them is built in `bot.app` and nowhere else."""

from bot.model import WorkKind
from bot.ports.engine import Engine, Reporter
from bot.ports.people import Membership, People
from bot.ports.provider import Provider, Systems
from bot.ports.store import Intent, KeyTaken, Post, Store, Tx

__all__ = [
    "Engine",
    "Intent",
    "KeyTaken",
    "Membership",
    "People",
    "Post",
    "Provider",
    "Reporter",
    "Store",
    "Systems",
    "Tx",
    "WorkKind",
]
