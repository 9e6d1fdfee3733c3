"""Enterprise Manager's documents in both of their forms."""

from __future__ import annotations

import json

import pytest

from bot.errors import UnexpectedAnswer
from providers.http import Answer, Door
from providers.veeam_em import VeeamEmProvider, session, shapes
from providers.veeam_em.shapes import Entity, Ref, Role
from sandbox.systems.veeam_em import VeeamEm
from tests.providers.leavers import leaver
from tests.providers.veeam_em.system import settings_of

GUID = "0b6f1c1e-6a55-4d6f-9a0e-2f0d5b1c7a11"
UID = f"urn:veeam:EnterpriseAccount:{GUID}"
SPACE = 'xmlns="http://www.veeam.com/ent/v1.0"'


def xml(text: str) -> Answer:
    return Answer(200, {"Content-Type": "application/xml; charset=utf-8"}, text.encode())


def document(record: object) -> Answer:
    return Answer(200, {"Content-Type": "application/json"}, json.dumps(record).encode())


REFS = (
    xml(
        f'<EntityReferences {SPACE}><Ref Type="Reference" Name="ACME\\o&apos;hara &amp; co" UID="{UID}">'
        f'<Links><Link Rel="Alternate" Href="https://elsewhere/{GUID}"/></Links></Ref></EntityReferences>'
    ),
    document({"Refs": [{"UID": UID.upper(), "Name": "ACME\\o'hara & co", "Links": [{"Href": "https://elsewhere"}]}]}),
)
ENTITIES = (
    xml(
        f'<EnterpriseAccount {SPACE} Type="EnterpriseAccount" Name="ACME\\dana" UID="{UID}"><Links><Link Rel="Delete"/>'
        "</Links><AccountType>User</AccountType><AllowRestoreAllVms>true</AllowRestoreAllVms></EnterpriseAccount>"
    ),
    document({"AccountType": "User", "AllowRestoreAllVms": True, "UID": UID, "Name": "ACME\\dana", "Links": []}),
)
ROLES = (
    xml(
        f'<EnterpriseAccountInRoleList {SPACE}><EnterpriseAccountInRole Href="https://elsewhere/roles/{GUID}"><Links/>'
        "<RoleName>Portal User</RoleName></EnterpriseAccountInRole></EnterpriseAccountInRoleList>"
    ),
    document({"EnterpriseAccountInRoles": [{"Href": f"https://elsewhere/roles/{GUID}", "RoleName": "Portal User"}]}),
)


@pytest.mark.parametrize("answer", REFS)
def test_a_list_reads_the_same_in_both_forms(answer: Answer) -> None:
    assert shapes.refs(answer) == (Ref(GUID, "ACME\\o'hara & co"),)


@pytest.mark.parametrize("answer", ENTITIES)
def test_an_account_reads_the_same_in_both_forms(answer: Answer) -> None:
    assert shapes.entity(answer, GUID) == Entity(GUID, "ACME\\dana", "User", restores_all=True)


@pytest.mark.parametrize("answer", ROLES)
def test_roles_read_the_same_in_both_forms(answer: Answer) -> None:
    assert shapes.roles(answer) == (Role(GUID, "Portal User"),)


def test_a_mere_reference_is_an_account_of_no_known_type() -> None:
    reference = document({"UID": UID, "Name": "ACME\\dana", "Type": "EnterpriseAccountReference"})
    assert shapes.entity(reference, GUID) == Entity(GUID, "ACME\\dana", "", restores_all=False)


@pytest.mark.parametrize(
    "answer",
    [
        xml(f"<EntityReferences {SPACE}/>"),
        xml(f'<Error {SPACE} Message="Access is denied." StatusCode="403"/>'),
        xml('<!DOCTYPE x [<!ENTITY e "x">]><EntityReferences>&e;</EntityReferences>'),
        xml("<EntityReferences>"),
        document({}),
        document([]),
        document({"Refs": None}),
        document({"Refs": ["x"]}),
        document({"Refs": [{"UID": UID, "Name": ""}]}),
        document({"Refs": [{"UID": "urn:veeam:EnterpriseAccount:", "Name": "ACME\\dana"}]}),
        Answer(200, {"Content-Type": "text/html"}, b"<html></html>"),
        Answer(200, {}, b'{"Refs": []}'),
    ],
)
def test_a_list_of_another_shape_is_unexpected(answer: Answer) -> None:
    with pytest.raises(UnexpectedAnswer):
        shapes.refs(answer)


def test_an_answer_about_another_account_is_unexpected() -> None:
    with pytest.raises(UnexpectedAnswer):
        shapes.entity(ENTITIES[1], GUID.replace("0", "1"))


def test_an_administrator_is_known_by_name_or_by_id() -> None:
    assert Role("", "portal administrator").is_administrator
    assert Role("5f37a46b-9ce2-40f4-8a62-b45b079257fc", "Portaladministrator").is_administrator
    assert not Role(GUID, "Portal User").is_administrator


async def test_a_server_that_answers_xml_is_understood_throughout(
    system: VeeamEm, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_ACCEPT", {"Accept": "application/xml"})
    hand = VeeamEmProvider("em", settings_of(system), door)
    (account,) = (await hand.find(leaver("dana@acme.test"))).accounts
    await hand.do(account, hand.steps(account)[0], "k")
    assert await hand.read(account) is None
    await hand.aclose()
    assert system.state.sessions == {}
