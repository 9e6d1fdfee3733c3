"""What a person must know about a user of the console before deciding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.model import Finding, Match, Word, fold
from providers.vspc.shapes import Identity, User

_FOR_A_PERSON = {
    "CompanyOwner": "the owner of a company goes only with the company; a Portal Administrator must settle that",
    "ResellerOwner": "the owner of a reseller goes only with the reseller; a Portal Administrator must settle that",
    "CompanyTenant": "a tenant owns backup resources; a Portal Administrator must settle that in the console",
    "CompanySubtenant": "a subtenant's backup resources would go too; a person must settle that in the console",
    "Unknown": "the console names a role here that we do not know",
}


def about_user(
    user: User, identities: Sequence[Identity], match: Match, *, is_own: bool, is_last: bool
) -> tuple[Finding, ...]:
    """Return the findings about one user, the gravest first.

    Owners: "Managing Company Owners"; tenants and subtenants: "Removing Company Users". A user of whom only a derived
    name is known, and no mail, is a weak match: a prefix does not say whose mail domain it stands for.
    """
    return tuple(_of_user(user, identities, match, is_own=is_own, is_last=is_last))


def _of_user(
    user: User, identities: Sequence[Identity], match: Match, *, is_own: bool, is_last: bool
) -> Iterator[Finding]:
    if is_own:
        yield Finding("this is the user that the bot itself works as", stops=Word.REFUSED)
    if is_last:
        yield Finding("no other person here is a Portal Administrator", stops=Word.REFUSED)
    if user.role in _FOR_A_PERSON:
        yield Finding(_FOR_A_PERSON[user.role], stops=Word.MANUAL)
    if match is Match.DERIVED:
        yield Finding("only the log-in name fits, and the user has no mail address to compare", stops=Word.MANUAL)
    if any(identity.has_scopes for identity in identities):
        yield Finding("an API key is among the identities; a program may be running on it")


def about_rules(rules: Sequence[str] | None, names: Mapping[str, Match]) -> tuple[Finding, ...]:
    """Return what the rules for Windows users say about these names. None: the rules could not be read.

    A rule may be a group, so it is told and never touched ("Administrator Portal Users").
    """
    if rules is None:
        return (Finding("the rules that let Windows users into the administrator portal cannot be read with this key"),)
    wanted = {fold(name) for name in names}
    text = "the rule “{}” lets them into the administrator portal; take it away there"
    return tuple(Finding(text.format(rule), stops=Word.MANUAL) for rule in rules if fold(rule) in wanted)
