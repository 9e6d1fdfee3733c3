"""The three calls that change a user, and what their answers mean."""

from __future__ import annotations

from bot.errors import AnswerLost, Conflict, HandedOver, ProviderError, Refused
from bot.model import Account, Sent, SentState, Step
from providers.hints import hint
from providers.http import Answer
from providers.rsa_cas.directory import path_id
from providers.rsa_cas.session import Session, fault, is_no_such_user, said_by_the_api
from providers.rsa_cas.users import BIN, DISABLED, time_of

DISABLE = Step("disable", "disable the user", irreversible=False)
DISABLE_AGAIN = Step("disable again", "disable the user once more", irreversible=False)
DELETE = Step("delete", "delete the user with all devices at once")
MARK = Step("mark", "put the user in the bin, which is emptied after seven days", irreversible=False)

_DONE = frozenset({200, 202, 204})
_NO_METHOD = 405
_CONFLICT = 409
_NEEDS = {
    DISABLE.name: "rsa.user.manage",
    DISABLE_AGAIN.name: "rsa.user.manage",
    DELETE.name: "rsa.user.delete",
    MARK.name: "rsa.user.delete.soft",
}


class Writes:
    """Sends steps. `kept_in_bin` are users that RSA would not delete at once because they were marked already."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._said_no_to: set[tuple[str, str]] = set()
        self.kept_in_bin: set[str] = set()

    async def do(self, account: Account, step: Step) -> Sent:
        """Send one step. Raises what the answer means."""
        answer = await self._send(path_id(account.id), step)
        if answer.status in _DONE:
            return _done(account, step, answer)
        if is_no_such_user(answer):
            return Sent(SentState.NO_SUCH_ACCOUNT)
        raise self._fault(account, step, answer)

    async def _send(self, user_id: str, step: Step) -> Answer:
        if step.name == DELETE.name:
            return await self._session.send("DELETE", f"/v1/users/{user_id}")
        if step.name == MARK.name:
            return await self._session.send("PUT", f"/v1/users/{user_id}/markDeleted", {"markDeleted": True})
        return await self._session.send("PUT", f"/v1/users/{user_id}/userStatus", {"userStatus": DISABLED})

    def _fault(self, account: Account, step: Step, answer: Answer) -> ProviderError:
        if answer.status == _NO_METHOD:
            return HandedOver(_elsewhere(account, step))
        if answer.status == _CONFLICT:
            return self._conflict(account, step, answer)
        return fault(answer, sending=True, needs=_NEEDS[step.name])

    def _conflict(self, account: Account, step: Step, answer: Answer) -> ProviderError:
        # The page's list of reasons is lost, so none is assumed: look again once, then say what RSA says.
        is_second = (account.id, step.name) in self._said_no_to
        self._said_no_to.add((account.id, step.name))
        if step.name == DELETE.name and "marked" in dict(account.notes):
            self.kept_in_bin.add(account.id)
        elif is_second:
            said = said_by_the_api(answer)
            known = dict(account.identity) | dict(account.notes)
            private = (account.handle, known.get("login", ""), known.get("name", ""))
            return Refused(f"RSA would not {step.says} (409){hint(said[1] if said else '', *private)}")
        return Conflict("RSA says that the user's state does not allow this now (409)")


def _done(account: Account, step: Step, answer: Answer) -> Sent:
    if step.name == DELETE.name:
        return Sent(SentState.ACCEPTED)
    content = answer.json()
    about = content if isinstance(content, dict) else {}
    if step.name == MARK.name:
        at = time_of(about.get("markDeletedAt"))
        return Sent(SentState.SCHEDULED, at + BIN if at is not None else None)
    if about.get("id") != account.id or about.get("userStatus") != DISABLED:
        raise AnswerLost("RSA did not answer that this user is disabled now")
    return Sent(SentState.ACCEPTED)


def _elsewhere(account: Account, step: Step) -> str:
    source = dict(account.identity).get("organization") or "its identity source"
    if step.name in {DELETE.name, MARK.name}:
        return f"The user is disabled in RSA but not deleted: it is managed by SCIM, so delete it in {source}."
    return f"RSA would not disable the user: it is managed elsewhere, so disable and delete it in {source}."
