"""RSA Cloud Access Service, simulated from the Cloud Administration API pages."""

from sandbox.systems.rsa_cas.server import RsaCas

__all__ = ["RsaCas"]
