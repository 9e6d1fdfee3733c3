"""Opening a case: who may, who leaves, and everything that is wrong with a request, told at once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from bot import policy as rules
from bot.asking import find_deciders
from bot.cases.confirming import end_corrected, name_successor
from bot.cases.desk import Desk, person_of_click
from bot.cases.leaver import MOST_OTHER_LOGINS, AddressBook, find_leaver, find_listed_login
from bot.cases.said import Denied, Field, Form, Opened, Said, said
from bot.domain.identifier_list import find_problem
from bot.domain.identifiers import are_equal, find_flaw, is_address
from bot.model import Case, CaseSystem, Key, KeyKind, KeySource, Leaver, Person, Request
from bot.ports import KeyTaken, Tx, WorkKind
from bot.quiet import candidates, told_directly, usable

_CLOCK_SLACK = timedelta(minutes=2)


class _TakenError(Exception):
    """The person has a case: nothing of this request may stay, and no case that it would correct may end."""

    def __init__(self, taken: KeyTaken) -> None:
        super().__init__()
        self.taken = taken


class Opening(Desk):
    """What stands before a case exists."""

    __slots__ = ()

    def connected(self) -> tuple[CaseSystem, ...]:
        """All systems that a case can be about."""
        return self.systems.connected()

    async def may_ask(self, user_id: str, team_id: str) -> Said:
        """Say whether this person may open a case; a refusal is in the audit."""
        person, requesters = await asyncio.gather(
            person_of_click(self, user_id, team_id), self.people.members(self.policy.requesters, of={user_id})
        )
        ruling = rules.may_ask(person, requesters, self.policy)
        return said(ruling) if ruling.ok else await self.refused(None, "ask", person, ruling)

    async def open(self, form: Form, user_id: str, team_id: str) -> Opened | tuple[Denied, ...]:
        """Open a case, or say under which fields the request is wrong. Opening the same form twice opens once."""
        allowed = await self.may_ask(user_id, team_id)
        if not allowed.ok:
            return (Denied(Field.FORM, allowed.text, who=allowed.who),)
        requester, picked = await asyncio.gather(person_of_click(self, user_id, team_id), self._picked(form))
        wrong = [*_wrong_address(form, picked), *_wrong_number(form), *self._wrong_systems(form)]
        if wrong:
            return tuple(wrong)
        book = AddressBook(self.people)
        leaver = await find_leaver(book, _collect_keys(form, picked), picked, no_slack=form.no_slack)
        if isinstance(leaver, Denied):
            return await self._denied(requester, (leaver,))
        wrong = self._wrong_person(requester, leaver)
        wrong += await self._wrong_logins(book, requester, leaver)
        wrong += await self._nobody_can_approve(requester, leaver, form)
        channel = await self._channel_for(leaver)
        if channel is None and not wrong:
            told = await told_directly(self.people, self.policy, leaver)
            wrong.append(Denied(Field.FORM, _NOWHERE, tell=tuple(one for one in told if one != user_id)))
        if wrong or channel is None:
            return await self._denied(requester, tuple(wrong))
        request = Request(form.view_id, requester, leaver, form.systems, form.reason, form.when)
        return await self._commit(request, channel, form.corrects)

    async def _commit(self, request: Request, channel: str, corrects: int | None) -> Opened | tuple[Denied, ...]:
        try:
            opened = await self._committed(request, channel, corrects)
        except _TakenError as error:
            denied = await self._tell_taken(error.taken, request.requester)
            return await self._denied(request.requester, (denied,))
        self.reporter.wake()
        return opened

    async def _committed(self, request: Request, channel: str, corrects: int | None) -> Opened | tuple[Denied, ...]:
        """Open the case in one transaction. Raise `_TakenError`, which undoes it, where another case has a key."""
        async with self.store.begin(ahead=True) as tx:
            before = await tx.case_of_view(request.view_id)
            if before is not None and (there := await tx.case(before)) is not None:
                return Opened(there, again=True)
            now = await tx.now()
            denied = _wrong_time(request.when, now) or await self._too_many(tx, request.requester, now)
            if denied is not None:
                await _note_denied(tx, request.requester, (denied,))
                return (denied,)
            old = await end_corrected(tx, corrects, request.requester) if corrects is not None else None
            systems = [system for system in self.systems.connected() if system.name in request.systems]
            expires_at = now + self.policy.approval_expiry
            case = await tx.open_case(request, systems, channel, discreet=self.room.discreet, expires_at=expires_at)
            if isinstance(case, KeyTaken):
                raise _TakenError(case)
            if old is not None:
                await name_successor(tx, old, case)
            await self._begin_looks(tx, case)
        return Opened(case, again=False)

    async def _tell_taken(self, taken: KeyTaken, requester: Person) -> Denied:
        """Name the person's open case to those who may see it; nobody learns the number of a case about themselves."""
        case, (reader, everything) = await asyncio.gather(
            self.store.case(taken.case_id), self.identify_reader(requester.user_id, requester.team_id)
        )
        if case is None or not rules.may_see(reader, case, everything=everything):
            return _TAKEN
        text = f"This person already has a case: OFF-{taken.case_id}. Nothing was opened."
        return Denied(Field.EMAIL, text, case_id=taken.case_id)

    async def _begin_looks(self, tx: Tx, case: Case) -> None:
        names = sorted(system.name for system in case.systems)
        await tx.add_work(case.id, WorkKind.LOOK, 0, 0, names)
        for name in names:
            await self.engine.enqueue(tx, WorkKind.LOOK, case.id, 0, name)
        facts = {"requester": case.requester.user_id, "systems": names, "when": str(case.when) if case.when else None}
        keys = {f"{key.kind}:{number}": key.value for number, key in enumerate(case.leaver.keys)}
        await tx.audit(case.id, "opened", facts, {**keys, "reason": case.reason})
        await tx.want(case.id, "root")
        if case.channel == self.room.sensitive_channel:
            await tx.want(case.id, "dm:opened", channel=case.requester.user_id, text=_ELSEWHERE)

    async def _too_many(self, tx: Tx, requester: Person, now: datetime) -> Denied | None:
        most = self.policy.per_requester_per_day
        if await tx.opened_since(requester.user_id, now - timedelta(days=1)) < most:
            return None
        text = f"You have opened {most} cases within a day, which is the limit. Nothing was opened. Ask an admin."
        return Denied(Field.FORM, text, who=self.policy.admins)

    async def _picked(self, form: Form) -> Person | None:
        return await self.people.person(form.user_id) if form.user_id else None

    def _wrong_systems(self, form: Form) -> list[Denied]:
        known = {system.name for system in self.systems.connected()}
        if not form.systems:
            return [Denied(Field.SYSTEMS, "Choose at least one system.")]
        unknown = sorted(set(form.systems) - known)
        if unknown:
            return [Denied(Field.SYSTEMS, f"No longer connected: {', '.join(unknown)}. Open the form again.")]
        return []

    def _wrong_person(self, requester: Person, leaver: Leaver) -> list[Denied]:
        if requester.is_leaver(leaver):
            return [Denied(Field.EMAIL, "This is you. Somebody else has to ask for your offboarding.")]
        pattern = rules.protected_by(self.policy.protected, [key.value for key in leaver.keys])
        if pattern is not None:
            return [Denied(Field.EMAIL, f"Protected by the rule {pattern}: never offboarded by the bot.")]
        return []

    async def _wrong_logins(self, book: AddressBook, requester: Person, leaver: Leaver) -> list[Denied]:
        """Refuse *Other logins* that name somebody with a part in cases; which part is not told."""
        owners = [system.owner for system in self.systems.connected() if system.owner is not None]
        listed = (*self.policy.requesters, *self.policy.approvers, *self.policy.admins, *owners)
        login = await find_listed_login(book, leaver, requester, listed)
        return [Denied(Field.OTHER_LOGINS, _SOMEBODY_ELSES.format(login))] if login is not None else []

    async def _nobody_can_approve(self, requester: Person, leaver: Leaver, form: Form) -> list[Denied]:
        chosen = [system for system in self.systems.connected() if system.name in form.systems]
        needed = rules.approvals_needed(self.policy, chosen)
        away = {user for user in (requester.user_id, leaver.slack_id) if user is not None}
        approvers = await find_deciders(
            self.people,
            self.policy.approvers,
            needed,
            apart=away,
            is_apart=lambda one: one.is_same_as(requester) or one.is_leaver(leaver),
        )
        possible = rules.possible_approvers(approvers, requester, leaver)
        if possible >= needed:
            return []
        text = (
            f"Nobody can approve this: it needs {needed} approver(s) besides the requester and the leaver, "
            f"and there are {possible}. Nothing was opened."
        )
        return [Denied(Field.FORM, text)]

    async def _channel_for(self, leaver: Leaver) -> str | None:
        return await usable(self.people, candidates(self.room), leaver)

    async def _denied(self, requester: Person, wrong: tuple[Denied, ...]) -> tuple[Denied, ...]:
        async with self.store.begin(ahead=True) as tx:
            await _note_denied(tx, requester, wrong)
        return wrong


