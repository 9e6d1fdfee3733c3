"""LivePerson's rules of its own: revisions, versions, `select`, full replacement, tombstones, the batch delete."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox.systems.faults import Fault
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.liveperson.people import DANA_ID, SAM_ID
from sandbox.systems.liveperson.users import ADMINISTRATOR, AGENT
from sandbox.systems.tls import Tls
from tests.sandbox.systems.liveperson_client import ACCOUNT, USERS, Client
from tests.sandbox.systems.still import StillClock

KIM_ID = 4100273330


@pytest.fixture
async def liveperson(tls: Tls) -> AsyncIterator[LivePerson]:
    simulator = LivePerson(clock=StillClock())
    simulator.seed()
    await simulator.start(tls)
    yield simulator
    await simulator.stop()


@pytest.fixture
async def client(liveperson: LivePerson, http: aiohttp.ClientSession) -> Client:
    client = Client(http, liveperson)
    await client.log_on()
    return client


async def read(client: Client, user_id: int = DANA_ID) -> dict[str, Any]:
    body: dict[str, Any] = (await client.user("GET", user_id))[1]
    return body


# --- revisions ----------------------------------------------------------------------------------------------------


async def test_any_change_to_anybody_raises_the_one_revision(client: Client) -> None:
    before = int((await client.user("GET", DANA_ID))[2])
    await client.user("DELETE", SAM_ID)
    assert int((await client.user("GET", DANA_ID))[2]) == before + 1
    assert int((await client.users("GET"))[2]) == before + 1


async def test_a_read_that_names_the_latest_revision_gets_304_and_nothing_else(client: Client) -> None:
    revision = (await client.user("GET", DANA_ID))[2]
    assert await client.user("GET", DANA_ID, revision=revision) == (304, None, revision)
    assert (await client.users("GET", revision=revision))[0] == 304
    assert (await client.users("GET", revision=str(int(revision) - 1)))[0] == 200


async def test_minus_one_waives_the_comparison(client: Client) -> None:
    assert (await client.user("GET", DANA_ID, revision="-1"))[0] == 200
    assert (await client.user("DELETE", DANA_ID, revision="-1"))[0] == 200


@pytest.mark.parametrize("status", [412, 409])
async def test_a_delete_with_an_old_revision_is_refused(liveperson: LivePerson, client: Client, status: int) -> None:
    liveperson.state.switches.stale_status = status
    revision = (await client.user("GET", DANA_ID))[2]
    bump = Fault("act", "DELETE", act=liveperson.state.users.bump)
    liveperson.faults.add(bump)
    assert (await client.user("DELETE", DANA_ID, revision=revision))[0] == status
    assert liveperson.of("dana@acme.test") == {"dana@acme.test"}


async def test_a_user_may_be_edited_between_the_read_and_the_delete(liveperson: LivePerson, client: Client) -> None:
    revision = (await client.user("GET", DANA_ID))[2]
    liveperson.state.users.edit(DANA_ID, liveperson.clock.now(), email="new@acme.test")
    assert (await client.user("DELETE", DANA_ID, revision=revision))[0] == 412
    assert (await read(client))["email"] == "new@acme.test"


async def test_a_revision_that_is_no_number_is_refused(client: Client) -> None:
    assert (await client.user("DELETE", DANA_ID, revision='"abc"'))[0] == 400


# --- what a user looks like ---------------------------------------------------------------------------------------


async def test_the_list_shows_four_fields_unless_more_are_selected(liveperson: LivePerson, client: Client) -> None:
    assert set((await client.users("GET", "v=4.0"))[1][0]) == {"id", "pid", "deleted", "loginName"}
    assert "email" in (await client.users("GET", "v=4.0&select=$all"))[1][0]
    assert set((await client.users("GET", "v=4.0&select=id,email,nothing"))[1][0]) == {"id", "email"}
    liveperson.state.switches.list_shows_all = True
    assert "email" in (await client.users("GET", "v=4.0"))[1][0]


async def test_without_a_version_the_old_shape_comes_back(client: Client) -> None:
    old = (await client.call("GET", f"{USERS}/{DANA_ID}"))[1]
    assert (old["isActive"], old["agentGroups"][0]["agentGroupId"]) == (True, 4100100001)
    assert not {"isEnabled", "memberOf", "userTypeId"} & old.keys()


@pytest.mark.parametrize(("version", "status"), [("4.0", 200), ("5.0", 200), ("6.0", 200), ("7.0", 400)])
async def test_versions_are_known_by_name(client: Client, version: str, status: int) -> None:
    assert (await client.user("GET", DANA_ID, f"v={version}"))[0] == status


async def test_full_names_and_employee_ids_are_never_shown(client: Client) -> None:
    assert {(one["fullName"], one["employeeId"]) for one in await client.listed()} == {("", "")}


async def test_values_may_come_in_quotation_marks(liveperson: LivePerson, client: Client) -> None:
    liveperson.state.switches.quoted = True
    dana = await read(client)
    assert (dana["id"], dana["isEnabled"], dana["profileIds"]) == (str(DANA_ID), "true", [str(AGENT)])
    assert dana["memberOf"]["agentGroupId"] == "4100100001"


# --- tombstones ---------------------------------------------------------------------------------------------------


async def test_deleted_users_are_listed_on_request_only(client: Client) -> None:
    await client.user("DELETE", DANA_ID)
    assert not await client.matching("dana@acme.test")
    everyone = (await client.users("GET", "v=4.0&select=$all&include_deleted=true"))[1]
    stones = [one["id"] for one in everyone if one["loginName"] == "dana@acme.test"]
    assert DANA_ID in stones
    assert len(stones) == 2


async def test_a_tombstone_may_be_shown_by_id(liveperson: LivePerson, client: Client) -> None:
    liveperson.state.switches.tombstone_is_shown = True
    await client.user("DELETE", DANA_ID)
    assert (await read(client))["deleted"] is True
    assert (await client.user("DELETE", DANA_ID))[0] == 404


@pytest.mark.parametrize("path", [f"{USERS}/0", f"{USERS}/-1", f"{USERS}/dana", f"{USERS}/4100999999"])
async def test_an_id_that_nobody_has_is_not_found(client: Client, path: str) -> None:
    assert (await client.call("DELETE", f"{path}?v=4.0"))[0] == 404


# --- full replacement ---------------------------------------------------------------------------------------------


async def test_a_replacement_erases_what_the_read_had_hidden(liveperson: LivePerson, client: Client) -> None:
    assert liveperson.state.users.rows[DANA_ID]["fullName"]
    status, after, _ = await client.user("PUT", DANA_ID, json=await read(client) | {"isEnabled": False})
    assert (status, after["isEnabled"]) == (200, False)
    assert liveperson.state.users.rows[DANA_ID]["fullName"] == ""
    assert "dana@acme.test" not in liveperson.standing()


async def test_a_replacement_removes_the_fields_that_it_leaves_out(client: Client) -> None:
    dana = await read(client)
    del dana["maxChats"]
    assert "maxChats" not in (await client.user("PUT", DANA_ID, json=dana))[1]


@pytest.mark.parametrize("lacking", ["id", "loginName", "email", "nickname", "profileIds"])
async def test_a_replacement_needs_its_required_fields(client: Client, lacking: str) -> None:
    dana = await read(client)
    del dana[lacking]
    assert (await client.user("PUT", DANA_ID, json=dana))[0] == 400


async def test_a_log_in_belongs_to_one_living_user(client: Client) -> None:
    dana = await read(client)
    assert (await client.user("PUT", DANA_ID, json=dana | {"loginName": "SAM@acme.test"}))[0] == 400
    await client.user("DELETE", SAM_ID)
    assert (await client.user("PUT", DANA_ID, json=dana | {"loginName": "sam@acme.test"}))[0] == 200


async def test_enabling_alone_moves_the_manual_switch_the_other_way(client: Client) -> None:
    dana = await read(client)
    del dana["disabledManually"]
    after = (await client.user("PUT", DANA_ID, json=dana | {"isEnabled": False}))[1]
    assert after["disabledManually"] is True


async def test_leaving_a_role_takes_its_fields_away(client: Client) -> None:
    after = (await client.user("PUT", DANA_ID, json=await read(client) | {"profileIds": [ADMINISTRATOR]}))[1]
    assert not {"maxChats", "maxAsyncChats", "memberOf", "skillIds"} & after.keys()
    kim = await read(client, KIM_ID)
    assert kim["managerOf"]
    assert "managerOf" not in (await client.user("PUT", KIM_ID, json=kim | {"profileIds": [AGENT]}))[1]


async def test_a_post_may_stand_for_a_put_only_if_it_says_so(client: Client) -> None:
    dana = await read(client) | {"nickname": "D"}
    assert (await client.user("POST", DANA_ID, json=dana))[0] == 405
    override = {"X-HTTP-Method-Override": "PUT"}
    assert (await client.user("POST", DANA_ID, json=dana, headers=override))[1]["nickname"] == "D"


# --- the neighbour that must not be called ------------------------------------------------------------------------


@pytest.mark.parametrize("path", [USERS, f"{USERS}/"])
async def test_a_delete_without_an_id_takes_everybody_listed(liveperson: LivePerson, client: Client, path: str) -> None:
    assert (await client.call("DELETE", f"{path}?v=4.0", json=[str(DANA_ID), str(SAM_ID)]))[0] == 200
    assert not liveperson.of("dana@acme.test") | liveperson.of("sam@acme.test")


@pytest.mark.parametrize(("body", "status"), [(None, 400), ([], 400), ([str(DANA_ID), "7"], 404)])
async def test_a_delete_of_many_is_refused_whole(
    liveperson: LivePerson, client: Client, body: object, status: int
) -> None:
    before = liveperson.standing()
    assert (await client.call("DELETE", f"{USERS}?v=4.0", json=body))[0] == status
    assert liveperson.standing() == before


async def test_a_post_may_stand_for_the_delete_of_many(liveperson: LivePerson, client: Client) -> None:
    assert (await client.users("POST", json=[str(DANA_ID)]))[0] == 405
    override = {"X-HTTP-Method-Override": "DELETE"}
    assert (await client.users("POST", json=[str(DANA_ID)], headers=override))[0] == 200
    assert not liveperson.of("dana@acme.test")


# --- the read-only host -------------------------------------------------------------------------------------------


async def test_the_read_only_host_may_lag_and_changes_nothing(liveperson: LivePerson, client: Client) -> None:
    liveperson.state.users.lag = 30
    _, found, _ = await client.bare(f"/api/account/{ACCOUNT}/service/accountConfigReadOnly/baseURI.json?version=1.0")
    late = {"Host": found["baseURI"]}
    await client.user("DELETE", DANA_ID)
    assert (await client.user("GET", DANA_ID))[0] == 404
    assert (await client.user("GET", DANA_ID, headers=late))[0] == 200
    assert (await client.user("DELETE", SAM_ID, headers=late))[0] == 405
    liveperson.clock.forward(30)
    assert (await client.user("GET", DANA_ID, headers=late))[0] == 404
