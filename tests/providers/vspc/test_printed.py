"""What the vendor's own pages print, answered to the adapter and compared with the simulator.

The deletion and its answer are the example of "Delete User Identity", the fields those of the tables "User" and
"UserLogin", the log-on that of RFC 6749, 4.3, which another implementation writes and reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from oauthlib.oauth2 import LegacyApplicationClient  # type: ignore[import-untyped]  # it ships no types

from bot.model import Account, Key, KeyKind, KeySource, Match, SentState, facts
from providers.http import Door
from providers.vspc import Settings, VspcProvider, shapes
from sandbox.systems.vspc import Vspc
from sandbox.systems.vspc.seed import PASSWORD, SERVICE
from tests.providers.vspc.system import settings_of
from tests.providers.wire import Wire, reply

UID: Final = "737bb56d-ce1c-4666-84b0-6c9beae50ce5"
IDENTITY: Final = "1"
TYPES: Final = {"String": str, "Integer": int, "Subschema": dict, "Boolean": bool, "Array": list}

USER: Final = {
    "instanceUid": "String",
    "organizationUid": "String",
    "userName": "String",
    "status": "String",
    "role": "String",
    "profile": "Subschema",
    "credentials": "Subschema",
}
"""The table "User", and under it that of a user's profile."""
PROFILE: Final = ("firstName", "lastName", "title", "email", "address", "phone")
USER_LOGIN: Final = {
    "id": "Integer",
    "userName": "String",
    "companyId": "String",
    "companyName": "String",
    "identityProviderName": "String",
    "description": "String",
    "identifierInProvider": "String",
    "status": "String",
    "creationDate": "String",
}
"""The table "UserLogin", without `parameters`; the owner is `userId` there and the scopes are one String."""
OLD: Final = {"userId": "String", "scopes": "String"}


async def test_the_printed_answer_to_the_printed_request_is_a_yes() -> None:
    async with Wire(reply(200, b'{ "data": true }', Content_Type="application/json; charset=utf-8")).up() as wire:
        door = Door(ca_file=None, timeout=5, concurrency=1)
        settings = Settings.model_validate({"provider": "vspc", "url": wire.url, "api_key": "<Access-Token>"})
        hand = VspcProvider("vspc", settings, door)
        key = Key(KeyKind.MAIL, "a@b.test", KeySource.TYPED)
        part = f"{IDENTITY} ApiKey “printed” #00000000"
        account = Account("vspc", UID, "a", facts(id=UID), Match.EXACT, (key,), parts=(part,))
        assert (await hand.do(account, hand.steps(account)[0], "key")).state is SentState.ACCEPTED
        await door.aclose()
    (sent,) = wire.requests
    assert sent.startswith(f"DELETE /api/v3/users/{UID}/logins/{IDENTITY} HTTP/1.1\r\n")
    assert "\r\nAuthorization: Bearer <Access-Token>\r\n" in sent
    assert "\r\nAccept: application/json\r\n" in sent
    assert sent.endswith("\r\n\r\n"), "no body"


async def listed(system: Vspc, door: Door, path: str, **headers: str) -> list[dict[str, Any]]:
    """Return what the simulator lists there."""
    bearer = {"Authorization": f"Bearer {system.settings()['api_key']}", **headers}
    answer = await door.read("GET", f"{system.url}/api/v3{path}", headers=bearer)
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def lacks(record: Mapping[str, object], table: Mapping[str, str]) -> list[str]:
    """Return the fields of the table that are missing, or have another type; null is a value of any."""
    return [
        name for name, kind in table.items() if name not in record or not isinstance(record[name], TYPES[kind] | None)
    ]


async def test_the_simulators_users_and_identities_have_the_printed_fields(system: Vspc, door: Door) -> None:
    users, logins = await listed(system, door, "/users"), await listed(system, door, "/users/logins")
    old = await listed(system, door, "/users/logins", **{"X-Client-Version": "3.4"})
    assert [lacks(user, USER) for user in users] == [[]] * len(users)
    assert {name for user in users for name in PROFILE if name not in user["profile"]} == set()
    assert [lacks(login, USER_LOGIN) for login in logins] == [[]] * len(logins)
    assert [lacks(login, USER_LOGIN | OLD) for login in old] == [[]] * len(old)


async def test_the_adapter_reads_records_of_the_printed_fields_alone(system: Vspc, door: Door) -> None:
    users, logins = await listed(system, door, "/users"), await listed(system, door, "/users/logins")
    old = await listed(system, door, "/users/logins", **{"X-Client-Version": "3.4"})
    assert all(shapes.user({name: user[name] for name in USER}) == shapes.user(user) for user in users)
    bare = [shapes.identity({name: login[name] for name in USER_LOGIN | OLD}) for login in old]
    assert bare == [shapes.identity(login) for login in logins]


async def test_another_implementation_writes_our_log_on_and_reads_the_answer(system: Vspc) -> None:
    settings = settings_of(system, api_key=None, username=SERVICE, password=PASSWORD)
    client = LegacyApplicationClient(client_id="")
    theirs = parse_qs(client.prepare_request_body(SERVICE, PASSWORD, include_client_id=False))
    async with Wire(reply(200, b'{"access_token": "a", "token_type": "bearer"}'), reply(401)).up() as wire:
        plain = settings.model_copy(update={"url": wire.url})
        door = Door(ca_file=None, timeout=5, concurrency=1)
        await VspcProvider("vspc", plain, door)._console._session._tokens.current()
        await door.aclose()
    assert parse_qs(wire.requests[0].partition("\r\n\r\n")[2]) == theirs

    door = Door(ca_file=settings.ca_file, timeout=5, concurrency=1)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = client.prepare_request_body(SERVICE, PASSWORD, include_client_id=False).encode()
    answer = await door.read("POST", f"{system.url}/api/v3/token", headers=form, body=body)
    await door.aclose()
    assert client.parse_request_body_response(answer.body.decode())["access_token"]
