"""Enterprise Manager's accounts: found, read, deleted, in JSON and in XML."""

import uuid
from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.systems.faults import Fault
from sandbox.systems.tls import Tls
from sandbox.systems.veeam_em import VeeamEm
from tests.sandbox.systems.em_client import JSON, XML, EmClient

DANA = r"ACME\dana"
NAMESPACE = "{http://www.veeam.com/ent/v1.0}"


@pytest.fixture
async def em(tls: Tls) -> AsyncIterator[VeeamEm]:
    simulator = VeeamEm()
    simulator.seed()
    await simulator.start(tls)
    yield simulator
    await simulator.stop()


@pytest.fixture
async def client(em: VeeamEm, http: aiohttp.ClientSession) -> EmClient:
    client = EmClient(http, em)
    await client.log_on()
    return client


async def test_an_account_is_found_read_deleted_and_gone(em: VeeamEm, client: EmClient) -> None:
    refs = (await client.call("GET", "/security/accounts")).json()["Refs"]
    (dana,) = [ref["UID"].rpartition(":")[2] for ref in refs if ref["Name"] == DANA]
    entity = (await client.entity(dana)).json()
    assert (entity["Name"], entity["AccountType"], entity["Type"]) == (DANA, "User", "EnterpriseAccount")
    deleted = await client.delete(dana)
    assert (deleted.status, deleted.body) == (204, b"")
    assert (await client.entity(dana)).status == 404
    assert em.of("dana@acme.test") == frozenset()
    assert em.journal.reread_around(dana)


async def test_only_the_one_account_goes(em: VeeamEm, client: EmClient) -> None:
    before = em.standing()
    await client.delete(client.id_of(DANA))
    assert before - em.standing() == {DANA}


async def test_a_second_delete_is_not_found(client: EmClient) -> None:
    dana = client.id_of(DANA)
    assert [(await client.delete(dana)).status for _ in range(2)] == [204, 404]
    assert (await client.call("GET", f"/security/accounts/{dana}/roles")).status == 404


async def test_a_name_that_comes_back_has_a_new_id(em: VeeamEm, client: EmClient) -> None:
    dana = client.id_of(DANA)
    await client.delete(dana)
    assert em.state.add(DANA, "Portal User").id != dana
    assert (await client.entity(dana)).status == 404


async def test_the_list_knows_neither_filters_nor_paging_and_holds_all_types(em: VeeamEm, client: EmClient) -> None:
    refs = (await client.call("GET", "/security/accounts?filter=Name==x&pageSize=1&format=Entity")).json()["Refs"]
    assert len(refs) == len(em.state.accounts)
    assert {account.type for account in em.state.accounts.values()} == {
        "User",
        "Group",
        "ExternalUser",
        "ExternalGroup",
    }


async def test_links_name_a_host_that_clients_do_not_use(em: VeeamEm, client: EmClient) -> None:
    (first, *_) = (await client.call("GET", "/security/accounts")).json()["Refs"]
    assert first["Href"].startswith("https://em-internal.acme.test:9398/api/")
    assert not first["Href"].startswith(em.url)


async def test_the_roles_of_an_account_are_named(client: EmClient) -> None:
    reply = await client.call("GET", f"/security/accounts/{client.id_of(DANA)}/roles")
    assert [role["RoleName"] for role in reply.json()["EnterpriseAccountInRoles"]] == ["Portal User"]


async def test_the_bare_address_gives_a_reference_or_an_entity_as_the_switch_says(
    em: VeeamEm, client: EmClient
) -> None:
    path = f"/security/accounts/{client.id_of(DANA)}"
    assert "AccountType" not in (await client.call("GET", path)).json()
    em.state.switches.bare_is_entity = True
    assert (await client.call("GET", path)).json()["AccountType"] == "User"


async def test_without_an_accept_header_the_answer_is_xml(client: EmClient) -> None:
    client.accept = None
    reply = await client.call("GET", "/security/accounts")
    assert reply.headers["Content-Type"].startswith(XML)
    names = [ref.get("Name") for ref in reply.xml().findall(f"{NAMESPACE}Ref")]
    assert {DANA, "All staff & guests", r"ACME\ines.o'hara"} <= set(names)


async def test_the_entity_in_xml_has_its_type_and_flag_as_elements(client: EmClient) -> None:
    client.accept = XML
    root = (await client.entity(client.id_of(DANA))).xml()
    assert root.tag == f"{NAMESPACE}EnterpriseAccount"
    assert root.findtext(f"{NAMESPACE}AccountType") == "User"
    assert root.findtext(f"{NAMESPACE}AllowRestoreAllVms") == "true"


