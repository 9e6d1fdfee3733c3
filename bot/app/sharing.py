"""What this process is among those that serve one database: its name, its places, and how fast it notices things."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

from bot.app.gone import holder_of
from bot.app.in_turn import InTurnEverywhere
from bot.app.lease import Lease, Pace
from bot.errors import Fenced
from bot.in_turn import InTurnHere
from bot.ports import InTurn
from bot.settings import Loaded
from bot.store import SqlStore

EXECUTOR = "executor-"
"""What the slots of executors begin with; a number follows."""
ALONE = "process-1"
"""The executor's name where one process serves the database."""

_SLOTS = Pace(5.0, 30.0)
_LEADS = Pace(5.0, 20.0)


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. `slots` are the executors' places, `leads` those of the poster, the sweeper and the takeover.

    `sweep` lies between two passes over what time does, `drain` is what running work is given to end. `at_once` pieces
    of work run side by side in one system, in each process.
    """

    slots: Pace = _SLOTS
    leads: Pace = _LEADS
    sweep: float = 5.0
    drain: float = 10.0
    at_once: int = 16


@dataclass(slots=True)
class Slot:
    """The executor's place at the moment: a guard for what the work writes."""

    lease: Lease | None = None

    def claim(self) -> tuple[str, str, int]:
        """Return name, holder and fencing number. Raises `Fenced` where there is no place."""
        if self.lease is None:
            raise Fenced("this process holds no executor's slot")
        return self.lease.claim()


@dataclass(frozen=True, slots=True)
class Sharing:
    """The places of this process. On SQLite, where the file's lock lets one process in, nothing is leased."""

    store: SqlStore
    holder: str
    timing: Timing
    poster: Lease | None = None
    sweeper: Lease | None = None
    takeover: Lease | None = None
    slot: Slot = field(default_factory=Slot)

    @property
    def many(self) -> bool:
        """Whether other processes may serve this database."""
        return self.takeover is not None

    @property
    def leases(self) -> tuple[Lease, ...]:
        """The places that this process tries to hold."""
        return tuple(lease for lease in (self.poster, self.sweeper, self.takeover) if lease is not None)

    def store_of_work(self) -> SqlStore:
        """Return the store for what executors do: nothing is written once the slot is lost."""
        return self.store.under(self.slot) if self.many else self.store

    def in_turn(self) -> InTurn:
        """Return what keeps work in turn that must not be done side by side."""
        return InTurnEverywhere(self.store, self.holder, self.timing.slots) if self.many else InTurnHere()


def sharing_of(loaded: Loaded, store: SqlStore, timing: Timing, *, many: bool, serves: bool) -> Sharing:
    """Return the places of this process, none of which is held yet. What only works neither posts nor sweeps."""
    holder = holder_of(label_of(loaded))
    if not many:
        return Sharing(store, holder, timing)
    takeover = Lease(store, "takeover", holder, timing.leads)
    if not serves:
        return Sharing(store, holder, timing, takeover=takeover)
    poster, sweeper = (Lease(store, name, holder, timing.leads) for name in ("poster", "sweeper"))
    return Sharing(store, holder, timing, poster, sweeper, takeover)


def label_of(loaded: Loaded) -> str:
    """Return what people call this process: `$DYNO`, else the machine's name. Nothing is decided by it."""
    return loaded.environment.dyno or socket.gethostname()
