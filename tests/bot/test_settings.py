"""Environment and file: read once, and every mistake is one line that names the key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.policy import Limits, Policy
from bot.settings import Loaded, load

FILE = """
[slack]
channel = "C0CASES"

[policy]
requesters = ["U0AMY", "S0HR"]
approvers = ["S0SECURITY"]

[systems.crm]
provider = "fake"
"""
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "secret"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "offboard.toml").write_text(FILE)
    return tmp_path


def read(folder: Path, **variables: str) -> Loaded:
    return load({**TOKENS, **variables}, folder)


def mistake(folder: Path, environ: Mapping[str, str]) -> str:
    """The one line about what is wrong."""
    with pytest.raises(ConfigurationError) as caught:
        load(environ, folder)
    text = str(caught.value)
    assert "\n" not in text
    assert "Value error" not in text
    return text


def write(folder: Path, old: str, new: str) -> None:
    (folder / "offboard.toml").write_text(FILE.replace(old, new))


def test_a_file_and_two_tokens_are_enough(folder: Path) -> None:
    loaded = read(folder)

    assert loaded.file.slack.channel == "C0CASES"
    assert loaded.file.systems == {"crm": {"provider": "fake"}}
    assert loaded.environment.slack_bot_token.get_secret_value() == "xoxb-1"
    assert loaded.environment.database_url.get_secret_value() == "sqlite:///offboard.db"
    assert (loaded.environment.port, loaded.environment.slack_api_url) == (3000, "https://slack.com/api/")
    assert loaded.path == folder / "offboard.toml"


def test_what_is_not_said_is_as_strict_as_promised(folder: Path) -> None:
    assert read(folder).file.rules() == Policy(
        requesters=("U0AMY", "S0HR"),
        approvers=("S0SECURITY",),
        admins=(),
        approvals=1,
        protected=(),
        approval_expiry=timedelta(hours=72),
        cool_down=timedelta(),
        per_requester_per_day=20,
    )


def test_all_rules_of_the_file_reach_the_policy(folder: Path) -> None:
    more = """approvers = ["S0SECURITY"]