_ELSEWHERE = "It is told in the sensitive channel, because the person who leaves can read the usual one."
_TAKEN = Denied(Field.EMAIL, "This person already has an open case. Nothing was opened.")
_SOMEBODY_ELSES = (
    "{} belongs to somebody else, who works on cases here. Take it out, or ask for that person's offboarding by their "
    "address. Nothing was opened."
)
_NOWHERE = (
    "The person who leaves is a member of the channel in which the case would be told, and no other channel is "
    "configured. Nothing was opened."
)


def _collect_keys(form: Form, picked: Person | None) -> list[Key]:
    """Return all that the leaver is looked for by: what was typed, else the profile's address, and other logins."""
    keys: list[Key] = []
    if form.email.strip():
        keys.append(Key(KeyKind.MAIL, form.email.strip(), KeySource.TYPED))
    if picked is not None and picked.mail and not form.email.strip():
        keys.append(Key(KeyKind.MAIL, picked.mail, KeySource.PROFILE))
    return keys + _other_keys(form.other_logins)


def _wrong_address(form: Form, picked: Person | None) -> list[Denied]:
    return _flaws(form, picked) or _unclear_person(form, picked)


def _unclear_person(form: Form, picked: Person | None) -> list[Denied]:
    address = form.email.strip()
    if address and not is_address(address):
        return [Denied(Field.EMAIL, "This is not a mail address. It should look like dana@acme.test.")]
    if picked is None:
        return [] if address else [Denied(Field.EMAIL, "Name the person: pick somebody in Slack or write an address.")]
    if not address and not picked.mail:
        return [Denied(Field.EMAIL, "Slack shows no address for this person. Write the address here.")]
    if address and picked.mail and not are_equal(address, picked.mail):
        text = "The person picked in Slack has another address there. Make the two agree, or leave one of them out."
        return [Denied(Field.EMAIL, text)]
    return []


