"""What the operator writes about a Huawei Cloud region whose host security is managed for an organization."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from bot.model import fold
from providers.settings import Secret, ServerUrl, SystemSettings, Token, refuse_flaws
from providers.ways import Way

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
"""An id of Huawei Cloud: at most 64 characters (*Querying the Multi-Account List*)."""

_EUROPEAN = "eu-west-101"


Name = Annotated[str, StringConstraints(min_length=1, max_length=256)]


_Names = TypeVar("_Names", dict[str, str], tuple[str, ...])


def _without_flaws(names: _Names) -> _Names:
    refuse_flaws(names)
    return names


class Settings(SystemSettings):
    """Access by a pair of keys (AK/SK), which the vendor prefers, or by an IAM user's password and a token for it.

    A temporary pair has its `security_token`; when it ends, all three have to be given anew. `iam_domain` is the
    name of the account that the IAM user belongs to.

    `accounts` is the operator's word which cloud account (id) belongs to the person with a mail: nothing else ties
    the two. `protected_accounts` are names or ids that are never touched. `project_id` is the caller's own.
    With a pair of keys nothing is ever asked of IAM.
    `calls_per_minute` is the vendor's limit for one caller and one address to one API.
    """

    ways: ClassVar[tuple[Way, ...]] = (
        ("access_key", "secret_key"),
        ("access_key", "secret_key", "security_token"),
        ("iam_user", "iam_password", "iam_domain"),
    )

    provider: Literal["huawei_hss"]
    region: Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z0-9]+)+$")]
    project_id: Id
    access_key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,128}$")] | None = None
    secret_key: Secret | None = None
    security_token: Token | None = None
    iam_user: Name | None = None
    iam_password: Secret | None = None
    iam_domain: Name | None = None
    organization_id: Id | None = None
    enterprise_project_id: Id = "all_granted_eps"
    accounts: Annotated[dict[str, Id], AfterValidator(_without_flaws)] = Field(default_factory=dict)
    protected_accounts: Annotated[tuple[str, ...], AfterValidator(_without_flaws)] = ()
    endpoint: ServerUrl | None = None
    iam_endpoint: ServerUrl | None = None
    calls_per_minute: int = Field(default=5, ge=1, le=600)

    @model_validator(mode="after")
    def _one_account_per_mail(self) -> Self:
        if len({fold(mail) for mail in self.accounts}) < len(self.accounts):
            raise ValueError("accounts names one mail twice")
        if any("@" not in mail for mail in self.accounts):
            raise ValueError("accounts must give an account id for each mail address")
        refuse_flaws(self.accounts)
        return self

    @property
    def server(self) -> str:
        """The address of the regional service, without a trailing slash."""
        return self.endpoint or self._of_region("hss")

    @property
    def iam_server(self) -> str:
        """The address of the region's IAM, without a trailing slash."""
        return self.iam_endpoint or self._of_region("iam")

    @property
    def host(self) -> str:
        """The address as the header `Host` gives it: with a port only where it is not the scheme's own."""
        parts = urlsplit(self.server)
        own = {"https": 443, "http": 80}[parts.scheme]
        name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        return f"{name}:{parts.port}" if parts.port not in {None, own} else f"{name}"

    @property
    def sees_all(self) -> bool:
        """Whether every enterprise project is asked for."""
        return self.enterprise_project_id == "all_granted_eps"

    def _of_region(self, service: str) -> str:
        country = "eu" if self.region == _EUROPEAN else "com"
        return f"https://{service}.{self.region}.myhuaweicloud.{country}"

    def assigned(self, mail: str) -> str | None:
        """The account id that the operator assigned to this mail address."""
        return next((account for owner, account in self.accounts.items() if fold(owner) == fold(mail)), None)


def identity(settings: Settings) -> str:
    """Return which system this is: the service, the caller's project, the key or user, and the part looked at."""
    who = settings.access_key if settings.iam_user is None else f"user {settings.iam_domain}/{settings.iam_user}"
    scope = f"{settings.organization_id or '*'}/{settings.enterprise_project_id}"
    return f"huawei_hss {settings.server} {settings.project_id} {who} {scope}"