admins = ["U0ROOT"]
approvals = 2
protected = ["ceo@acme.test"]
approval_expiry = "P1DT12H"
cool_down = "PT15M"
[policy.limits]
per_requester_per_day = 3
"""
    write(folder, 'approvers = ["S0SECURITY"]\n', more)

    rules = read(folder).file.rules()

    assert (rules.admins, rules.approvals, rules.protected) == (("U0ROOT",), 2, ("ceo@acme.test",))
    assert (rules.approval_expiry, rules.cool_down) == (timedelta(days=1, hours=12), timedelta(minutes=15))
    assert rules.per_requester_per_day == 3


@pytest.mark.parametrize("value", ["U0ROOT,S0OPS", " U0ROOT , S0OPS ,", '["U0ROOT", "S0OPS"]'])
def test_a_variable_gives_a_list_with_commas_or_as_json(folder: Path, value: str) -> None:
    assert read(folder, OFFBOARD_POLICY__ADMINS=value).file.policy.admins == ("U0ROOT", "S0OPS")


def test_variables_come_before_the_file_key_by_key(folder: Path) -> None:
    loaded = read(
        folder,
        OFFBOARD_POLICY__APPROVALS="2",
        OFFBOARD_POLICY__LIMITS__PER_REQUESTER_PER_DAY="5",
        OFFBOARD_SLACK__CHANNEL="G0OTHER",
        OFFBOARD_SYSTEMS__CRM__PASSWORD="pass,word",
        OFFBOARD_SYSTEMS__CRM__DOMAINS='{"acme.test": ["ACME"]}',
    )

    assert (loaded.file.policy.approvals, loaded.file.policy.limits.per_requester_per_day) == (2, 5)
    assert (loaded.file.slack.channel, loaded.file.policy.requesters) == ("G0OTHER", ("U0AMY", "S0HR"))
    assert loaded.file.systems["crm"] == {
        "provider": "fake",
        "password": "pass,word",
        "domains": {"acme.test": ["ACME"]},
    }
    assert loaded.written["systems"] == {"crm": {"provider": "fake"}}


def test_a_password_may_begin_like_json(folder: Path) -> None:
    assert read(folder, OFFBOARD_SYSTEMS__CRM__PASSWORD="[pass").file.systems["crm"]["password"] == "[pass"


def test_without_a_file_variables_alone_are_enough(tmp_path: Path) -> None:
    variables = {
        "OFFBOARD_SLACK__CHANNEL": "C0CASES",
        "OFFBOARD_POLICY__REQUESTERS": "U0AMY",
        "OFFBOARD_POLICY__APPROVERS": "S0SECURITY",
        "OFFBOARD_SYSTEMS__CRM__PROVIDER": "fake",
    }

    assert read(tmp_path, **variables).file.systems == {"crm": {"provider": "fake"}}


def test_the_file_may_have_another_name(folder: Path) -> None:
    (folder / "offboard.toml").rename(folder / "other.toml")

    assert read(folder, OFFBOARD_CONFIG="other.toml").path == folder / "other.toml"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('channel = "C0CASES"', "", "slack.channel: missing"),
        ('channel = "C0CASES"', 'channel = "#cases"', "slack.channel"),
        ('channel = "C0CASES"', 'channel = "C0CASES"\nchanel = "C1"', "slack.chanel: not known"),
        ('channel = "C0CASES"', 'channel = "C0CASES"\ndiscreet = "a little"', "slack.discreet"),
        ('approvers = ["S0SECURITY"]', "", "policy.approvers: missing"),
        ('approvers = ["S0SECURITY"]', "approvers = []", "policy.approvers"),
        ('approvers = ["S0SECURITY"]', 'approvers = ["@security"]', "policy.approvers.0"),
        ('approvers = ["S0SECURITY"]', 'approvers = ["S0SECURITY"]\napprovals = 0', "policy.approvals"),
        ('approvers = ["S0SECURITY"]', 'approvers = ["S0SECURITY"]\nbreak_glass = true', "policy: admins are needed"),
        (
            'approvers = ["S0SECURITY"]',
            'approvers = ["S0SECURITY"]\n[policy.limits]\nper_day = 1',
            "policy: admins are",
        ),
        ('approvers = ["S0SECURITY"]', 'approvers = ["S0SECURITY"]\n[policy.limits]\nper_hour = 0', "limits.per_hour"),
        (
            'approvers = ["S0SECURITY"]',
            'approvers = ["S0SECURITY"]\nadmins = ["U0ROOT"]\n[policy.limits]\nshare_of_system = 1.5',
            "policy.limits.share_of_system",
        ),
        (
            'approvers = ["S0SECURITY"]',
            'approvers = ["S0SECURITY"]\n[policy.limits]\nshare_of_system = 0.1',
            "policy: admins are",
        ),
        ('[systems.crm]\nprovider = "fake"', "", "systems: missing"),
        ("[systems.crm]", "[systems.CRM]", "systems.CRM: a name"),
        ("[systems.crm]", "[systems.crm__two]", "systems.crm__two: a name"),
        ("[systems.crm]", "[other]\n[systems.crm]", "other: not known"),
        ("[slack]", "[slack", "offboard.toml: not readable as TOML"),
    ],
)
def test_a_mistake_in_the_file_is_told_by_its_key(folder: Path, old: str, new: str, key: str) -> None:
    write(folder, old, new)

    assert key in mistake(folder, TOKENS)


@pytest.mark.parametrize("expiry", ['"72 hours"', "72", '"72:00:00"', '"-PT1H"', '"PT0S"', '"P"', '"P99999D"', "true"])
def test_a_duration_is_iso_8601_and_sensible_or_a_mistake(folder: Path, expiry: str) -> None:
    write(folder, 'approvers = ["S0SECURITY"]', f'approvers = ["S0SECURITY"]\napproval_expiry = {expiry}')

    assert mistake(folder, TOKENS).startswith("policy.approval_expiry: ")


@pytest.mark.parametrize(
    "variable",
    [
        "OFFBOARD_POLICY_APPROVALS",
        "OFFBOARD_POLCY__APPROVALS",
        "OFFBOARD_",
        "OFFBOARD_POLICY__",
        "OFFBOARD_POLICY____APPROVALS",
        "OFFBOARD_APPROVALS",
    ],
)
def test_a_variable_that_means_nothing_stops_the_start(folder: Path, variable: str) -> None:
    assert mistake(folder, {**TOKENS, variable: "2"}).startswith(f"{variable}: means nothing")


@pytest.mark.parametrize(
    ("variables", "key"),
    [
        ({"OFFBOARD_POLICY__APROVALS": "2"}, "policy.aprovals: not known"),
        ({"OFFBOARD_POLICY__APPROVALS": "two"}, "policy.approvals"),
        ({"OFFBOARD_POLICY__ADMINS": '["U0ROOT"'}, "policy.admins: looks like JSON"),
        (
            {"OFFBOARD_POLICY__PROTECTED": "*@svc.acme.test,ceo\u200b@acme.test"},
            "policy.protected: entry 2 would protect",
        ),
        ({"OFFBOARD_POLICY__PROTECTED": "sean.o\u2019brien@acme.test"}, "policy.protected: entry 1 would protect"),
        ({"OFFBOARD_POLICY__PROTECTED": '["ceo@acme.test"'}, "policy.protected: looks like JSON"),
        ({"OFFBOARD_POLICY__LIMITS": "5"}, "policy.limits"),
        (
            {"OFFBOARD_POLICY__LIMITS": "5", "OFFBOARD_POLICY__LIMITS__PER_REQUESTER_PER_DAY": "5"},
            "OFFBOARD_POLICY__LIMITS__PER_REQUESTER_PER_DAY: another variable",
        ),
        ({"OFFBOARD_SYSTEMS__CRM": "fake"}, "systems.crm"),
        ({"OFFBOARD_CONFIG": "nowhere.toml"}, "OFFBOARD_CONFIG"),
        ({"OFFBOARD_SECRETS_DIR": "nowhere"}, "OFFBOARD_SECRETS_DIR"),
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN: missing"),
        ({"SLACK_SIGNING_SECRET": ""}, "SLACK_SIGNING_SECRET: missing"),
    ],
)
def test_a_mistake_in_a_variable_is_told_by_its_key(folder: Path, variables: dict[str, str], key: str) -> None:
    assert key in mistake(folder, {**TOKENS, **variables})


def test_an_app_token_needs_no_signing_secret(folder: Path) -> None:
    loaded = read(folder, SLACK_SIGNING_SECRET="", SLACK_APP_TOKEN="xapp-1")

    assert loaded.environment.slack_signing_secret is None


def test_brakes_that_an_admin_can_let_go_become_rules(folder: Path) -> None:
    variables = {
        "OFFBOARD_POLICY__ADMINS": "U0ROOT",
        "OFFBOARD_POLICY__BREAK_GLASS": "true",
        "OFFBOARD_POLICY__LIMITS__PER_HOUR": "3",
        "OFFBOARD_POLICY__LIMITS__PER_DAY": "9",
        "OFFBOARD_POLICY__LIMITS__PER_APPROVER_PER_DAY": "5",
    }

    rules = read(folder, **variables).file.rules()

    assert (rules.break_glass, rules.limits) == (True, Limits(per_approver_per_day=5, per_hour=3, per_day=9))


def test_discretion_and_the_share_of_a_system_may_be_switched_on(folder: Path) -> None:
    variables = {"OFFBOARD_SLACK__DISCREET": "true", "OFFBOARD_POLICY__LIMITS__SHARE_OF_SYSTEM": "0.25"}

    file = read(folder, OFFBOARD_POLICY__ADMINS="U0ROOT", **variables).file

    assert (file.slack.discreet, file.rules().limits) == (True, Limits(share_of_system=0.25))
    assert not read(folder).file.slack.discreet


def test_the_environment_comes_before_the_env_file_before_the_secret_files(folder: Path) -> None:
    (folder / "secrets").mkdir()
    for name, value in {"SLACK_BOT_TOKEN": "from a file\n", "SLACK_APP_TOKEN": "from a file", "PORT": "1"}.items():
        (folder / "secrets" / name).write_text(value)
    (folder / "secrets" / "..data").mkdir()
    (folder / ".env").write_text("OFFBOARD_SECRETS_DIR=secrets\nSLACK_APP_TOKEN='from .env'\nPORT=2\n")

    environment = load({"PORT": "3"}, folder).environment

    assert environment.slack_bot_token.get_secret_value() == "from a file"
    assert environment.slack_app_token is not None
    assert environment.slack_app_token.get_secret_value() == "from .env"
    assert environment.port == 3


def test_a_password_in_an_env_file_is_taken_as_it_stands(folder: Path) -> None:
    (folder / ".env").write_text("OFFBOARD_SYSTEMS__CRM__PASSWORD=a${HOME}b\n")

    assert read(folder).file.systems["crm"]["password"] == "a${HOME}b"


@pytest.mark.parametrize("name", [".env", "secrets/SLACK_BOT_TOKEN"])
def test_a_file_that_is_no_text_is_told_by_its_name(folder: Path, name: str) -> None:
    (folder / "secrets").mkdir()
    (folder / name).write_bytes(b"\xff\xfe\x00")

    assert Path(name).name in mistake(folder, {**TOKENS, "OFFBOARD_SECRETS_DIR": "secrets"})


def test_no_mistake_shows_the_value(folder: Path) -> None:
    for variable in ("OFFBOARD_SLACK__CHANNEL", "OFFBOARD_POLICY__APPROVALS", "OFFBOARD_POLICY__ADMINS", "PORT"):
        assert "hunter2" not in mistake(folder, {**TOKENS, variable: "[hunter2"})
        assert "hunter2" not in mistake(folder, {**TOKENS, variable: "hunter2"})


def test_secrets_do_not_show_when_the_settings_are_printed(folder: Path) -> None:
    printed = repr(read(folder, DATABASE_URL="postgresql://offboard:hunter2@db/offboard").environment)

    assert all(secret not in printed for secret in ("hunter2", "xoxb-1", "'secret'"))