def _wrong_number(form: Form) -> list[Denied]:
    if len(form.other_logins) <= MOST_OTHER_LOGINS:
        return []
    return [Denied(Field.OTHER_LOGINS, f"Name at most {MOST_OTHER_LOGINS} other logins. Nothing was opened.")]


def _flaws(form: Form, picked: Person | None) -> list[Denied]:
    """Say under each field which text can be nobody's: every system would answer that there is nobody."""
    email, logins = form.email.strip(), [login.strip() for login in form.other_logins if login.strip()]
    profile = picked.mail or "" if picked is not None and not email else ""
    wrong = []
    if flaw := find_flaw(email):
        wrong.append(Denied(Field.EMAIL, flaw.sentence))
    if flaw := find_flaw(profile):
        text = f"The address in Slack cannot be used. {flaw.sentence} Write the address here."
        wrong.append(Denied(Field.EMAIL, text))
    if problem := next(filter(None, map(find_problem, logins)), ""):
        wrong.append(Denied(Field.OTHER_LOGINS, problem))
    return wrong


async def _note_denied(tx: Tx, requester: Person, wrong: tuple[Denied, ...]) -> None:
    facts = {"user": requester.user_id, "fields": [denied.field for denied in wrong]}
    await tx.audit(None, "request denied", facts, {})


def _wrong_time(when: datetime | None, now: datetime) -> Denied | None:
    if when is not None and when < now - _CLOCK_SLACK:
        return Denied(Field.WHEN, "This time is in the past. Leave it empty to begin as soon as it is approved.")
    return None


def _other_keys(logins: tuple[str, ...]) -> list[Key]:
    given = [login.strip() for login in logins if login.strip()]
    keys = [Key(KeyKind.LOGIN, login, KeySource.OTHER) for login in given]
    keys += [Key(KeyKind.MAIL, login, KeySource.OTHER) for login in given if is_address(login)]
    return keys
