"""A system is added as docs/adding-a-provider.md tells: the page's own file, and nothing else, carries it through."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, EntryPoints
from typing import Any, ClassVar

import pytest
from aiohttp import web

from bot.app.tables import kinds_table
from bot.model import Outcome, Word
from bot.removal import Removal
from providers import catalog
from providers.connected import ConnectedSystems, entries
from sandbox.systems import seed
from sandbox.systems.faults import Fault
from sandbox.systems.frame import Refusal, Simulator
from sandbox.systems.journal import EVERYONE, note
from sandbox.systems.tls import Tls
from tests.bot.removing import BookedLedger
from tests.house.tree import read
from tests.providers import test_contract, ticket_desk
from tests.providers.contract import DANA, Bench, Terms, bench_of
from tests.providers.leavers import leaver
from tests.providers.subjects import Subject

PAGE = "docs/adding-a-provider.md"
FILE = "tests/providers/ticket_desk.py"
TOKEN = "ticket-desk-token"


@dataclass
class Desk:
    """What the desk remembers."""

    users: dict[str, dict[str, object]] = field(default_factory=dict)

    def add(self, mail: str, role: str = "agent") -> str:
        number = f"u{len(self.users):04}"
        self.users[number] = {"id": number, "login": mail.partition("@")[0], "mail": mail, "role": role}
        return number


class TicketDeskServer(Simulator):
    """The desk: a token, pages of 100 that begin after an id, and a 404 of its own words."""

    kind: ClassVar[str] = "ticket_desk"
    state: Desk

    def __init__(self, **more: Any) -> None:  # noqa: ANN401 - the frame's own arguments
        super().__init__(**more)
        self.state = Desk()

    def routes(self) -> Iterable[web.RouteDef]:
        return [
            web.get("/me", self._me),
            web.get("/users", self._list),
            web.get("/users/{id}", self._read),
            web.delete("/users/{id}", self._delete),
        ]

    def missing(self, request: web.Request, status: int) -> web.Response:
        return web.json_response({"error": "no_such_path"}, status=status)

    def seed(self) -> None:
        self.state.add("bot@acme.test", "administrator")
        for person in (seed.DANA, seed.OTHER_DANA, seed.JORDANA, seed.ROBIN, seed.ROBIN, *seed.BYSTANDERS):
            self.state.add(person.mail)
        self.owned = {seed.DANA.mail: frozenset({f"u0001 {seed.DANA.mail}"})}

    def settings(self) -> dict[str, object]:
        return {"provider": self.kind, "url": self.url, "token": TOKEN, "ca_file": self.ca_file}

    def standing(self) -> frozenset[str]:
        return frozenset(f"{number} {user['mail']}" for number, user in self.state.users.items())

    async def _me(self, request: web.Request) -> web.Response:
        self._admit(request)
        return web.json_response({"id": "u0000", "sees_all": True})

    async def _list(self, request: web.Request) -> web.Response:
        note(request, EVERYONE)
        self._admit(request)
        after = request.query.get("after", "")
        return web.json_response(
            {"users": [self.state.users[one] for one in sorted(self.state.users) if one > after][:100]}
        )

    async def _read(self, request: web.Request) -> web.Response:
        return web.json_response(self._user(request))

    async def _delete(self, request: web.Request) -> web.Response:
        del self.state.users[str(self._user(request)["id"])]
        note(request, request.match_info["id"], effect=True)
        return web.Response(status=204)

    def _user(self, request: web.Request) -> dict[str, object]:
        note(request, request.match_info["id"])
        self._admit(request)
        user = self.state.users.get(request.match_info["id"])
        if user is None:
            raise Refusal(web.json_response({"error": ticket_desk.GONE}, status=404))
        return user

    def _admit(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            raise Refusal(web.json_response({"error": "bad_token"}, status=401))


SUBJECT = Subject(
    ticket_desk.KIND,
    TicketDeskServer,
    lambda _, settings, door, __: ticket_desk.TicketDesk("desk", settings, door),
    lambda state: state.users,
    lambda state: next(number for number, user in state.users.items() if user["mail"] == "dana@acme.test"),
    lambda _: {},
)


def _many(system: Any, dana: str) -> None:  # noqa: ANN401 - the contract's terms know no simulator's type
    last = system.state.users.pop(dana)
    for number in range(450):
        system.state.users[f"d{number:04}"] = {"id": f"d{number:04}", "login": "desk", "mail": None, "role": "agent"}
    system.state.users[dana] = last


class OwnTerms(Terms):
    """Terms of a kind that is not in the table of ours."""

    @property
    def subject(self) -> Subject:
        return SUBJECT


TERMS = OwnTerms(
    "ticket_desk",
    ("delete",),
    lists=r"/users(\?|$)",
    write="/users/",
    many=_many,
    gone=lambda system, account: system.state.users.pop(account),
    several=leaver("robin@acme.test"),
)


@pytest.fixture
async def system(tls: Tls) -> AsyncIterator[TicketDeskServer]:
    simulator = TicketDeskServer()
    simulator.seed()
    await simulator.start(tls)
    yield simulator
    await simulator.stop()


@pytest.fixture
async def bench(system: TicketDeskServer) -> AsyncIterator[Bench]:
    async with bench_of(TERMS, system) as made:
        yield made


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the file as a package of somebody else's."""
    monkeypatch.setitem(sys.modules, "acme_ticket_desk", ticket_desk)
    point = EntryPoint("ticket_desk", "acme_ticket_desk:KIND", catalog.GROUP)
    monkeypatch.setattr(catalog, "entry_points", lambda *, group: EntryPoints([point]).select(group=group))