async def test_an_accept_list_that_merely_contains_json_gets_json(client: EmClient) -> None:
    client.accept = f"{XML}, {JSON};q=0.1"
    reply = await client.call("GET", "/security/accounts")
    assert reply.headers["Content-Type"].startswith(JSON)


async def test_errors_have_the_two_captured_shapes(client: EmClient) -> None:
    unknown = str(uuid.uuid4())
    said = (await client.entity(unknown)).json()
    assert said["StatusCode"] == 404
    assert set(said) == {"FirstChanceExceptionMessage", "Message", "StackTrace", "Status", "StatusCode"}
    client.accept = XML
    error = (await client.entity(unknown)).xml()
    assert (error.tag, error.get("StatusCode")) == (f"{NAMESPACE}Error", "404")


async def test_a_wrong_verb_on_an_account_turns_its_restore_flag_over(em: VeeamEm, client: EmClient) -> None:
    dana = client.id_of(DANA)
    assert (await client.call("POST", f"/security/accounts/{dana}")).status == 204
    assert em.state.accounts[dana].restore_all is False


async def test_a_delete_without_an_id_is_not_allowed_and_takes_nobody(em: VeeamEm, client: EmClient) -> None:
    before = em.standing()
    assert (await client.delete("")).status == 404
    assert (await client.call("DELETE", "/security/accounts")).status == 405
    assert em.standing() == before


@pytest.mark.parametrize("status", [400, 404, 500])
async def test_a_malformed_id_is_answered_as_the_switch_says(status: int, em: VeeamEm, client: EmClient) -> None:
    em.state.switches.malformed_id = status
    assert (await client.entity("not-a-guid")).status == status


async def test_one_role_can_be_dropped_but_not_the_last(em: VeeamEm, client: EmClient) -> None:
    sam = em.state.accounts[client.id_of(r"ACME\sam")]
    role = "/security/accounts/{}/roles/{}".format(sam.id, "c11c0c38-ba8b-49c7-bf70-fc2058fff1e2")
    assert (await client.call("DELETE", role)).status == 204
    assert sam.roles == ["File Restore Operator"]
    last = "/security/accounts/{}/roles/{}".format(sam.id, "f84a8b62-49b8-4d0c-b25b-92321b52bab6")
    assert (await client.call("DELETE", last)).status == 400


@pytest.mark.parametrize("status", [400, 403, 500])
async def test_the_last_administrator_is_kept_where_the_switch_says_so(
    status: int, em: VeeamEm, client: EmClient
) -> None:
    em.state.switches.last_administrator = status
    assert (await client.delete(client.id_of(r"ACME\petra"))).status == status
    em.state.add(r"ACME\second", "Portal Administrator")
    assert (await client.delete(client.id_of(r"ACME\petra"))).status == 204


async def test_the_service_account_can_delete_itself_unless_the_switch_says_no(em: VeeamEm, client: EmClient) -> None:
    own = client.id_of(r"ACME\svc-offboard")
    em.state.switches.own_account = 403
    assert (await client.delete(own)).status == 403
    em.state.switches.own_account = 0
    assert (await client.delete(own)).status == 204


async def test_a_delete_can_become_a_task_that_finishes(em: VeeamEm, client: EmClient) -> None:
    em.state.switches.delete_status = 202
    reply = await client.delete(client.id_of(DANA))
    assert (reply.status, reply.json()["State"]) == (202, "Running")
    path = f"/tasks/{reply.json()['TaskId']}"
    states = [(await client.call("GET", path)).json() for _ in range(2)]
    assert [state["State"] for state in states] == ["Running", "Finished"]
    assert states[1]["Result"]["Success"] is True
    assert (await client.call("GET", "/tasks/task-none")).status == 404


async def test_a_server_fault_can_come_before_or_after_the_effect(em: VeeamEm, client: EmClient) -> None:
    dana = client.id_of(DANA)
    em.faults.add(Fault("status", "DELETE", status=500))
    assert (await client.delete(dana)).status == 500
    assert (await client.entity(dana)).status == 200
    em.faults.add(Fault("status_after", "DELETE", status=500))
    assert (await client.delete(dana)).status == 500
    assert (await client.entity(dana)).status == 404


async def test_an_account_can_change_between_two_calls(em: VeeamEm, client: EmClient) -> None:
    dana = em.state.accounts[client.id_of(DANA)]
    em.faults.add(Fault("act", "GET", "/roles$", act=lambda: dana.roles.append("Portal Administrator")))
    reply = await client.call("GET", f"/security/accounts/{dana.id}/roles")
    assert len(reply.json()["EnterpriseAccountInRoles"]) == 2
