"""Environment and `offboard.toml`, read once. Every mistake is one line that names the key."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.sources import InitSettingsSource

from bot.domain.identifiers import find_flaw
from bot.errors import ConfigurationError
from bot.policy import Limits, Policy

PREFIX = "OFFBOARD_"
_OWN = frozenset({"OFFBOARD_CONFIG", "OFFBOARD_SECRETS_DIR"})
_TABLES = ("slack", "policy", "people", "evidence", "retention", "systems")
SYSTEM_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def _listed(value: object) -> object:
    if isinstance(value, str) and value.lstrip().startswith("["):
        # A list of protected people that is cut short must not protect nobody.
        raise ValueError("looks like JSON and is not")
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _patterns(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a pattern that would protect nobody for a character that no address has; `*` is the wildcard."""
    for number, pattern in enumerate(patterns, 1):
        flaw = find_flaw(pattern.replace("*", "."))
        if flaw is not None:
            raise ValueError(f"entry {number} would protect nobody. {flaw.sentence}")
    return patterns


def _iso(value: object) -> object:
    if isinstance(value, timedelta) or (isinstance(value, str) and value.startswith("P")):
        return value
    raise ValueError("should be an ISO 8601 duration, e.g. PT72H")


Ids = Annotated[tuple[Annotated[str, Field(pattern=r"^[UWS][A-Z0-9]+$")], ...], BeforeValidator(_listed)]
UserIds = Annotated[tuple[Annotated[str, Field(pattern=r"^[UW][A-Z0-9]+$")], ...], BeforeValidator(_listed)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Patterns = Annotated[Texts, AfterValidator(_patterns)]
Duration = Annotated[timedelta, Field(le=timedelta(days=3650)), BeforeValidator(_iso)]
ChannelId = Annotated[str, Field(pattern=r"^[CG][A-Z0-9]+$")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SlackTable(_Table):
    """`[slack]`. `sensitive_channel` is used where the leaver is a member of `channel`.

    `discreet` keeps names and accounts of new cases out of the channel. `allow_public` lets these channels be public
    or shared with another company.
    """

    channel: ChannelId
    sensitive_channel: ChannelId | None = None
    discreet: bool = False
    allow_public: bool = False


class LimitsTable(_Table):
    """`[policy.limits]`."""

    per_requester_per_day: int = Field(default=20, ge=1)
    per_approver_per_day: int | None = Field(default=None, ge=1)
    per_hour: int | None = Field(default=None, ge=1)
    per_day: int | None = Field(default=None, ge=1)
    share_of_system: float | None = Field(default=None, ge=0, le=1, allow_inf_nan=False)

    def on_runs(self) -> Limits:
        """Return the limits on runs as the domain has them."""
        return Limits(self.per_approver_per_day, self.per_hour, self.per_day, self.share_of_system)


class PolicyTable(_Table):
    """`[policy]`. Durations are ISO 8601."""

    requesters: Ids = Field(min_length=1)
    approvers: Ids = Field(min_length=1)
    admins: Ids = ()
    approvals: int = Field(default=1, ge=1)
    protected: Patterns = ()
    approval_expiry: Annotated[Duration, Field(gt=timedelta())] = timedelta(hours=72)
    cool_down: Annotated[Duration, Field(ge=timedelta())] = timedelta()
    break_glass: bool = False
    limits: LimitsTable = LimitsTable()
    second_factor: Literal["none", "totp"] = "none"
    second_factor_key: SecretStr | None = Field(default=None, min_length=32)

    def rules(self, people: Mapping[str, tuple[str, ...]]) -> Policy:
        """Return the rules as the domain has them; `people` is the table `[people]`."""
        fields = ("requesters", "approvers", "admins", "approvals", "protected", "approval_expiry", "cool_down")
        named = {name: getattr(self, name) for name in fields}
        most, limits = self.limits.per_requester_per_day, self.limits.on_runs()
        return Policy(
            **named,
            per_requester_per_day=most,
            limits=limits,
            break_glass=self.break_glass,
            second_factor=self.second_factor == "totp",
            people=tuple(people.values()),
        )

    @model_validator(mode="after")
    def _has_admins(self) -> Self:
        """Refuse brakes that only an admin can let go, and break-glass, where there is no admin."""
        if not self.admins and (self.limits.on_runs().any or self.break_glass):
            raise ValueError("admins are needed for limits on runs, and for break_glass: they let a held case go on")
        return self


class EvidenceTable(_Table):
    """`[evidence]`. `in_thread` puts the packs of cases that are not discreet into their threads as well."""

    signing_key: SecretStr | None = Field(default=None, min_length=1)
    in_thread: bool = False


class RetentionTable(_Table):
    """`[retention]`. What is personal in a case is deleted that long after its end."""

    cases: Annotated[Duration, Field(ge=timedelta(days=1))] = timedelta(days=365)


class File(BaseSettings):
    """`offboard.toml`, overridden key by key by `OFFBOARD_<TABLE>__<KEY>`. Systems are checked by their kind."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    slack: SlackTable
    policy: PolicyTable
    people: dict[str, UserIds] = Field(default_factory=dict)
    evidence: EvidenceTable = EvidenceTable()
    retention: RetentionTable = RetentionTable()
    systems: dict[str, dict[str, Any]] = Field(min_length=1)

    def rules(self) -> Policy:
        """Return the rules as the domain has them."""
        return self.policy.rules(self.people)

    @model_validator(mode="after")
    def _each_id_is_one_human(self) -> Self:
        ids = [one for listed in self.people.values() for one in listed]
        if len(set(ids)) < len(ids):
            raise ValueError("people: a Slack id belongs to one human only")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 — `gather` reads it, and refuses what means nothing
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 — the same
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 — the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take overrides before the file, merged deeply; nothing else is read."""
        given = init_settings()
        return (
            InitSettingsSource(settings_cls, given.get("overrides", {})),
            InitSettingsSource(settings_cls, given.get("written", {})),
        )


class Environment(_Table):
    """The variables with fixed names."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    slack_bot_token: SecretStr = Field(alias="SLACK_BOT_TOKEN", min_length=1)
    slack_signing_secret: SecretStr | None = Field(default=None, alias="SLACK_SIGNING_SECRET")
    slack_app_token: SecretStr | None = Field(default=None, alias="SLACK_APP_TOKEN")
    slack_api_url: str = Field(default="https://slack.com/api/", alias="SLACK_API_URL")
    database_url: SecretStr = Field(default=SecretStr("sqlite:///offboard.db"), alias="DATABASE_URL")
    port: int = Field(default=3000, alias="PORT", ge=0, le=65535)
    dyno: str | None = Field(default=None, alias="DYNO")


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that was configured. `written` is the file alone, to tell where a secret stands; `path` names it."""

    environment: Environment
    file: File
    written: Mapping[str, Any]
    path: Path


def load(environ: Mapping[str, str], folder: Path) -> Loaded:
    """Read variables, `.env`, secret files and the TOML file. Raises ConfigurationError."""
    variables = gather(environ, folder)
    return Loaded(load_environment(variables), *load_file(variables, folder))


def gather(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return all variables: the environment before `.env` before the folder of secret files."""
    dotenv = _dotenv(folder / ".env")
    where = environ.get("OFFBOARD_SECRETS_DIR") or dotenv.get("OFFBOARD_SECRETS_DIR")
    return {**_secret_files(folder, where), **dotenv, **environ}


def _dotenv(path: Path) -> dict[str, str]:
    try:
        # Taken literally: a password may hold `${`.
        found = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path.name}: not readable: {type(error).__name__}") from None
    return {name: value for name, value in found.items() if value is not None}


def _secret_files(folder: Path, where: str | None) -> dict[str, str]:
    if not where:
        return {}
    place = folder / where
    if not place.is_dir():
        raise ConfigurationError(f"OFFBOARD_SECRETS_DIR: {where} is not a folder")
    files = [path for path in place.iterdir() if path.is_file() and not path.name.startswith(".")]
    return {path.name: _secret(path) for path in files}


def _secret(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path.name}: the secret file is not readable: {type(error).__name__}") from None


def load_database_url(variables: Mapping[str, str]) -> str:
    """Return `DATABASE_URL` alone, for commands that need nothing else."""
    return variables.get("DATABASE_URL") or "sqlite:///offboard.db"


def load_environment(variables: Mapping[str, str]) -> Environment:
    """Check the variables with fixed names. An empty one counts as not set."""
    try:
        environment = Environment.model_validate({name: value for name, value in variables.items() if value})
    except ValidationError as error:
        raise ConfigurationError(sentence(error)) from None
    if environment.slack_app_token is None and environment.slack_signing_secret is None:
        raise ConfigurationError(
            "SLACK_SIGNING_SECRET: missing (needed for HTTP; or set SLACK_APP_TOKEN for Socket Mode)"
        )
    return environment


def load_file(variables: Mapping[str, str], folder: Path) -> tuple[File, Mapping[str, Any], Path]:
    """Read and check the TOML file with its overrides."""
    named = variables.get("OFFBOARD_CONFIG")
    path = folder / (named or "offboard.toml")
    written = _read_toml(path, must_exist=bool(named))
    try:
        file = File(overrides=_overrides(variables), written=written)  # type: ignore[call-arg]  # our own sources
    except ValidationError as error:
        raise ConfigurationError(f"{sentence(error)} (in {path.name} or its OFFBOARD_ variable)") from None
    for name in file.systems:
        if not SYSTEM_NAME.fullmatch(name):
            raise ConfigurationError(f"systems.{name}: a name is made of a-z, 0-9 and single underscores")
    return file, written, path


def _read_toml(path: Path, *, must_exist: bool) -> dict[str, Any]:
    if not path.exists() and not must_exist:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"OFFBOARD_CONFIG: {path} does not exist") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigurationError(f"{path.name}: not readable as TOML: {error}") from None


def _overrides(variables: Mapping[str, str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for variable, value in sorted(variables.items()):
        if not variable.startswith(PREFIX) or variable in _OWN:
            continue
        *tables, key = variable.removeprefix(PREFIX).lower().split("__")
        if not tables or tables[0] not in _TABLES or not key or not all(tables):
            raise ConfigurationError(f"{variable}: means nothing; a variable is {PREFIX}<TABLE>__<KEY>")
        if not _plant(tree, tables, key, _decoded(value)):
            raise ConfigurationError(f"{variable}: another variable gives {'.'.join(tables)} a value of its own")
    return tree


def _plant(tree: dict[str, Any], tables: list[str], key: str, value: object) -> bool:
    for table in tables:
        tree = tree.setdefault(table, {})
        if not isinstance(tree, dict):
            return False
    tree[key] = value
    return True


def _decoded(value: str) -> object:
    """Return lists and tables written as JSON; anything else stays text, as a password that begins with `[`."""
    if not value.lstrip().startswith(("[", "{")):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def sentence(error: ValidationError, prefix: str = "") -> str:
    """Return the first mistake of a validation as one line that names the key and never shows the value."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    key = ".".join([prefix, *(str(part) for part in first["loc"])]).strip(".")
    if first["type"] == "extra_forbidden":
        return f"{key}: not known"
    if first["type"] == "missing":
        return f"{key}: missing"
    return f"{key}: {first['msg'].removeprefix('Value error, ')}"
