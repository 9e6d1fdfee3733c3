"""What the vendor's own pages print, answered to the adapter and compared with the simulator.

The documents are the examples of "POST /sessionMngr", "GET /security/accounts", "GET /security/accounts/{ID}" and
"GET /security/accounts/{ID}/roles", shortened by links that nobody follows; the requests are the printed ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring

from aiohttp import encode_basic_auth

from bot.model import SentState
from providers.http import Door
from providers.veeam_em import Settings, VeeamEmProvider
from sandbox.systems.veeam_em import VeeamEm
from tests.providers.leavers import leaver
from tests.providers.wire import Wire, reply

SPACE = 'xmlns="http://www.veeam.com/ent/v1.0"'
ID = "d6701c3d-15f4-421d-b376-c0e2634bc1f4"
SESSION = "15a3fc97-0325-4119-b789-5c0367c6c565"
TOKEN = "O9Msj3rq7EGUhtSMBQx+mw=="  # the printed session's
BASIC = "Authorization: Basic dXNlcm5hbWU6cGFzc3dvcmQ="
"""Printed for the user `username` with the password `password`."""
HREF = f"https://enterprise04.tech.local:9398/api/security/accounts/{ID}"

LOG_ON = f"""<LogonSession {SPACE} Type="LogonSession" Href="https://srv12.tech.local:9398/api/logonSessions/{SESSION}">
  <Links><Link Rel="Up" Type="EnterpriseManager" Href="https://srv12.tech.local:9398/api/" /></Links>
  <UserName>SRV12\\Administrator</UserName><SessionId>{SESSION}</SessionId>
</LogonSession>"""
LIST = f"""<EntityReferences {SPACE}>
  <Ref Type="EnterpriseAccountReference" Href="{HREF}" Name="TECH\\william.fox" UID="urn:veeam:EnterpriseAccount:{ID}">
    <Links><Link Rel="Alternate" Type="EnterpriseAccount" Href="{HREF}?format=Entity" /></Links>
  </Ref>
</EntityReferences>"""
ACCOUNT = f"""<?xml version="1.0" encoding="utf-8"?>
<EnterpriseAccount xmlns:xsd="http://www.w3.org/2001/XMLSchema" Href="{HREF}?format=Entity" Type="EnterpriseAccount"
    Name="TECH\\william.fox" UID="urn:veeam:EnterpriseAccount:{ID}" {SPACE}>
  <Links><Link Href="{HREF}/roles" Type="EnterpriseAccountInRoleList" Rel="Down" /><Link Href="{HREF}" Rel="Delete" />
  </Links>
  <AccountType>User</AccountType><AllowRestoreAllVms>true</AllowRestoreAllVms>
  <FlrSettings><FlrInplaceOnly>false</FlrInplaceOnly><FlrExtentionRestrictions /></FlrSettings>
  <SqlSettings><DenyInPlaceRestore>false</DenyInPlaceRestore></SqlSettings>
</EnterpriseAccount>"""
ROLES = f"""<?xml version="1.0" encoding="utf-8"?>
<EnterpriseAccountInRoleList xmlns:xsd="http://www.w3.org/2001/XMLSchema" {SPACE}>
  <EnterpriseAccountInRole Href="{HREF}/roles/f84a8b62-49b8-4d0c-b25b-92321b52bab6">
    <Links><Link Href="{HREF}/roles/f84a8b62-49b8-4d0c-b25b-92321b52bab6" Rel="Delete" /></Links>
    <RoleName>File Restore Operator</RoleName>
  </EnterpriseAccountInRole>
</EnterpriseAccountInRoleList>"""
XML = {"Content_Type": "application/xml; charset=utf-8"}


def printed(text: str, status: int = 200, **headers: str) -> bytes:
    return reply(status, text.encode(), **XML, **headers)


async def test_the_printed_answers_lead_to_the_printed_request() -> None:
    script = (
        printed(LOG_ON, 201, X_RestSvcSessionId=TOKEN),
        *(printed(text) for text in (LIST, ACCOUNT, ROLES)),
        reply(204, b""),
        reply(204, b""),
    )
    async with Wire(*script).up() as wire:
        entry = {"provider": "veeam_em", "url": wire.url, "username": "username", "password": "password"}
        settings = Settings.model_validate({**entry, "domains": {"tech.local": ["TECH"]}})
        door = Door(ca_file=None, timeout=5, concurrency=1)
        hand = VeeamEmProvider("em", settings, door)
        (account,) = (await hand.find(leaver("william.fox@tech.local"))).accounts
        (step,) = hand.steps(account)
        assert (await hand.do(account, step, "key")).state is SentState.ACCEPTED
        await hand.aclose()
        await door.aclose()

    assert (account.id, account.handle) == (ID, "TECH\\william.fox")
    assert account.weight == ("File Restore Operator", "may restore all machines")
    log_on, *reads, deletion, log_out = wire.requests
    assert log_on.startswith("POST /api/sessionMngr/?v=")
    assert BASIC in log_on
    assert [read.split(" ")[1] for read in reads] == [
        "/api/security/accounts",
        f"/api/security/accounts/{ID}?format=Entity",
        f"/api/security/accounts/{ID}/roles",
    ]
    assert deletion.startswith(f"DELETE /api/security/accounts/{ID} HTTP/1.1")
    assert f"X-RestSvcSessionId: {TOKEN}" in deletion
    assert log_out.startswith(f"DELETE /api/logonSessions/{SESSION} HTTP/1.1")


def parts(element: Element, path: str = "") -> Iterator[str]:
    """Yield the paths of all elements, and of their attributes."""
    here = f"{path}/{element.tag.rpartition('}')[2]}"
    yield here
    yield from (f"{here}@{name}" for name in element.attrib)
    for child in element:
        yield from parts(child, here)


async def test_the_simulators_documents_have_all_that_is_printed(system: VeeamEm, door: Door) -> None:
    own = system.settings()
    settings = Settings.model_validate(own)
    log_on = await door.read(
        "POST",
        f"{settings.api}/sessionMngr/?v=latest",
        headers={"Authorization": encode_basic_auth(str(own["username"]), str(own["password"]))},
    )
    token = {"X-RestSvcSessionId": log_on.headers["X-RestSvcSessionId"]}
    dana = system.state.named(r"ACME\dana")
    assert dana is not None
    account = f"{settings.api}/security/accounts/{dana.id}"
    urls = (f"{settings.api}/security/accounts", f"{account}?format=Entity", f"{account}/roles")
    answers = [log_on, *[await door.read("GET", url, headers=token) for url in urls]]
    for answer, text in zip(answers, (LOG_ON, LIST, ACCOUNT, ROLES), strict=True):
        assert answer.media == "application/xml"
        assert set(parts(fromstring(text))) - set(parts(answer.xml())) == set()  # noqa: S314  # our own text
    assert log_on.status == 201
