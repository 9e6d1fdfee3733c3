"""What the operator writes about any connected system, whatever its kind."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from bot.domain.identifiers import find_flaw
from providers.ways import Way, must_be_one


def server_url(text: str) -> str:
    """Return a server address without a trailing slash, or raise ValueError saying what is wrong with it.

    Only https is accepted; http is for loopback addresses. User, password, query and fragment are refused:
    a secret in an address ends in logs.
    """
    parts = urlsplit(text.strip())
    if not parts.hostname or parts.port == 0:
        raise ValueError("is not a server address such as https://host:port")
    if "@" in parts.netloc or parts.query or parts.fragment or "?" in text or "#" in text:
        raise ValueError("must hold no user, password, query or fragment")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname)):
        raise ValueError("must begin with https:// (http:// is for loopback addresses only)")
    if not parts.geturl().isascii() or any(sign.isspace() for sign in parts.geturl()):
        raise ValueError("must be plain ASCII without blanks")
    return parts.geturl().rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _certificates(path: Path) -> Path:
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ValueError) as error:
        raise ValueError("cannot be read as a PEM file of certificates") from error
    return path


def _token(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not text.isascii() or not text.isprintable() or text != text.strip():
        raise ValueError("holds a sign that no such secret has (a line break or a blank at its end?)")
    return secret


def _listed(value: object) -> object:
    """Read a list that was written comma separated, as environment variables may have it."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def refuse_flaws(names: Iterable[str]) -> None:
    """Raise `ValueError` for a name that can be nobody's: a typing error here would say that there is no account."""
    for name in names:
        flaw = find_flaw(name)
        if flaw is not None:
            raise ValueError(f"holds a name that nobody can have. {flaw.sentence}")


ServerUrl = Annotated[str, AfterValidator(server_url)]
"""An address that calls may be sent to."""

Secret = Annotated[SecretStr, Field(min_length=1)]
"""A secret of any signs."""

Token = Annotated[SecretStr, Field(min_length=1), AfterValidator(_token)]
"""A secret that travels in a header as it is: printable ASCII."""


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""A list of texts."""


class SystemSettings(BaseModel):
    """The fields that every system takes. `timeout` is seconds for one call, `concurrency` calls at one time.

    A kind that can be logged on to in more than one way lists them in `ways`, and gives their fields the default
    None: an entry must have all fields of exactly one of them.
    """

    ways: ClassVar[tuple[Way, ...]] = ()

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    provider: str
    label: str | None = Field(default=None, min_length=1, max_length=75)
    ca_file: Annotated[Path, AfterValidator(_certificates)] | None = None
    timeout: float = Field(default=30.0, gt=0, le=3600, allow_inf_nan=False)
    concurrency: int = Field(default=4, ge=1, le=64)
    approvals: int | None = Field(default=None, ge=1)
    owner: str | None = Field(default=None, pattern=r"^[UW][A-Z0-9]{2,}$")
    second_factor: Literal["none", "totp"] | None = None

    @model_validator(mode="after")
    def _has_one_way_in(self) -> Self:
        must_be_one(self.ways, {name for way in self.ways for name in way if getattr(self, name) is not None})
        return self


def revealed(secret: SecretStr | None) -> str:
    """Return a secret in clear, nothing where there is none."""
    return secret.get_secret_value() if secret is not None else ""
