"""The table of kinds, and what each of them promises."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.metadata import EntryPoint, EntryPoints
from types import ModuleType

import pytest
from pydantic import SecretStr

from bot.errors import ConfigurationError
from bot.model import Word
from providers import catalog, veeam_em, vspc
from providers.catalog import GROUP, OURS, kinds
from providers.kind import Kind

EM = {"provider": "veeam_em", "url": "https://em.acme.test:9398", "username": "ACME\\bot", "password": "p"}
VSPC = {"provider": "vspc", "url": "https://vspc.acme.test:1280", "api_key": "k"}


SECRETS = {
    "veeam_em": {"password"},
    "vspc": {"api_key", "password"},
    "liveperson": {"client_secret", "consumer_secret", "access_token", "access_token_secret", "password"},
    "huawei_hss": {"secret_key", "security_token", "iam_password"},
    "rsa_cas": {"access_key", "private_key"},
}


def offer(monkeypatch: pytest.MonkeyPatch, name: str, thing: object) -> None:
    """Install a package that offers `thing` as a kind."""
    module = ModuleType("somebody_elses")
    module.KIND = thing  # type: ignore[attr-defined]  # a module made for this test
    monkeypatch.setitem(sys.modules, "somebody_elses", module)
    point = EntryPoint(name, "somebody_elses:KIND", GROUP)
    monkeypatch.setattr(catalog, "entry_points", lambda *, group: EntryPoints([point]).select(group=group))


def test_there_are_five_kinds_of_ours_in_the_order_of_the_table() -> None:
    assert list(kinds()) == ["veeam_em", "vspc", "liveperson", "huawei_hss", "rsa_cas"]


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.name)
def test_each_kind_says_in_one_sentence_what_it_does_and_uses_no_outcome_word(kind: Kind) -> None:
    assert kind.actions.endswith(".")
    assert kind.actions.count(". ") == 0
    assert not set(kind.actions.lower().replace(",", "").replace(".", "").split()) & set(Word)


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.name)
def test_each_kind_refuses_unknown_keys_and_hides_its_secrets(kind: Kind) -> None:
    assert kind.settings.model_config["extra"] == "forbid"
    assert kind.settings.model_config["frozen"]
    fields = kind.settings.model_fields.items()
    assert {name for name, field in fields if "SecretStr" in repr(field.annotation)} == SECRETS[kind.name]


def test_another_package_may_offer_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = replace(veeam_em.KIND, name="somebodys")
    offer(monkeypatch, "somebodys", theirs)
    assert kinds()["somebodys"] is theirs


def test_another_package_may_not_take_a_kind_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "veeam_em", veeam_em.KIND)
    with pytest.raises(ConfigurationError, match="veeam_em"):
        kinds()


@pytest.mark.parametrize("thing", [object(), replace(veeam_em.KIND, name="another")])
def test_what_is_offered_must_be_a_kind_of_its_name(monkeypatch: pytest.MonkeyPatch, thing: object) -> None:
    offer(monkeypatch, "somebodys", thing)
    with pytest.raises(ConfigurationError, match="somebodys"):
        kinds()


def test_what_cannot_be_loaded_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "somebodys", None)
    monkeypatch.delitem(sys.modules, "somebody_elses")
    with pytest.raises(ConfigurationError, match="somebodys"):
        kinds()


def test_entries_that_mean_the_same_log_on_have_one_identity() -> None:
    one = veeam_em.Settings.model_validate(EM)
    same = veeam_em.Settings.model_validate(EM | {"url": "https://EM.acme.test:9398/", "username": "acme\\BOT"})
    other = veeam_em.Settings.model_validate(EM | {"username": "ACME\\other"})
    assert veeam_em.KIND.identity(one) == veeam_em.KIND.identity(same)
    assert veeam_em.KIND.identity(one) != veeam_em.KIND.identity(other)


def test_an_identity_holds_no_secret_and_tells_keys_apart() -> None:
    one = vspc.Settings.model_validate(VSPC | {"api_key": "first-key"})
    other = vspc.Settings.model_validate(VSPC | {"api_key": "second-key"})
    assert "first-key" not in vspc.KIND.identity(one)
    assert vspc.KIND.identity(one) != vspc.KIND.identity(other)
    assert isinstance(one.api_key, SecretStr)
