"""How each cell of the matrix must end: a few rules for all systems, and the rows in which a vendor differs.

The rules are those of docs/outcomes.md. A read that fails for a passing reason is asked again, so once is harmless; a
read that fails for good, or is answered with a plain no, ends the removal with the word of its stage. A step is sent
again only after a look, and never after a plain no.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.faults.befalling import Befalling
from tests.faults.calls import Call, Stage
from tests.faults.life import CHANGED, NOT_READ

REMOVED, FAILED, REFUSED, MANUAL, UNCONFIRMED = "removed", "failed", "refused", "manual", "unconfirmed"

OF_STAGE: Final = {
    Stage.LOOK: NOT_READ,
    Stage.READ: FAILED,
    Stage.BETWEEN: UNCONFIRMED,
    Stage.CONFIRM: UNCONFIRMED,
    Stage.SEARCH: UNCONFIRMED,
}
"""What a read that cannot be had comes to: before anything was sent, and after."""

PLAIN_NO: Final = frozenset({"redirect", "401", "403", "404", "no such", "405", "409"})
"""Answers to a read that asking again would not change."""

OF_STEP: Final = {
    "redirect": FAILED,
    "400": REFUSED,
    "401": FAILED,
    "403": REFUSED,
    "404": FAILED,
    "no such": FAILED,
    "405": REFUSED,
    "yes, not done": FAILED,
}
"""Answers to a step after which it is not sent again, and what they come to."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row in which one system differs from the rules, and why. An empty `word` is the word of the call's stage.

    `way` is the one way of logging on that it is about; None says all of them.
    """

    kind: str
    calls: tuple[str, ...]
    faults: tuple[str, ...]
    word: str
    why: str
    once: bool = True
    lasting: bool = False
    way: str | None = None

    def is_about(self, call: Call, befalling: Befalling, *, lasting: bool) -> bool:
        if not (self.lasting if lasting else self.once) or self.way not in {None, call.way}:
            return False
        return (call.kind, True, True) == (self.kind, call.name in self.calls, befalling.name in self.faults)


_MISSING: Final = ("404", "no such")
_TWO_WITNESSES: Final = "that is the truth, and the list is the second witness"
_ODD_BODY: Final = ("malformed", "wrong type")
_NO_BODY: Final = "no page gives a successful deletion a body, so none is read: a 200 is a yes, and the looks decide"
_RENEWED: Final = "a session or token that has ended is renewed once"
_LAPSED: Final = "surely not done: a new session or token, then a read, then the step again"
_EM_READS: Final = ("list", "account", "roles", "read", "read roles", "confirm", "confirm by list", "search again")
_LP_READS: Final = ("list", "read", "confirm", "search again")
_LP_LOG_ON: Final = ("host", "token host", "token", "host again", "token again")
_RSA_READS: Final = (
    *("look up", "search", "devices", "read", "read devices", "read between"),
    *("confirm", "confirm by devices", "search again"),
)

DIFFERENCES: Final = (
    Difference("veeam_em", _EM_READS, ("401",), REMOVED, _RENEWED),
    Difference("veeam_em", ("delete",), ("401",), REMOVED, _LAPSED),
    Difference(
        *("veeam_em", ("account", "roles", "read", "read roles"), _MISSING, REMOVED),
        "the list, or the account itself, says otherwise: asked again",
    ),
    Difference("veeam_em", ("confirm",), _MISSING, REMOVED, _TWO_WITNESSES, lasting=True),
    Difference("veeam_em", ("delete",), _ODD_BODY, FAILED, _NO_BODY),
    Difference("veeam_em", ("delete",), ("405",), MANUAL, "this server deletes no accounts over REST"),
    Difference("vspc", ("token", "token again"), ("400",), "", "how OAuth turns a client down"),
    Difference("vspc", ("delete identity",), ("401",), REMOVED, _LAPSED, way="password"),
    Difference(
        *("vspc", ("identities", "read", "read identities", "read between"), ("no such",), REMOVED),
        "what is listed says otherwise: asked again",
    ),
    Difference("vspc", ("confirm",), ("no such",), REMOVED, _TWO_WITNESSES, lasting=True),
    Difference(
        "vspc", ("rules",), ("403",), REMOVED, "rules are only reported, and so is that they are not", lasting=True
    ),
    Difference(
        *("vspc", ("delete identity", "delete identity 2"), ("400", "409"), REMOVED),
        "an identity that the console keeps goes with its user",
    ),
    Difference(
        "vspc", ("delete user",), ("409",), REFUSED, "the console's way to say that a user is in use or protected"
    ),
    Difference(
        *("vspc", ("delete identity", "delete identity 2", "delete user"), ("405",), FAILED),
        "the console has these methods, so the url is another server's",
    ),
    Difference(
        "liveperson", _LP_LOG_ON, ("400",), "", "how the Domain API and the token server turn down what is wrong"
    ),
    Difference(
        *("liveperson", ("list", "read"), ("401",), ""),
        "another signature would be made with the same values",
        way="signed requests",
    ),
    Difference("liveperson", ("delete",), ("401",), FAILED, "the same", way="signed requests"),
    Difference(
        *("liveperson", ("log-on host", "log on", "log on again"), ("400",), ""),
        "how the Domain API and the Login Service turn down what is wrong",
    ),
    Difference("liveperson", _LP_READS, ("401",), REMOVED, _RENEWED),
    Difference("liveperson", ("delete",), ("401",), REMOVED, _LAPSED),
    Difference("liveperson", ("read",), _MISSING, REMOVED, "the list shows the user all the same: looked at again"),
    Difference("liveperson", ("confirm",), _MISSING, REMOVED, _TWO_WITNESSES, lasting=True),
    Difference("liveperson", ("delete",), _ODD_BODY, FAILED, _NO_BODY),
    Difference(
        *("huawei_hss", ("list", "read", "confirm", "whole sight"), ("400",), ""),
        "the service's no to anybody and anything: asking again spends the five calls of a minute",
    ),
    Difference("huawei_hss", ("token",), ("400",), "", "IAM's no to what it is asked: a wrong project or address"),
    Difference("huawei_hss", ("delete",), ("401",), REMOVED, _LAPSED, way="token"),
    Difference("huawei_hss", ("delete",), _ODD_BODY, FAILED, _NO_BODY),
    Difference("rsa_cas", ("token", "token again"), ("400",), "", "how OAuth turns a client down"),
    Difference("rsa_cas", _RSA_READS, ("401",), REMOVED, _RENEWED),
    Difference("rsa_cas", ("disable", "delete"), ("401",), REMOVED, _LAPSED),
    Difference(
        *("rsa_cas", ("devices",), ("403",), CHANGED),
        "shown without devices; when they can be read at the removal, that is more than was approved",
    ),
    Difference("rsa_cas", ("devices",), ("no such",), CHANGED, "as with 403"),
    Difference(
        *("rsa_cas", ("devices",), ("no such",), REMOVED, "never more devices than were approved"),
        once=False,
        lasting=True,
    ),
    Difference(
        *("rsa_cas", ("read devices", "confirm", "confirm by devices"), ("no such",), REMOVED),
        "the user's look-up and its devices are two witnesses; one of them alone says nothing",
        lasting=True,
    ),
    Difference(
        *("rsa_cas", ("look up", "read", "read between"), ("no such",), REMOVED),
        "the search, or the user's name, finds the user all the same",
    ),
    Difference(
        *("rsa_cas", ("look up", "read"), ("no such",), CHANGED),
        "answers by its id and not by its address: another address than was approved",
        once=False,
        lasting=True,
    ),
    Difference("rsa_cas", ("read between",), ("no such",), REFUSED, "the same, after a step", once=False, lasting=True),
    Difference("rsa_cas", ("read devices",), ("403",), REMOVED, "fewer devices than approved are no obstacle"),
    Difference(
        *("rsa_cas", ("devices", "read devices"), ("403",), UNCONFIRMED),
        "without the right to read devices nothing proves that the user is gone",
        once=False,
        lasting=True,
    ),
    Difference("rsa_cas", ("delete",), _ODD_BODY, FAILED, _NO_BODY),
    Difference("rsa_cas", ("disable", "delete"), ("405",), MANUAL, "the user is managed in its source (SCIM)"),
)


def expected(call: Call, befalling: Befalling, *, lasting: bool) -> str:
    """Return the word that a life must end with in which this befalls this call."""
    for row in DIFFERENCES:
        if row.is_about(call, befalling, lasting=lasting):
            return row.word or OF_STAGE[call.stage]
    if call.stage is Stage.CLOSE:
        return REMOVED
    if call.stage is Stage.STEP:
        return _of_lasting_step(call, befalling) if lasting else OF_STEP.get(befalling.name, REMOVED)
    return OF_STAGE[call.stage] if lasting or befalling.name in PLAIN_NO else REMOVED


def _of_lasting_step(call: Call, befalling: Befalling) -> str:
    if befalling.name == "late":
        return REMOVED
    if befalling.name == "refused":
        # Then nothing can be read either; what an earlier step did is not known to have been all.
        return FAILED if call.step == 1 else UNCONFIRMED
    return OF_STEP.get(befalling.name, FAILED)
