"""The users of one LivePerson account and the one revision number they share (Users API, Appendix: Data Revisions)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

Entity = dict[str, object]

AGENT, AGENT_MANAGER, ADMINISTRATOR, USERS_ONLY = 4100100099, 4100100098, 4100100097, 4100100096
"""Profile ids; what somebody is depends on the profiles that they hold."""

SYSTEM, HUMAN, BOT = 0, 1, 2
"""`userTypeId` (Users API, Appendix)."""

OF_AGENTS = ("maxChats", "maxAsyncChats", "memberOf", "skillIds")
OF_MANAGERS = ("managerOf",)
KEPT = ("id", "pid", "deleted", "lastPwdChangeDate")
NEVER_STORED = ("passwordSh", "oldPassword", "confirmPassword", "dateUpdated")


def profiles(entity: Entity) -> set[int]:
    """Return the profile ids; numbers and quoted numbers are the same."""
    listed = entity.get("profileIds")
    return {int(str(one)) for one in listed} if isinstance(listed, list) else set()


def truth(value: object) -> bool:
    """Return what a boolean says, bare or quoted."""
    return str(value).casefold() == "true"


@dataclass(slots=True)
class Users:
    """Every user by id, tombstones included. Any change to any of them raises `revision`; `now` is epoch seconds.

    `lag` is how many seconds the read-only host is behind (inferred that it may be); 0 keeps no past.
    """

    revision: int = 73120
    lag: float = 0.0
    rows: dict[int, Entity] = field(default_factory=dict)
    past: list[tuple[float, int, dict[int, Entity]]] = field(default_factory=list)

    def bump(self) -> None:
        """Raise the revision, as any change anywhere in the account does."""
        self.revision += 1

    def add(self, entity: Entity) -> None:
        self.rows[int(str(entity["id"]))] = entity
        self.bump()

    def living(self) -> list[Entity]:
        return [entity for entity in self.rows.values() if not entity["deleted"]]

    def alive(self, user_id: int) -> Entity | None:
        """Return the user, None for a tombstone."""
        found = self.rows.get(user_id)
        return None if found is None or found["deleted"] else found

    def delete(self, ids: Iterable[int], now: float) -> None:
        """Turn users into tombstones: one change, one revision."""
        self._change({one: {**self.rows[one], "deleted": True} for one in ids}, now)

    def replace(self, user_id: int, body: Entity, now: float) -> Entity:
        """Put `body` in the place of the user: what it leaves out is gone (Users API, Appendix)."""
        before = self.rows[user_id]
        after = {name: value for name, value in body.items() if name not in (*KEPT, *NEVER_STORED)}
        after = {**{name: before[name] for name in KEPT if name in before}, **after}
        _follow_enabling(before, after)
        _follow_profiles(before, after)
        self._change({user_id: after}, now)
        return self.rows[user_id]

    def edit(self, user_id: int, now: float, **fields: object) -> None:
        """Change a user as somebody in the vendor's console would, between two calls of the client."""
        self._change({user_id: {**self.rows[user_id], **fields}}, now)

    def login_taken(self, login: object, besides: int) -> bool:
        """Say whether a living user other than `besides` has the log-in; a tombstone's is free again (inferred)."""
        wanted = str(login).casefold()
        others = (entity for entity in self.living() if entity["id"] != besides)
        return any(str(entity.get("loginName", "")).casefold() == wanted for entity in others)

    def seen_late(self, now: float) -> "Users":
        """Return the users as the read-only host shows them."""
        for until, revision, rows in self.past:
            if now - self.lag < until:
                return Users(revision, 0.0, rows)
        return self

    def _change(self, changed: dict[int, Entity], now: float) -> None:
        if self.lag:
            self.past.append((now, self.revision, dict(self.rows)))
        day = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M:%S")
        self.rows.update({user_id: {**entity, "dateUpdated": day} for user_id, entity in changed.items()})
        self.bump()


def _follow_enabling(before: Entity, after: Entity) -> None:
    """`isEnabled` that changes alone sets `disabledManually` to its opposite (Users API, Appendix)."""
    changed = truth(before.get("isEnabled")) != truth(after.get("isEnabled"))
    if changed and "disabledManually" not in after:
        after["disabledManually"] = not truth(after.get("isEnabled"))


def _follow_profiles(before: Entity, after: Entity) -> None:
    """Leaving a role takes its fields away (Users API, Appendix)."""
    left = profiles(before) - profiles(after)
    for profile, fields in ((AGENT, OF_AGENTS), (AGENT_MANAGER, OF_MANAGERS)):
        if profile in left:
            for name in fields:
                after.pop(name, None)
