"""api.test, auth.test, apps.connections.open."""

import secrets

from sandbox.slack.backend import Backend
from sandbox.slack.methods.arguments import Arguments
from sandbox.slack.people import APP_ID, BOT_ID, TEAM_ID
from sandbox.slack.records import Json, Refused


def api_test(_backend: Backend, args: Arguments) -> Json:
    if args.maybe("error"):
        raise Refused(args.text("error"))
    return {"args": args.values}


def auth_test(backend: Backend, _args: Arguments) -> Json:
    bot = backend.person(backend.state.bot)
    return {
        "url": "https://acme.slack.com/",
        "team": "Acme",
        "user": bot.name,
        "team_id": TEAM_ID,
        "user_id": bot.id,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def connections_open(backend: Backend, _args: Arguments) -> Json:
    """Give out a WebSocket address that opens one connection, once."""
    ticket = secrets.token_urlsafe(12)
    backend.tickets.add(ticket)
    origin = backend.origin.replace("http://", "ws://", 1)
    return {"url": f"{origin}/link/?ticket={ticket}&app_id={APP_ID}"}
