"""Simulators and doors for the length of a test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from providers.http import Door
from providers.kind import Kind
from providers.settings import SystemSettings
from sandbox.systems.frame import Simulator
from sandbox.systems.tls import Tls

T = TypeVar("T", bound=Simulator)


@asynccontextmanager
async def running(simulator: T, tls: Tls) -> AsyncIterator[T]:
    """Fill the simulator with the seed people and let it listen."""
    simulator.seed()
    await simulator.start(tls)
    try:
        yield simulator
    finally:
        await simulator.stop()


@asynccontextmanager
async def opened(kind: Kind, settings: SystemSettings) -> AsyncIterator[Door]:
    """Give the door that this kind opens to its system."""
    door = kind.door(settings)
    try:
        yield door
    finally:
        await door.aclose()
