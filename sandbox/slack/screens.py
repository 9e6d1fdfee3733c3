"""What each person has open: the stack of modals, and the Home tab. Views keep what was typed over an update."""

import secrets
from collections.abc import Callable
from dataclasses import replace

from sandbox.slack.feed import Feed
from sandbox.slack.inputs import initial_state, kept_state
from sandbox.slack.normal import normal_blocks, text_in
from sandbox.slack.records import Json, Refused, View

STACK_LIMIT = 3
"""Modals one above the other ("Modals", view stack)."""


class Screens:
    def __init__(self, feed: Feed, clock: Callable[[], float]) -> None:
        self._feed = feed
        self._clock = clock
        self._views: dict[str, View] = {}
        self._stacks: dict[str, list[str]] = {}
        self._homes: dict[str, str] = {}
        self.published: dict[str, int] = {}
        self._made = 0

    def stack(self, user: str) -> list[View]:
        """Return this person's open modals, the lowest first."""
        return [self._views[view_id] for view_id in self._stacks.get(user, [])]

    def top(self, user: str) -> View | None:
        return next(iter(reversed(self.stack(user))), None)

    def home(self, user: str) -> View | None:
        return self._views[self._homes[user]] if user in self._homes else None

    def open_view(self, view_id: str) -> View | None:
        """Return the view if it is still on somebody's screen."""
        view = self._views.get(view_id)
        on_screen = view is not None and (view in self.stack(view.opened_for) or view == self.home(view.opened_for))
        return view if on_screen else None

    def by_external_id(self, external_id: str) -> View | None:
        stacks = (self.stack(user) for user in self._stacks)
        return next((v for views in stacks for v in views if v.external_id == external_id), None)

    def open(self, user: str, payload: Json) -> View:
        """Show a first modal; whatever stack the person had open is gone."""
        view = self._make(user, payload)
        self._stacks[user] = [view.id]
        return self._keep(replace(view, root_id=view.id))

    def push(self, user: str, payload: Json) -> View:
        """Show a modal above the open one. Raise `Refused` when none is open or three are."""
        below = self.top(user)
        if below is None:
            raise Refused("not_found")
        if len(self._stacks[user]) >= STACK_LIMIT:
            raise Refused("push_limit_reached")
        view = self._make(user, payload)
        self._stacks[user].append(view.id)
        return self._keep(replace(view, root_id=below.root_id, previous_id=below.id))

    def publish(self, user: str, payload: Json) -> View:
        known = self.home(user)
        view = self._make(user, payload)
        view = replace(view, id=known.id if known else view.id)
        self._homes[user] = view.id
        self.published[user] = self.published.get(user, 0) + 1
        return self._keep(replace(view, root_id=view.id))

    def update(self, old: View, payload: Json) -> View:
        """Put new content into an open view; inputs with the same block and action ids keep what was entered."""
        view = self._make(old.opened_for, payload)
        state = kept_state(view.blocks, old.state)
        view = replace(view, id=old.id, root_id=old.root_id, previous_id=old.previous_id, state=state)
        return self._keep(view)

    def enter(self, view: View, state: dict[str, dict[str, Json]]) -> View:
        """Remember what the person has entered so far."""
        return self._keep(replace(view, state=state))

    def close(self, view: View) -> None:
        """Take the view off the screen, and every one above it."""
        stack = self._stacks.get(view.opened_for, [])
        if view.id in stack:
            del stack[stack.index(view.id) :]
        self._feed.changed()

    def clear(self, user: str) -> None:
        self._stacks[user] = []
        self._feed.changed()

    def _keep(self, view: View) -> View:
        self._views[view.id] = view
        self._feed.changed()
        return view

    def _make(self, user: str, payload: Json) -> View:
        self._made += 1
        blocks = normal_blocks(payload["blocks"])
        return View(
            id=f"V0{self._made:06d}",
            hash=f"{int(self._clock())}.{secrets.token_hex(4)}",
            type=payload["type"],
            callback_id=payload.get("callback_id", ""),
            blocks=blocks,
            opened_for=user,
            private_metadata=payload.get("private_metadata", ""),
            state=initial_state(blocks),
            title=text_in(payload.get("title")),
            submit=text_in(payload.get("submit")),
            close=text_in(payload.get("close")),
            external_id=payload.get("external_id", ""),
            clear_on_close=bool(payload.get("clear_on_close")),
            notify_on_close=bool(payload.get("notify_on_close")),
        )
