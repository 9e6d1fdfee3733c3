"""What the operator writes about a LivePerson account."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from providers.settings import Secret, ServerUrl, SystemSettings

Host = Annotated[str, Field(pattern=r"^\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$")]
"""A host name, or the end of host names, without port."""

_OWN_HOSTS = ("liveperson.net", "liveperson.com")


class Settings(SystemSettings):
    """Access by OAuth 2.0 client credentials, which LivePerson prefers for machines.

    `account` is the site id. The Domain API at `domain_api` says on which hosts the account lives; only those in or
    below `hosts` ever get a credential.
    """

    provider: Literal["liveperson"]
    account: str = Field(pattern=r"^[a-zA-Z0-9_]{1,20}$", coerce_numbers_to_str=True)
    client_id: str = Field(min_length=1, max_length=256)
    client_secret: Secret
    api_version: str = Field(default="4.0", pattern=r"^[456]\.0$", coerce_numbers_to_str=True)
    domain_api: ServerUrl = "https://api.liveperson.net"
    hosts: tuple[Host, ...] = Field(default=_OWN_HOSTS, min_length=1)

    def trusts(self, host: str) -> bool:
        """Whether credentials may be sent to this host."""
        name = host.lower()
        allowed = [entry.lower().removeprefix(".") for entry in self.hosts]
        return any(name == entry or name.endswith(f".{entry}") for entry in allowed)


def identity(settings: Settings) -> str:
    """Return which system this is: the service, the account and the application that logs on."""
    return f"liveperson {settings.domain_api} {settings.account} {settings.client_id}"
