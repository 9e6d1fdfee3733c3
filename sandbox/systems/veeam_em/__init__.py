"""Veeam Backup Enterprise Manager, simulated from the Enterprise Manager REST API reference (API 1.7)."""

from sandbox.systems.veeam_em.server import VeeamEm

__all__ = ["VeeamEm"]
