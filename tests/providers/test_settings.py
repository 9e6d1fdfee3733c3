"""What an entry may say about any system."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from providers import huawei_hss, veeam_em, vspc
from providers.settings import SystemSettings
from sandbox.systems.tls import Tls

EM: dict[str, Any] = {
    "provider": "veeam_em",
    "url": "https://em.acme.test:9398",
    "username": "ACME\\bot",
    "password": "s3cret-word",
}
VSPC: dict[str, Any] = {"provider": "vspc", "url": "https://vspc.acme.test:1280", "api_key": "s3cret-word"}


def em(**more: object) -> veeam_em.Settings:
    return veeam_em.Settings.model_validate(EM | more)


def wrong_key(table: dict[str, Any]) -> str:
    """Return the key that the one complaint about this entry names."""
    model = veeam_em.Settings if table["provider"] == "veeam_em" else vspc.Settings
    with pytest.raises(ValidationError) as caught:
        model.model_validate(table)
    assert "s3cret-word" not in str(caught.value)
    (error,) = caught.value.errors()
    return str(error["loc"][0])


@pytest.mark.parametrize(
    "url",
    [
        "https://em.acme.test:9398",
        "https://em.acme.test:9398/",
        "http://127.0.0.1:80",
        "http://localhost",
        "http://[::1]:1",
    ],
)
def test_https_is_accepted_and_http_for_loopback(url: str) -> None:
    assert em(url=url).url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://em.acme.test",
        "http://127.0.0.1.acme.test",
        "ftp://em.acme.test",
        "em.acme.test",
        "https://",
        "https://user:password@em.acme.test",
        "https://em.acme.test?x=1",
        "https://em.acme.test?",
        "https://em.acme.test#x",
        "https://em.acme.test:99999",
        "https://em acme.test",
        "https://ém.acme.test",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    assert wrong_key(EM | {"url": url}) == "url"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("label", ""),
        ("label", "x" * 76),
        ("timeout", 0),
        ("timeout", "inf"),
        ("concurrency", 0),
        ("approvals", 0),
        ("owner", "dana"),
        ("ca_file", "/no/such/file.pem"),
        ("password", ""),
        ("username", "acme:bot"),
        ("domains", {"dana@acme.test": ["ACME"]}),
        ("domains", {"acme.test": ["ACME\\"]}),
        ("names", {"dana": "ACME\\dana"}),
        ("usernam", "x"),
        ("verify", False),
    ],
)
def test_a_bad_value_is_refused_by_its_key(key: str, value: object) -> None:
    assert wrong_key(EM | {key: value}) == key


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("api_key", "with a\nline break"),
        ("api_key", "trailing "),
        ("logins", ["acme\\"]),
        ("remove", "all"),
        ("username", "x"),
    ],
)
def test_a_bad_value_for_the_console_is_refused_by_its_key(key: str, value: object) -> None:
    assert wrong_key(VSPC | {key: value}) == key


def test_a_certificate_file_must_hold_certificates(tmp_path: Path, tls: Tls) -> None:
    assert em(ca_file=str(tls.ca_file)).ca_file == tls.ca_file
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    assert wrong_key(EM | {"ca_file": str(empty)}) == "ca_file"


def test_a_path_to_the_api_may_be_written_or_left_out() -> None:
    assert em(url="https://em.acme.test:9398/api").api == em().api == "https://em.acme.test:9398/api"


def test_a_list_may_be_written_comma_separated() -> None:
    assert vspc.Settings.model_validate(VSPC | {"logins": "acme, globex"}).logins == ("acme", "globex")


HSS: dict[str, Any] = {
    "provider": "huawei_hss",
    "region": "eu-de",
    "project_id": "p1",
    "access_key": "AK",
    "secret_key": "s3cret-word",
}
FLAWED = "dana@acme.test\u200b"


@pytest.mark.parametrize(
    ("model", "table", "key"),
    [
        (veeam_em.Settings, EM | {"names": {FLAWED: "ACME\\dana"}}, "names"),
        (veeam_em.Settings, EM | {"names": {"dana@acme.test": "ACME\\d\u0430na"}}, "names"),
        (veeam_em.Settings, EM | {"domains": {"acme.test\u00ad": ["ACME"]}}, "domains"),
        (veeam_em.Settings, EM | {"domains": {"acme.test": ["ACME\u2060"]}}, "domains"),
        (vspc.Settings, VSPC | {"logins": ["acme\u200b"]}, "logins"),
        (huawei_hss.Settings, HSS | {"accounts": {FLAWED: "a1"}}, "accounts"),
        (huawei_hss.Settings, HSS | {"protected_accounts": ["ops\u200b"]}, "protected_accounts"),
    ],
)
def test_a_name_that_nobody_can_have_stops_the_start_with_its_key(
    model: type[SystemSettings], table: dict[str, Any], key: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(table)

    (error,) = caught.value.errors()
    assert error["loc"][0] == key
    assert "U+" in error["msg"]
