"""The table of what Slack may call: the id on the left, the function on the right."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers import ids
from handlers.answers import Answers
from handlers.brakes import Brakes
from handlers.buttons import Buttons
from handlers.calls import Calls
from handlers.command import Command
from handlers.confirmations import Confirmations
from handlers.dialogs import Dialogs
from handlers.directly import Directly
from handlers.domain import Cases
from handlers.home import Home
from handlers.links import Links
from handlers.misread import Misread
from handlers.modal import Modal
from handlers.reviews import Reviews
from handlers.tasks import Tasks

Listener = Callable[..., Awaitable[None]]


def register(app: AsyncApp, client: AsyncWebClient, cases: Cases, tasks: Tasks) -> None:
    """Register every listener. `tasks` keeps what they start and must be drained before the client is closed."""
    dialogs, answers = Dialogs(client), Answers(tasks)
    links = Links(cases, client)
    command, modal = Command(cases, dialogs), Modal(cases, links, Directly(client, tasks))
    buttons = Buttons(cases, dialogs, answers, tasks)
    brakes, reviews = Brakes(cases, dialogs, answers), Reviews(cases, dialogs, answers)
    calls, confirmations = Calls(cases, dialogs, answers), Confirmations(cases, dialogs, answers, tasks)
    app.error(Misread(cases, answers, tasks).failed)
    app.command(ids.COMMAND)(command.listen)
    views = {
        ids.REQUEST_VIEW: modal.request,
        ids.DECLINE_VIEW: modal.decline,
        ids.MARK_DONE_VIEW: modal.mark_done,
        ids.SKIP_VIEW: modal.skip,
        ids.CHOOSE_VIEW: brakes.chosen,
        ids.RELEASE_VIEW: brakes.released,
        ids.GLASS_VIEW: brakes.broken,
        ids.GO_ON_VIEW: calls.went_on,
        ids.PLAN_VIEW: reviews.next_page,
    }
    actions = {
        ids.APPROVE: buttons.approve,
        ids.DECLINE: buttons.decline,
        ids.REVIEW: reviews.pressed,
        ids.RETRY: buttons.retry,
        ids.MARK_DONE: buttons.mark_done,
        ids.SKIP: buttons.skip,
        ids.STOP: brakes.stop,
        ids.CANCEL: brakes.cancel,
        ids.WITHDRAW: brakes.withdraw,
        ids.CHOOSE: brakes.choose,
        ids.RELEASE: brakes.release,
        ids.ASK_AGAIN: calls.ask_again,
        ids.GO_ON: calls.go_on,
        ids.NOTHING_TO_REMOVE: confirmations.nothing_to_remove,
        ids.CORRECT_ADDRESS: confirmations.correct_address,
    }
    app.event("app_home_opened")(Home(cases, dialogs, links, tasks).opened)
    _listen(app, views, actions)


def _listen(app: AsyncApp, views: Mapping[str, Listener], actions: Mapping[str, Listener]) -> None:
    for callback_id, submitted in views.items():
        app.view(callback_id)(submitted)
    for action_id, pressed in actions.items():
        app.action(action_id)(pressed)
