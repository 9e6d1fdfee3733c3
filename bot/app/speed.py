"""The time to revoke as Prometheus reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

from bot.store.speed import BOUNDS, Spread


@dataclass(frozen=True, slots=True, eq=False)
class ToRevoke(Collector):
    """A histogram a system, counted by the database: a restart forgets nothing."""

    spreads: Mapping[str, Spread]

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """Return the one family of all systems."""
        says = "Seconds from the request until an account was proved gone, of the cases that are kept"
        family = HistogramMetricFamily("offboard_time_to_revoke_seconds", says, labels=["system"])
        for system, spread in sorted(self.spreads.items()):
            buckets = [(f"{float(bound)}", float(count)) for bound, count in zip(BOUNDS, spread.within, strict=True)]
            family.add_metric([system], [*buckets, ("+Inf", float(spread.number))], spread.seconds)
        yield family
