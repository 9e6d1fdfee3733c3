"""Veeam Service Provider Console, simulated from the REST API v3 reference (3.6.1)."""

from sandbox.systems.vspc.server import Vspc

__all__ = ["Vspc"]
