"""RSA's Administration API: find, disable, delete or mark, and what stands in the way."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.systems.faults import Fault
from sandbox.systems.journal import EVERYONE
from sandbox.systems.rsa_cas import RsaCas
from sandbox.systems.rsa_cas.people import DANA_ID, DAY
from sandbox.systems.tls import Tls
from tests.sandbox.systems.rsa_client import Client

UNKNOWN = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
async def rsa(tls: Tls) -> AsyncIterator[RsaCas]:
    simulator = RsaCas()
    simulator.seed()
    await simulator.start(tls)
    yield simulator
    await simulator.stop()


@pytest.fixture
async def client(rsa: RsaCas, http: aiohttp.ClientSession) -> Client:
    client = Client(http, rsa)
    await client.log_on()
    return client


async def test_a_user_is_found_disabled_deleted_and_gone(rsa: RsaCas, client: Client) -> None:
    before = rsa.standing()
    status, user = await client.lookup("dana@acme.test")
    assert (status, user["id"], user["identitySource"], user["userStatus"]) == (200, DANA_ID, "Acme AD", "Enabled")
    assert await client.set_status(DANA_ID, "Disabled") == (200, {"id": DANA_ID, "userStatus": "Disabled"})
    assert await client.delete(DANA_ID) == (200, None)
    assert (await client.lookup("dana@acme.test"))[0] == 404
    assert (await client.call("GET", f"/v1/users/{DANA_ID}/devices"))[0] == 404
    assert (await client.delete(DANA_ID))[0] == 404
    assert before - rsa.standing() == {"dana@acme.test in Acme AD"}
    assert rsa.of("dana@acme.test") == frozenset()


async def test_an_enabled_user_is_not_deleted(rsa: RsaCas, client: Client) -> None:
    status, body = await client.delete(DANA_ID)
    assert (status, body["code"]) == (409, "409 CONFLICT")
    assert rsa.of("dana@acme.test") == {"dana@acme.test in Acme AD"}


async def test_a_lookup_by_an_unknown_key_names_the_key(client: Client) -> None:
    body = {"code": "404 NOT_FOUND", "description": "User noa@acme.test not found"}
    assert await client.lookup("noa@acme.test") == (404, body)


async def test_a_lookup_ignores_letter_case_and_takes_no_part_of_an_address(client: Client) -> None:
    assert (await client.lookup("alex.stone@acme.test"))[1]["emailAddress"] == "Alex.Stone@ACME.test"
    assert (await client.lookup("ana@acme.test"))[0] == 404


async def test_a_lookup_takes_a_user_name_too(client: Client) -> None:
    _, user = await client.call("POST", "/v1/users/lookup", json={"username": "kpark"})
    assert user["emailAddress"] == "kim@acme.test"


async def test_a_lookup_without_a_key_or_in_another_language_is_refused(client: Client) -> None:
    assert (await client.call("POST", "/v1/users/lookup", json={}))[0] == 400
    assert (await client.call("POST", "/v1/users/lookup", data=b"email=dana@acme.test"))[0] == 415


async def test_a_lookup_answers_with_one_user_though_two_share_the_address(rsa: RsaCas, client: Client) -> None:
    first = await client.id_of("robin@acme.test")
    rsa.state.cloud.switches.newest_of_duplicates = True
    second = await client.id_of("robin@acme.test")
    assert first != second
    assert {user["id"] for user in (await client.search("robin@acme.test"))[1]} == {first, second}


async def test_a_search_finds_parts_of_addresses_in_order(client: Client) -> None:
    status, found = await client.search("DANA@acme.test")
    mails = [user["emailAddress"] for user in found]
    assert (status, mails) == (200, ["bogdana@acme.test", "dana@acme.test", "jordana@acme.test"])


async def test_a_search_has_pages_that_meet_without_a_gap(rsa: RsaCas, client: Client) -> None:
    first = (await client.search("@", "pageSize=25&pageNumber=0"))[1]
    second = (await client.search("@", "pageSize=25&pageNumber=1"))[1]
    assert len(first) == 25
    assert len({user["id"] for user in first + second}) == len(rsa.state.cloud.users)
    assert (await client.search("@", "pageSize=25&pageNumber=2"))[1] == []


@pytest.mark.parametrize("query", ["pageSize=0", "pageSize=26", "pageSize=x", "pageNumber=-1"])
async def test_a_search_refuses_a_page_that_cannot_be(client: Client, query: str) -> None:
    assert (await client.search("@", query))[0] == 400


async def test_a_status_change_has_exactly_one_property(rsa: RsaCas, client: Client) -> None:
    path = f"/v1/users/{DANA_ID}/userStatus"
    status, body = await client.call("PUT", path, json={"userStatus": "Disabled", "id": DANA_ID})
    assert (status, body["description"]) == (400, "Wrong number of properties in the request body.")
    assert (await client.call("PUT", path, json={"userStatus": "Gone"}))[0] == 400
    assert (await client.set_status(UNKNOWN, "Disabled"))[0] == 404
    assert rsa.of("dana@acme.test")


async def test_the_same_status_again_is_a_conflict_unless_switched(rsa: RsaCas, client: Client) -> None:
    assert (await client.set_status(DANA_ID, "Enabled"))[0] == 409
    rsa.state.cloud.switches.same_status_is_conflict = False
    assert (await client.set_status(DANA_ID, "Enabled"))[0] == 200
    assert not any(entry.effect for entry in rsa.journal.entries)


async def test_a_user_of_a_scim_source_can_be_disabled_but_not_deleted(rsa: RsaCas, client: Client) -> None:
    priya = await client.id_of("priya@acme.test")
    assert (await client.delete(priya))[0] == 405
    rsa.state.cloud.switches.scim_before_enabled = False
    assert (await client.delete(priya))[0] == 409
    assert (await client.set_status(priya, "Disabled"))[0] == 200
    assert (await client.delete(priya))[0] == 405
    assert (await client.mark(priya, True))[0] == 405


@pytest.mark.parametrize("wanted", [True, "true"])
async def test_a_marked_user_is_gone_after_seven_days(rsa: RsaCas, client: Client, wanted: object) -> None:
    assert (await client.mark(DANA_ID, wanted))[0] == 409
    await client.set_status(DANA_ID, "Disabled")
    status, body = await client.mark(DANA_ID, wanted)
    assert (status, body["markDeleted"], body["markDeletedBy"]) == (200, True, rsa.state.oauth.client_id)
    rsa.clock.forward(7 * DAY - 60)
    await client.log_on()
    assert (await client.lookup("dana@acme.test"))[1]["markDeletedAt"] == body["markDeletedAt"]
    rsa.clock.forward(120)
    assert (await client.lookup("dana@acme.test"))[0] == 404


async def test_a_mark_can_be_taken_back_once_and_set_once(client: Client) -> None:
    marked = await client.id_of("max@acme.test")
    assert (await client.mark(marked, True))[0] == 409
    assert (await client.mark(marked, False))[1]["markDeletedAt"] is None
    assert (await client.mark(marked, False))[0] == 409


async def test_a_user_in_the_bin_is_deleted_at_once_unless_switched(rsa: RsaCas, client: Client) -> None:
    marked = await client.id_of("max@acme.test")
    rsa.state.cloud.switches.marked_blocks_delete = True
    assert (await client.delete(marked))[0] == 409
    rsa.state.cloud.switches.marked_blocks_delete = False
    assert (await client.delete(marked))[0] == 200


async def test_a_user_in_the_bin_cannot_be_enabled(client: Client) -> None:
    assert (await client.set_status(await client.id_of("max@acme.test"), "Enabled"))[0] == 409


async def test_asking_for_unsynchronised_users_creates_one(rsa: RsaCas, client: Client) -> None:
    assert (await client.lookup("sam@acme.test"))[0] == 404
    assert (await client.lookup("sam@acme.test", searchUnsynched=True))[0] == 200
    assert rsa.of("sam@acme.test") == {"sam@acme.test in Acme AD"}
    assert [entry.kind for entry in rsa.journal.entries if entry.effect] == ["write"]


@pytest.mark.parametrize("same", [False, True])
async def test_a_synchronisation_brings_a_deleted_user_back(rsa: RsaCas, client: Client, same: bool) -> None:
    rsa.state.cloud.switches.same_id_when_added_again = same
    await client.set_status(DANA_ID, "Disabled")
    await client.delete(DANA_ID)
    rsa.synchronize()
    back = await client.id_of("dana@acme.test")
    assert (back == DANA_ID) is same
    assert (await client.call("GET", f"/v1/users/{back}/devices"))[1] == []
    assert rsa.of("dana@acme.test")
    assert not rsa.of("sam@acme.test")


async def test_a_leaver_out_of_the_directory_stays_away(rsa: RsaCas, client: Client) -> None:
    rsa.state.cloud.directory.remove("dana@acme.test")
    await client.set_status(DANA_ID, "Disabled")
    await client.delete(DANA_ID)
    rsa.synchronize()
    assert (await client.lookup("dana@acme.test", searchUnsynched=True))[0] == 404


async def test_synchronising_one_user_may_enable_it_again(rsa: RsaCas, client: Client) -> None:
    await client.set_status(DANA_ID, "Disabled")
    assert (await client.call("POST", f"/v1/users/{DANA_ID}/sync"))[1]["userStatus"] == "Enabled"
    rsa.state.cloud.switches.sync_enables = False
    await client.set_status(DANA_ID, "Disabled")
    assert (await client.call("POST", f"/v1/users/{DANA_ID}/sync"))[1]["userStatus"] == "Disabled"
    assert (await client.call("POST", f"/v1/users/{DANA_ID}/sync", json={}))[0] == 400


async def test_somebody_may_enable_the_user_just_before_the_delete(rsa: RsaCas, client: Client) -> None:
    await client.set_status(DANA_ID, "Disabled")
    rsa.faults.add(Fault("act", "DELETE", act=lambda: rsa.state.cloud.synchronize(DANA_ID, rsa.clock.now())))
    assert (await client.delete(DANA_ID))[0] == 409
    assert rsa.of("dana@acme.test")


async def test_the_same_address_may_come_to_name_another_user(rsa: RsaCas, client: Client) -> None:
    await client.set_status(DANA_ID, "Disabled")

    def replaced() -> None:
        rsa.state.cloud.delete(DANA_ID)
        rsa.synchronize()

    rsa.faults.add(Fault("act", "DELETE", act=replaced))
    assert (await client.delete(DANA_ID))[0] == 404
    assert await client.id_of("dana@acme.test") != DANA_ID
    assert rsa.of("dana@acme.test")


async def test_a_delete_that_only_says_so_keeps_the_user_and_the_devices(rsa: RsaCas, client: Client) -> None:
    await client.set_status(DANA_ID, "Disabled")
    rsa.faults.add(Fault("ok_without_effect", "DELETE"))
    assert (await client.delete(DANA_ID))[0] == 200
    assert (await client.lookup("dana@acme.test"))[1]["userStatus"] == "Disabled"
    assert len((await client.call("GET", f"/v1/users/{DANA_ID}/devices"))[1]) == 3


async def test_devices_are_listed_with_browsers_in_the_first_version_only(client: Client) -> None:
    types = [one["type"] for one in (await client.call("GET", f"/v1/users/{DANA_ID}/devices"))[1]]
    assert types == ["Mobile", "Mobile", "Browser"]
    assert len((await client.call("GET", f"/v1/users/{DANA_ID}/devices?includeBrowsers=false"))[1]) == 2
    assert len((await client.call("GET", f"/v2/users/{DANA_ID}/devices"))[1]) == 2
    assert (await client.call("GET", f"/v1/users/{UNKNOWN}/devices"))[0] == 404


async def test_one_device_can_be_deleted_once(client: Client) -> None:
    path = f"/v1/users/{DANA_ID}/devices"
    device = (await client.call("GET", path))[1][0]["id"]
    assert (await client.call("DELETE", f"{path}/{device}"))[0] == 200
    assert (await client.call("DELETE", f"{path}/{device}"))[0] == 404
    assert len((await client.call("GET", path))[1]) == 2


async def test_there_is_no_plain_read_by_id(client: Client) -> None:
    status, body = await client.call("GET", f"/v1/users/{DANA_ID}")
    assert (status, body["code"]) == (405, "405 METHOD_NOT_ALLOWED")


async def test_another_path_is_answered_by_a_page(client: Client) -> None:
    assert await client.call("POST", "/v3/users/lookup", json={"email": "dana@acme.test"}) == (404, None)


async def test_the_journal_knows_whom_a_lookup_that_finds_nobody_was_about(rsa: RsaCas, client: Client) -> None:
    await client.lookup("dana@acme.test")
    await client.set_status(DANA_ID, "Disabled")
    await client.lookup("dana@acme.test")
    await client.delete(DANA_ID)
    assert not rsa.journal.reread_around(DANA_ID)
    await client.lookup("dana@acme.test")
    assert rsa.journal.reread_around(DANA_ID)
    assert rsa.journal.unread_writes() == []


async def test_the_journal_knows_whom_a_search_was_about(rsa: RsaCas, client: Client) -> None:
    await client.search("dana@acme.test")
    await client.search("robin@acme.test")
    await client.search("nobody@acme.test")
    await client.set_status(DANA_ID, "Disabled")
    await client.delete(DANA_ID)
    rsa.state.cloud.users = {}
    await client.search("dana@acme.test")
    searches = [entry.account for entry in rsa.journal.entries if entry.path.startswith("/AdminInterface/restapi/v2")]
    assert searches == [DANA_ID, EVERYONE, None, DANA_ID]
