"""users.info, users.lookupByEmail."""

from sandbox.slack.backend import Backend
from sandbox.slack.methods.arguments import Arguments
from sandbox.slack.records import Json, Refused
from sandbox.slack.shapes import user_json


def info(backend: Backend, args: Arguments) -> Json:
    person = backend.state.people.get(args.text("user"))
    if person is None:
        raise Refused("user_not_found")
    return {"user": user_json(person, with_email="users:read.email" in backend.access.scopes)}


def lookup_by_email(backend: Backend, args: Arguments) -> Json:
    """Find who has this address; a deactivated person is not found ("users.lookupByEmail", errors)."""
    wanted = args.text("email").casefold()
    for person in backend.state.people.values():
        if person.email and person.email.casefold() == wanted and not person.deleted:
            return {"user": user_json(person, with_email=True)}
    raise Refused("users_not_found")
