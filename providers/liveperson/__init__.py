"""LivePerson (Conversational Cloud) Users API, by OAuth 2.0, signed requests (OAuth 1.0a) or a user's log-on."""

from providers.http import Door
from providers.kind import Kind
from providers.liveperson.adapter import LivePersonProvider
from providers.liveperson.settings import Settings, identity
from providers.quality import all_but

__all__ = ["KIND", "LivePersonProvider", "Settings"]


def _door(settings: Settings) -> Door:
    return Door(ca_file=settings.ca_file, timeout=settings.timeout, concurrency=settings.concurrency)


KIND = Kind(
    name="liveperson",
    settings=Settings,
    build=LivePersonProvider,
    actions="Deletes the person's user.",
    identity=identity,
    door=_door,
    keeps=all_but(),
)
