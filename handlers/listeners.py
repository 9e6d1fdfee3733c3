"""The table of what Slack may call: the id on the left, the function on the right."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers import ids
from handlers.answers import Answers
from handlers.brakes import Brakes
from handlers.buttons import Buttons
from handlers.calls import Calls
from handlers.codes import Codes
from handlers.command import Command
from handlers.confirmations import Confirmations
from handlers.dialogs import Dialogs
from handlers.directly import Directly
from handlers.domain import Cases
from handlers.home import Home
from handlers.links import Links
from handlers.members import Members
from handlers.misread import Misread
from handlers.modal import Modal
from handlers.origins import OriginGuard
from handlers.reviews import Reviews
from handlers.tasks import Tasks


def register(app: AsyncApp, client: AsyncWebClient, cases: Cases, tasks: Tasks) -> None:
    """Register every listener. `tasks` keeps what they start and must be drained before the client is closed."""
    dialogs, answers, links = Dialogs(client, cases), Answers(tasks), Links(cases, client)
    command, modal = Command(cases, dialogs), Modal(cases, links, Directly(client, tasks))
    codes = Codes(cases, dialogs, tasks)
    buttons = Buttons(cases, dialogs, codes, answers, tasks)
    brakes, reviews = Brakes(cases, dialogs, answers), Reviews(cases, dialogs, answers)
    calls, confirmations = Calls(cases, dialogs, answers), Confirmations(cases, dialogs, answers, tasks)
    app.error(Misread(cases, answers, tasks).failed)
    app.command(ids.COMMAND)(command.listen)
    _hear(app, Home(cases, dialogs, links, tasks), Members(cases, tasks))
    guard = OriginGuard(cases, answers)
    _listen_to_forms(app, guard, modal, brakes, codes, calls, reviews)
    _listen_to_buttons(app, guard, buttons, reviews, brakes, calls, confirmations)


def _hear(app: AsyncApp, home: Home, members: Members) -> None:
    """Register events, which carry no decisions."""
    app.event("app_home_opened")(home.opened)
    app.event("member_joined_channel")(members.joined)


def _listen_to_forms(
    app: AsyncApp, guard: OriginGuard, modal: Modal, brakes: Brakes, codes: Codes, calls: Calls, reviews: Reviews
) -> None:
    """Register forms, each behind the check that it was opened for its sender."""
    views = {
        ids.REQUEST_VIEW: modal.request,
        ids.DECLINE_VIEW: modal.decline,
        ids.MARK_DONE_VIEW: modal.mark_done,
        ids.SKIP_VIEW: modal.skip,
        ids.CHOOSE_VIEW: brakes.chosen,
        ids.RELEASE_VIEW: brakes.released,
        ids.GLASS_VIEW: brakes.broken,
        ids.CODE_VIEW: codes.given,
        ids.GO_ON_VIEW: calls.went_on,
        ids.PLAN_VIEW: reviews.next_page,
    }
    for callback_id, submitted in views.items():
        app.view(callback_id)(guard.submission(callback_id, submitted))


def _listen_to_buttons(
    app: AsyncApp,
    guard: OriginGuard,
    buttons: Buttons,
    reviews: Reviews,
    brakes: Brakes,
    calls: Calls,
    confirmations: Confirmations,
) -> None:
    """Register buttons, each behind the check that it stands in a message or dialog of ours."""
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
    for action_id, pressed in actions.items():
        app.action(action_id)(guard.press(action_id, pressed))
