"""The state of one tenant: its users, and what may be done to them when (Cloud Administration APIs)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import uuid4

from sandbox.systems.rsa_cas.directory import Directory, Entry, same
from sandbox.systems.rsa_cas.refusal import conflict, not_found, refusal, scim_managed
from sandbox.systems.rsa_cas.users import Mark, SourceType, Status, User

BIN_SECONDS = 7 * 24 * 3600
"""How long a user stays marked for deletion (Mark User Deleted API)."""


@dataclass(slots=True)
class Switches:
    """What the pages leave open. Every value here is inferred; tests try both sides."""

    newest_of_duplicates: bool = False  # which of two users with one address a lookup answers with
    same_status_is_conflict: bool = True
    scim_before_enabled: bool = True  # which refusal comes first for an enabled SCIM user
    marked_blocks_delete: bool = False
    same_id_when_added_again: bool = False
    sync_enables: bool = True


@dataclass(slots=True)
class Cloud:
    """Users by id. `gone` remembers the removed ones, so that a question about them can be journalled.

    `now` is epoch seconds everywhere.
    """

    directory: Directory = field(default_factory=Directory)
    switches: Switches = field(default_factory=Switches)
    users: dict[str, User] = field(default_factory=dict)
    gone: dict[str, User] = field(default_factory=dict)

    def lookup(self, now: float, *, email: str = "", username: str = "", unsynched: bool = False) -> User:
        """Return one user by exact address or user name. `unsynched` copies the person in first: it is no read."""
        key = email or username
        found = [user for user in self.users.values() if same(user.email if email else user.username, key)]
        if found:
            return found[-1] if self.switches.newest_of_duplicates else found[0]
        entry = self.directory.anywhere(key) if unsynched else None
        if entry is None:
            raise not_found(key)
        return self._copy_in(entry, now)

    def search(self, like: str) -> list[User]:
        """Return every user whose address contains `like`, sorted by address."""
        found = [user for user in self.users.values() if like.casefold() in user.email.casefold()]
        return sorted(found, key=lambda user: (user.email.casefold(), user.id))

    def get(self, user_id: str) -> User:
        found = self.users.get(user_id)
        if found is None:
            raise not_found(user_id)
        return found

    def set_status(self, user_id: str, status: Status) -> bool:
        """Enable or disable; False if nothing changed."""
        user = self.get(user_id)
        if user.mark is not None:
            raise conflict("The user is pending deletion.")
        if user.status is status and self.switches.same_status_is_conflict:
            raise conflict(f"The user is already {status.value}.")
        changed = user.status is not status
        user.status = status
        return changed

    def mark(self, user_id: str, now: float, *, wanted: bool, by: str) -> User:
        """Put a disabled user in the seven-day bin, or take it out (Mark User Deleted API)."""
        user = self.get(user_id)
        self._removable(user)
        if wanted == (user.mark is not None):
            raise conflict("The user is already pending deletion." if wanted else "The user is not pending.")
        user.mark = Mark(now, by) if wanted else None
        return user

    def delete(self, user_id: str) -> None:
        """Remove a disabled user with all devices at once (Delete User Now API)."""
        user = self.get(user_id)
        self._removable(user)
        if user.mark is not None and self.switches.marked_blocks_delete:
            raise conflict("The user is already marked for deletion.")
        self._remove(user)

    def delete_device(self, user_id: str, device_id: str) -> None:
        user = self.get(user_id)
        kept = [device for device in user.devices if device.id != device_id]
        if len(kept) == len(user.devices):
            raise refusal(404, f"Device {device_id} not found")
        user.devices = kept

    def synchronize(self, user_id: str, now: float) -> User:
        """Read the user's directory entry again; it may set the status back (inferred)."""
        user = self.get(user_id)
        if user.source.type is not SourceType.DIRECTORY:
            raise refusal(400, "The identity source cannot be synchronized.")
        entry = self.directory.entry(user.source, user.email)
        if entry is None or not entry.enabled:
            user.status = Status.DISABLED
        elif self.switches.sync_enables:
            user.status = Status.ENABLED
        user.synced = now
        return user

    def synchronize_all(self, now: float) -> list[User]:
        """Copy in everybody who is in a directory and not here, deleted users included; return those added."""
        return [self._copy_in(entry, now) for entry in list(self._missing())]

    def purge(self, now: float) -> None:
        """Do what the bulk job does: remove users who were marked seven days ago."""
        for user in list(self.users.values()):
            if user.mark is not None and user.mark.at + BIN_SECONDS <= now:
                self._remove(user)

    def _removable(self, user: User) -> None:
        scim, enabled = user.source.type is SourceType.SCIM, user.status is Status.ENABLED
        if scim and (self.switches.scim_before_enabled or not enabled):
            raise scim_managed()
        if enabled:
            raise conflict("The user is not disabled.")

    def _remove(self, user: User) -> None:
        del self.users[user.id]
        self.gone[user.id] = user

    def _missing(self) -> Iterator[Entry]:
        here = {(user.source.name, user.email.casefold()) for user in self.users.values()}
        for entry in self.directory.entries:
            if not entry.filtered and (entry.source.name, entry.email.casefold()) not in here:
                yield entry

    def _copy_in(self, entry: Entry, now: float) -> User:
        same_id = entry.last_id and self.switches.same_id_when_added_again
        entry.last_id = entry.last_id if same_id else str(uuid4())
        status = Status.ENABLED if entry.enabled else Status.DISABLED
        user = User(entry.last_id, entry.email, entry.first, entry.last, entry.source, entry.username, now, status)
        self.gone.pop(user.id, None)
        self.users[user.id] = user
        return user

    def formerly(self, key: str) -> str | None:
        """Return the id of the newest removed user with this address or user name."""
        former = [user.id for user in self.gone.values() if same(user.email, key) or same(user.username, key)]
        return former[-1] if former else None
