"""All the simulators together: what the demo offboards from, and what the whole-house tests run against."""

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from sandbox.systems.clock import MovableClock
from sandbox.systems.frame import Simulator
from sandbox.systems.huawei_hss import HuaweiHss
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.rsa_cas import RsaCas
from sandbox.systems.tls import Tls
from sandbox.systems.veeam_em import VeeamEm
from sandbox.systems.vspc import Vspc

SIMULATORS: Final[tuple[type[Simulator], ...]] = (VeeamEm, Vspc, LivePerson, HuaweiHss, RsaCas)

ENTRIES: Final = {
    "veeam_em": ("veeam_hq", "Veeam Enterprise Manager"),
    "vspc": ("vspc", "Veeam Service Provider Console"),
    "liveperson": ("liveperson", "LivePerson"),
    "huawei_hss": ("huawei_sandbox", "Huawei Cloud HSS"),
    "rsa_cas": ("rsa", "RSA Cloud Access Service"),
}
"""Of each kind, the name of its entry in offboard.toml and the label that people see."""


class World:
    """The systems of acme.test, seeded, with one clock and one certificate authority; `kinds` chooses among them.

    `ca_file` is the PEM to trust, from `start` to `stop`.
    """

    def __init__(
        self,
        kinds: Iterable[str] | None = None,
        *,
        clock: MovableClock | None = None,
        limits: bool = True,
        delay: float = 0.0,
    ) -> None:
        wanted = frozenset(ENTRIES if kinds is None else kinds)
        if unknown := wanted - ENTRIES.keys():
            raise ValueError(f"no simulator of {', '.join(sorted(unknown))}")
        self.clock = clock or MovableClock()
        self.by_kind: dict[str, Simulator] = {
            each.kind: each(clock=self.clock, limits=limits, delay=delay) for each in SIMULATORS if each.kind in wanted
        }
        for simulator in self.by_kind.values():
            simulator.seed()
        self.ca_file = Path()
        self._open = ExitStack()

    async def start(self) -> None:
        """Listen, each system on a free port of 127.0.0.1. Keys stand in a temporary folder of their own."""
        folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix="offboard-systems-"))
        tls = Tls(Path(folder))
        self.ca_file = tls.ca_file
        try:
            for simulator in self.by_kind.values():
                await simulator.start(tls)
        except OSError:
            await self.stop()
            raise

    def settings(self) -> dict[str, dict[str, object]]:
        """The `systems` table of an offboard.toml that reaches all of them, secrets in clear."""
        return {
            ENTRIES[kind][0]: {"label": ENTRIES[kind][1], **simulator.settings()}
            for kind, simulator in self.by_kind.items()
        }

    async def stop(self) -> None:
        for simulator in self.by_kind.values():
            await simulator.stop()
        self._open.close()
