"""The table of what Slack may call: the id on the left, the function on the right."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers import ids
from handlers.answers import Answers
from handlers.brakes import Brakes
from handlers.buttons import Buttons
from handlers.command import Command
from handlers.dialogs import Dialogs
from handlers.directly import Directly
from handlers.domain import Cases
from handlers.home import Home
from handlers.links import Links
from handlers.misread import Misread
from handlers.modal import Modal
from handlers.tasks import Tasks


def register(app: AsyncApp, client: AsyncWebClient, cases: Cases, tasks: Tasks) -> None:
    """Register every listener. `tasks` keeps what they start and must be drained before the client is closed."""
    dialogs, answers = Dialogs(client), Answers(tasks)
    links = Links(cases, client)
    command, modal = Command(cases, dialogs), Modal(cases, links, Directly(client, tasks))
    buttons = Buttons(cases, dialogs, answers, tasks)
    brakes = Brakes(cases, dialogs, answers)
    app.error(Misread(answers).failed)
    app.command(ids.COMMAND)(command.listen)
    views = {
        ids.REQUEST_VIEW: modal.request,
        ids.DECLINE_VIEW: modal.decline,
        ids.MARK_DONE_VIEW: modal.mark_done,
        ids.SKIP_VIEW: modal.skip,
        ids.CHOOSE_VIEW: brakes.chosen,
        ids.RELEASE_VIEW: brakes.released,
        ids.GLASS_VIEW: brakes.broken,
    }
    actions = {
        ids.APPROVE: buttons.approve,
        ids.DECLINE: buttons.decline,
        ids.REVIEW: buttons.review,
        ids.RETRY: buttons.retry,
        ids.MARK_DONE: buttons.mark_done,
        ids.SKIP: buttons.skip,
        ids.STOP: brakes.stop,
        ids.WITHDRAW: brakes.withdraw,
        ids.CHOOSE: brakes.choose,
        ids.RELEASE: brakes.release,
    }
    for callback_id, submitted in views.items():
        app.view(callback_id)(submitted)
    for action_id, pressed in actions.items():
        app.action(action_id)(pressed)
    app.event("app_home_opened")(Home(cases, dialogs, links, tasks).opened)
