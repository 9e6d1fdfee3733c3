"""What the operator writes about a tenant of RSA's Cloud Access Service."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, SecretStr

from providers.rsa_cas.keys import signing_key
from providers.settings import ServerUrl, SystemSettings, server_url
from providers.ways import Way


def _as_written(text: str) -> str:
    server_url(text)
    return text


def _private(secret: SecretStr) -> SecretStr:
    signing_key(secret.get_secret_value())
    return secret


def _rsa(secret: SecretStr) -> SecretStr:
    if signing_key(secret.get_secret_value()).algorithm != "RS256":
        raise ValueError("is not an RSA key: the legacy API takes RS256 only")
    return secret


Name = Annotated[str, Field(min_length=1, max_length=256)]


class Settings(SystemSettings):
    """Access by a legacy Administration API key (`access_*`) or by an OAuth client with a private key.

    `url` is the Administration API REST URL; the legacy token names it byte for byte, so it is kept as written.
    `remove` is `now`, or `mark` for the vendor's bin, which is emptied after seven days.
    """

    ways: ClassVar[tuple[Way, ...]] = (("access_id", "access_key"), ("issuer", "client_id", "private_key"))

    provider: Literal["rsa_cas"]
    url: Annotated[str, AfterValidator(_as_written)]
    access_id: Name | None = None
    access_key: Annotated[SecretStr, AfterValidator(_rsa)] | None = None
    issuer: ServerUrl | None = None
    client_id: Name | None = None
    private_key: Annotated[SecretStr, AfterValidator(_private)] | None = None
    remove: Literal["now", "mark"] = "now"

    @property
    def api(self) -> str:
        """The address that `/v1/…` and `/v2/…` are appended to: one article shows the URL with `/v1`, one without."""
        return self.url.strip().rstrip("/").removesuffix("/v1").rstrip("/")


def identity(settings: Settings) -> str:
    """Return which system this is: the tenant's API and who logs on."""
    return f"rsa_cas {settings.api} {settings.access_id or settings.client_id}"
