"""An entry logs on in exactly one way, and a mistake is one line that names the key."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.settings import sentence
from providers.catalog import OURS, kinds
from providers.kind import Kind

WAYS: dict[str, list[dict[str, str]]] = {
    "vspc": [{"api_key": "s3cret-1"}, {"username": "acme\\bot", "password": "s3cret-2"}],
    "liveperson": [
        {"client_id": "app", "client_secret": "s3cret-3"},
        {
            "consumer_key": "ck",
            "consumer_secret": "s3cret-4",
            "access_token": "s3cret-5",
            "access_token_secret": "s3cret-6",
        },
        {"username": "bot", "password": "s3cret-7"},
    ],
    "huawei_hss": [
        {"access_key": "AK1", "secret_key": "s3cret-8"},
        {"access_key": "AK1", "secret_key": "s3cret-9", "security_token": "s3cret-10"},
        {"iam_user": "bot", "iam_password": "s3cret-11", "iam_domain": "acme"},
    ],
}
REST: dict[str, dict[str, str]] = {
    "vspc": {"provider": "vspc", "url": "https://vspc.acme.test:1280"},
    "liveperson": {"provider": "liveperson", "account": "50000001"},
    "huawei_hss": {"provider": "huawei_hss", "region": "eu-west-101", "project_id": "p1"},
}
EACH = [(kind, way) for kind, ways in WAYS.items() for way in ways]


def complaint(kind: str, **fields: str) -> str:
    """Return the one line by which an entry with these fields stops the start."""
    with pytest.raises(ValidationError) as caught:
        kinds()[kind].settings.model_validate(REST[kind] | fields)
    assert "s3cret" not in str(caught.value)
    assert caught.value.error_count() == 1
    return sentence(caught.value, "systems.one")


def is_whole(kind: str, fields: dict[str, str]) -> bool:
    return any(fields.keys() == way.keys() for way in WAYS[kind])


@pytest.mark.parametrize(("kind", "way"), EACH)
def test_each_way_is_enough_by_itself(kind: str, way: dict[str, str]) -> None:
    settings = kinds()[kind].settings.model_validate(REST[kind] | way)
    assert not any(secret in repr(settings) for secret in way.values() if secret.startswith("s3cret"))


@pytest.mark.parametrize(("kind", "way"), EACH)
def test_each_way_is_another_system(kind: str, way: dict[str, str]) -> None:
    one = kinds()[kind]
    names = [one.identity(one.settings.model_validate(REST[kind] | each)) for each in WAYS[kind]]
    mine = one.identity(one.settings.model_validate(REST[kind] | way))
    # A temporary pair of keys is told by its access key, as a permanent one is.
    assert names.count(mine) == (2 if way.get("access_key") else 1)
    assert "s3cret" not in mine


@pytest.mark.parametrize(("kind", "way"), EACH)
def test_a_way_with_a_field_left_out_is_named_by_it(kind: str, way: dict[str, str]) -> None:
    for name in way:
        rest = {key: value for key, value in way.items() if key != name}
        if is_whole(kind, rest):
            continue
        first = next(iter(WAYS[kind][0]))
        assert complaint(kind, **rest).startswith(f"systems.one.{name if rest else first}: missing: log on with ")


@pytest.mark.parametrize(("kind", "way"), EACH)
def test_two_ways_at_once_are_refused_by_what_does_not_fit(kind: str, way: dict[str, str]) -> None:
    others = {name: value for each in WAYS[kind] for name, value in each.items() if name not in way}
    more = {name: value for name, value in others.items() if not is_whole(kind, way | {name: value})}
    assert more
    for name, value in more.items():
        line = complaint(kind, **way, **{name: value})
        assert line.startswith("systems.one.")
        assert "does not go with" in line or "missing" in line
        assert line.count("\n") == 0


def test_no_log_on_at_all_says_which_there_are() -> None:
    assert complaint("vspc") == "systems.one.api_key: missing: log on with api_key, or username + password"


def test_a_user_beside_a_key_is_named() -> None:
    expected = "systems.one.username: does not go with api_key: log on with api_key, or username + password"
    assert complaint("vspc", api_key="k", username="x") == expected


def test_a_password_without_its_user_is_named() -> None:
    assert complaint("huawei_hss", iam_user="x", iam_domain="y").startswith("systems.one.iam_password: missing")


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.name)
def test_every_field_of_a_way_may_be_left_out_where_there_is_another_way(kind: Kind) -> None:
    names = {name for way in kind.settings.ways for name in way}
    assert names <= kind.settings.model_fields.keys()
    is_only_one = len(kind.settings.ways) == 1
    assert all(kind.settings.model_fields[name].is_required() is is_only_one for name in names)
