"""RSA Cloud Access Service (ID Plus, SecurID), by its Cloud Administration REST APIs."""

from providers.http import Door
from providers.kind import Kind
from providers.quality import all_but
from providers.rsa_cas.adapter import RsaCasProvider
from providers.rsa_cas.settings import Settings, identity

__all__ = ["KIND", "RsaCasProvider", "Settings"]


def _door(settings: Settings) -> Door:
    return Door(ca_file=settings.ca_file, timeout=settings.timeout, concurrency=settings.concurrency)


KIND = Kind(
    name="rsa_cas",
    settings=Settings,
    build=RsaCasProvider,
    actions="Disables the person's user, then deletes it at once or puts it in the vendor's seven-day bin.",
    identity=identity,
    door=_door,
    keeps=all_but(),
)
