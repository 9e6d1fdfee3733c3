"""The time to revoke, as Prometheus reads it."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest

from bot.app.speed import ToRevoke
from bot.store.speed import Spread


def test_a_system_has_a_histogram_that_names_nobody() -> None:
    registry = CollectorRegistry()
    registry.register(ToRevoke({"crm": Spread((0, 1, 1, 2, 2, 2, 2, 2), 3, 700_000.5)}))

    lines = generate_latest(registry).decode().splitlines()

    assert 'offboard_time_to_revoke_seconds_bucket{le="60.0",system="crm"} 0.0' in lines
    assert 'offboard_time_to_revoke_seconds_bucket{le="300.0",system="crm"} 1.0' in lines
    assert 'offboard_time_to_revoke_seconds_bucket{le="+Inf",system="crm"} 3.0' in lines
    assert 'offboard_time_to_revoke_seconds_count{system="crm"} 3.0' in lines
    assert 'offboard_time_to_revoke_seconds_sum{system="crm"} 700000.5' in lines


def test_without_a_removal_there_is_no_series() -> None:
    registry = CollectorRegistry()
    registry.register(ToRevoke({}))

    assert "offboard_time_to_revoke_seconds_count" not in generate_latest(registry).decode()
