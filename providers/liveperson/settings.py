"""What the operator writes about a LivePerson account."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bot.model import fold
from providers.settings import Secret, ServerUrl, SystemSettings
from providers.ways import Way

Host = Annotated[str, Field(pattern=r"^\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$")]
"""A host name, or the end of host names, without port."""

_OWN_HOSTS = ("liveperson.net", "liveperson.com")


Name = Annotated[str, Field(min_length=1, max_length=256)]


class Settings(SystemSettings):
    """Access by OAuth 2.0 client credentials, which LivePerson prefers for machines, or in one of two older ways.

    Those are signed requests (OAuth 1.0a, the four values of an API key) and the log-on of a user with a password.

    `account` is the site id. The Domain API at `domain_api` says on which hosts the account lives; only those in or
    below `hosts` ever get a credential.
    """

    ways: ClassVar[tuple[Way, ...]] = (
        ("client_id", "client_secret"),
        ("consumer_key", "consumer_secret", "access_token", "access_token_secret"),
        ("username", "password"),
    )

    provider: Literal["liveperson"]
    account: str = Field(pattern=r"^[a-zA-Z0-9_]{1,20}$", coerce_numbers_to_str=True)
    client_id: Name | None = None
    client_secret: Secret | None = None
    consumer_key: Name | None = None
    consumer_secret: Secret | None = None
    access_token: Secret | None = None
    access_token_secret: Secret | None = None
    username: Name | None = None
    password: Secret | None = None
    api_version: str = Field(default="4.0", pattern=r"^[456]\.0$", coerce_numbers_to_str=True)
    domain_api: ServerUrl = "https://api.liveperson.net"
    hosts: tuple[Host, ...] = Field(default=_OWN_HOSTS, min_length=1)

    def trusts(self, host: str) -> bool:
        """Whether credentials may be sent to this host."""
        name = host.lower()
        allowed = [entry.lower().removeprefix(".") for entry in self.hosts]
        return any(name == entry or name.endswith(f".{entry}") for entry in allowed)


def identity(settings: Settings) -> str:
    """Return which system this is: the service, the account, and the application, API key or user that logs on."""
    return f"liveperson {settings.domain_api} {settings.account} {_who(settings)}"


def _who(settings: Settings) -> str:
    if settings.consumer_key is not None:
        return f"key {settings.consumer_key}"
    if settings.username is not None:
        return f"user {fold(settings.username)}"
    return f"{settings.client_id}"