# The suite that every provider passes, collected here once more for the new one.
globals().update({name: check for name, check in vars(test_contract).items() if name.startswith("test_")})


def test_the_page_holds_the_file_as_it_stands() -> None:
    assert f"```python\n{read(FILE)}```\n" in read(PAGE)


@pytest.mark.usefixtures("installed")
def test_once_installed_it_stands_in_the_table_of_systems_as_not_rated() -> None:
    table = kinds_table(as_json=False)

    assert f"ticket_desk  (not rated)\n  {ticket_desk.KIND.actions}\n  fields: url, token*" in table


@pytest.mark.usefixtures("installed")
async def test_an_entry_of_the_configuration_leads_to_a_proved_removal(system: TicketDeskServer) -> None:
    systems = ConnectedSystems(entries({"desk": {**system.settings(), "label": "Ticket desk"}}))
    others = system.standing() - system.of("dana@acme.test")
    async with systems.open("desk") as hand:
        assert (await hand.check()).ok
        (account,) = (await hand.find(DANA)).accounts
        end = await Removal(hand, DANA, account, BookedLedger([])).carry_out()
    await systems.aclose()

    assert isinstance(end, Outcome)
    assert (end.word, end.proof is not None) == (Word.REMOVED, True)
    assert system.standing() == others
    assert system.journal.unread_writes() == []


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (Fault("reset_after", "DELETE"), Word.REMOVED),
        (Fault("reset_before", "DELETE"), Word.REMOVED),
        (Fault("status", "DELETE", status=404, body='{"error": "no_such_path"}'), Word.FAILED),
        (Fault("status", "DELETE", status=403, body="{}"), Word.REFUSED),
        (Fault("html", "DELETE", status=404), Word.FAILED),
    ],
    ids=["answer lost, done", "answer lost, not done", "another 404", "forbidden", "a proxy's page"],
)
async def test_what_goes_wrong_ends_in_the_true_word(bench: Bench, fault: Fault, word: Word) -> None:
    async def sleep(_: float) -> None:
        """Wait for nothing."""

    hand = bench.hand()
    account = await bench.account(hand)
    bench.system.faults.add(fault)
    end = await Removal(hand, DANA, account, BookedLedger([]), sleep=sleep).carry_out()

    assert isinstance(end, Outcome)
    assert end.word is word
    assert (account.id in bench.system.state.users) is (word is not Word.REMOVED)


async def test_its_own_user_is_left_alone(bench: Bench) -> None:
    (own,) = (await bench.hand().find(leaver("bot@acme.test"))).accounts

    assert own.stop is not None
    assert bench.hand().steps(own) == ()
