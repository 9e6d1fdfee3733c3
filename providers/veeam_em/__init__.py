"""Veeam Backup Enterprise Manager, by its REST API 1.7 ("Enterprise Manager REST API")."""

from providers.kind import Kind
from providers.quality import all_but
from providers.veeam_em.provider import VeeamEmProvider
from providers.veeam_em.settings import Settings, door, identity

KIND = Kind(
    name="veeam_em",
    settings=Settings,
    build=VeeamEmProvider,
    actions="Deletes the person's own account (role assignment); groups are reported and left alone.",
    identity=identity,
    door=door,
    keeps=all_but(),
)

__all__ = ["KIND", "Settings", "VeeamEmProvider"]
