"""What the vendor's own pages print, answered to the adapter and compared with the simulator.

The user is the "Entity Example" of the Users API's Appendix, the host that of *Domain API*, the deletion that of
*Delete User*. The example has numbers and booleans in quotation marks, and some without.
"""

from __future__ import annotations

import json
from typing import Final

from bot.model import SentState
from providers.http import Door
from providers.liveperson import KIND, LivePersonProvider, Settings
from sandbox.systems.liveperson import LivePerson
from tests.providers.leavers import leaver
from tests.providers.liveperson.asking import LIST
from tests.providers.wire import Wire, reply

USER: Final[dict[str, object]] = {
    "id": "987654321",
    "deleted": "false",
    "loginName": "unique@gmail.com",
    "fullName": "first last name",
    "nickname": "agent1",
    "isEnabled": "true",
    "maxChats": "4",
    "email": "myEmail@gmail.com",
    "disabledManually": False,
    "skillIds": [2359235912, 2359235922],
    "profileIds": [2359273612, 2359273512],
    "lobIds": [6549273612],
    "changePwdNextLogin": False,
    "memberOf": {"agentGroupId": "1", "assignmentDate": "2015-06-22 19:20:03"},
    "managerOf": [{"agentGroupId": "1", "assignmentDate": "2015-06-22 19:20:03"}],
    "permissionGroups": ["1"],
    "employeeId": "EXT-123456789",
    "maxAsyncChats": "10",
    "dateUpdated": "year-month-date hrs:min:sec",
    "lastPwdChangeDate": "year-month-date hrs:min:sec",
    "isApiUser": False,
    "userTypeId": 1,
}
"""As printed, without pictures, passwords and the like, which neither side reads."""


def told(content: object, **headers: str) -> bytes:
    return reply(200, json.dumps(content).encode(), **headers)


async def test_the_printed_answers_lead_to_the_printed_request() -> None:
    async with Wire().up() as wire:
        host = {"service": "accountConfigReadWrite", "account": "56072331", "baseURI": wire.url.removeprefix("http://")}
        token = {"access_token": "a.printed.token", "token_type": "Bearer", "expires_in": 3599}
        one = told(USER, ac_revision="15")
        wire.script = (told(host), told(host), told(token), told([USER], ac_revision="15"), one, told(USER))
        settings = Settings.model_validate(
            {
                "provider": "liveperson",
                "account": "56072331",
                "client_id": "an application",
                "client_secret": "its secret",
                "domain_api": wire.url,
                "hosts": ["127.0.0.1"],
            }
        )
        door = KIND.door(settings)
        hand = LivePersonProvider("lp", settings, door)
        (account,) = (await hand.find(leaver("unique@gmail.com"))).accounts
        assert await hand.read(account) == account
        (step,) = hand.steps(account)
        assert (await hand.do(account, step, "key")).state is SentState.ACCEPTED
        await hand.aclose()
        await door.aclose()

    assert (account.id, account.handle) == ("987654321", "unique@gmail.com")
    assert dict(account.identity)["type"] == "person"
    assert account.weight == (
        *("profile 2359273612", "profile 2359273512", "permission group 1", "manager of group 1"),
    )
    deletion = wire.requests[-1]
    place = "/api/account/56072331/configuration/le-users/users/987654321"
    assert deletion.startswith(f"DELETE {place}?v=4.0 HTTP/1.1\r\n")
    assert "\r\nAuthorization: Bearer a.printed.token\r\n" in deletion
    assert "\r\nIf-Match: 15\r\n" in deletion
    assert deletion.endswith("\r\n\r\n"), "no body"


async def test_the_simulators_users_have_all_fields_that_are_printed_and_of_the_same_types(
    hand: LivePersonProvider, system: LivePerson, door: Door
) -> None:
    system.state.switches.quoted = True
    await hand.find(leaver("kim@acme.test"))
    (listed,) = [entry.path for entry in system.journal.entries if LIST.replace("\\", "") in entry.path]
    bearer = hand._session._way.header("GET", listed)
    answer = await door.read("GET", system.url + listed, headers={"Authorization": bearer})
    # Some fields are an agent's alone, some a manager's.
    fields = {name: value for user in answer.json() for name, value in user.items()}
    assert answer.headers["ac-revision"].isdigit()
    assert set(USER) - set(fields) == set()
    lists = {name for name, value in USER.items() if isinstance(value, list)}
    assert lists == {name for name in USER if isinstance(fields[name], list)}
