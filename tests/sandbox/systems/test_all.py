"""The systems together: seeded alike, reachable with one authority, gone after the end."""

import ssl
from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.systems import seed
from sandbox.systems.all import ENTRIES, World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    everything = World()
    await everything.start()
    yield everything
    await everything.stop()


async def test_every_system_answers_with_a_certificate_of_the_one_authority(world: World) -> None:
    context = ssl.create_default_context(cafile=str(world.ca_file))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as http:
        for simulator in world.by_kind.values():
            async with http.get(f"{simulator.url}/nothing/here") as answer:
                assert answer.status in {400, 401, 403, 404}


async def test_the_settings_name_each_system_once_with_the_authoritys_file(world: World) -> None:
    settings = world.settings()
    assert list(settings) == ["veeam_hq", "vspc", "liveperson", "huawei_sandbox", "rsa"]
    assert {entry["provider"] for entry in settings.values()} == set(ENTRIES)
    assert {entry["ca_file"] for entry in settings.values()} == {str(world.ca_file)}
    assert len({entry["label"] for entry in settings.values()}) == 5


async def test_dana_has_access_everywhere_sam_in_two_systems_and_noa_nowhere(world: World) -> None:
    def where(person: seed.SeedPerson) -> set[str]:
        return {kind for kind, simulator in world.by_kind.items() if simulator.of(person.mail)}

    assert where(seed.DANA) == set(ENTRIES)
    assert where(seed.SAM) == {"veeam_em", "liveperson"}
    assert where(seed.NOA) == set()
    assert where(seed.ROBIN) == {"vspc", "liveperson", "rsa_cas"}


async def test_nobody_elses_handle_is_counted_as_danas(world: World) -> None:
    for simulator in world.by_kind.values():
        others = simulator.standing() - simulator.of(seed.DANA.mail)
        assert len(others) >= 10
        assert simulator.of(seed.DANA.mail) < simulator.standing()


async def test_only_the_chosen_kinds_are_started() -> None:
    some = World(["vspc", "rsa_cas"])
    assert set(some.by_kind) == {"vspc", "rsa_cas"}
    assert set(some.settings()) == {"vspc", "rsa"}


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no simulator of vsphere"):
        World(["vsphere"])


async def test_the_keys_folder_is_gone_after_the_end() -> None:
    short = World(["veeam_em"])
    await short.start()
    folder = short.ca_file.parent
    assert folder.is_dir()
    await short.stop()
    assert not folder.exists()
