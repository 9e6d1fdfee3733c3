"""Veeam Service Provider Console, by its REST API v3 ("VSPC REST API", client version 3.6.1)."""

from providers.kind import Kind
from providers.quality import all_but
from providers.vspc.provider import VspcProvider
from providers.vspc.settings import Settings, door, identity

KIND = Kind(
    name="vspc",
    settings=Settings,
    build=VspcProvider,
    actions='Deletes every identity (API key, sign-on) of the user, then the user; `remove = "identities"` keeps it.',
    identity=identity,
    door=door,
    keeps=all_but(),
)

__all__ = ["KIND", "Settings", "VspcProvider"]
