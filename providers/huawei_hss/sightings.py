"""What the list of cloud accounts shows of one leaver: the assigned accounts, and whatever else bears their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.model import Finding, Key, Leaver, Word, fold
from providers.huawei_hss.rows import Row


@dataclass(frozen=True, slots=True)
class Sightings:
    """One whole list, compared with the account ids that the operator assigned to the leaver's keys."""

    rows: tuple[Row, ...]
    leaver: Leaver
    assigned: Mapping[str, tuple[Key, ...]]

    @property
    def found(self) -> tuple[tuple[tuple[Row, ...], tuple[Key, ...]], ...]:
        """The rows of each assigned account that is listed, with the keys that it is assigned to."""
        keys = {fold(account_id): keys for account_id, keys in self.assigned.items()}
        own = dict.fromkeys(row.account_id for row in self.rows if fold(row.account_id) in keys)
        return tuple((_of(self.rows, account_id), keys[fold(account_id)]) for account_id in own)

    @property
    def missing(self) -> frozenset[str]:
        """The assigned ids that no row bears."""
        listed = {fold(row.account_id) for row in self.rows}
        return frozenset(account_id for account_id in self.assigned if fold(account_id) not in listed)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What only a person can decide: accounts that bear an assigned id, or a key, as their name."""
        named = {fold(account_id) for account_id in self.missing}
        wrong = (f"“{name}” is assigned as an id and is a cloud account's name" for name in self._bearing(named))
        keys = {fold(key.value) for key in self.leaver.keys}
        alike = (f"The cloud account “{name}” bears a log-in of this person" for name in self._bearing(keys))
        text = ": somebody has to say whose it is, and the operator to assign its id."
        return tuple(Finding(one + text, Word.MANUAL) for one in (*wrong, *alike))

    @property
    def other_names(self) -> Sequence[str]:
        """The names of the accounts that are not assigned to the leaver."""
        return tuple(dict.fromkeys(row.account_name for row in self._others()))

    @property
    def size(self) -> int:
        """How many cloud accounts are listed."""
        return len({row.account_id for row in self.rows})

    def _bearing(self, names: set[str]) -> list[str]:
        return [name for name in self.other_names if fold(name) in names]

    def _others(self) -> tuple[Row, ...]:
        own = {fold(account_id) for account_id in self.assigned}
        return tuple(row for row in self.rows if fold(row.account_id) not in own)


def _of(rows: Sequence[Row], account_id: str) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.account_id == account_id)
