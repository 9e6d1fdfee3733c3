"""views.open, views.push, views.update, views.publish."""

from sandbox.slack.backend import Backend
from sandbox.slack.lint.view import check_view
from sandbox.slack.methods.arguments import Arguments, invalid
from sandbox.slack.records import Json, Refused, View
from sandbox.slack.shapes import view_json


def open_view(backend: Backend, args: Arguments) -> Json:
    user = backend.triggers.user_of(args.text("trigger_id"))
    payload = _checked(backend, "views.open", args, "modal")
    view = backend.screens.open(user, payload)
    backend.triggers.exchange(args.text("trigger_id"))
    return {"view": view_json(view)}


def push(backend: Backend, args: Arguments) -> Json:
    user = backend.triggers.user_of(args.text("trigger_id"))
    payload = _checked(backend, "views.push", args, "modal")
    view = backend.screens.push(user, payload)
    backend.triggers.exchange(args.text("trigger_id"))
    return {"view": view_json(view)}


def update(backend: Backend, args: Arguments) -> Json:
    """Put new content into an open view; a closed one is `not_found`, an outdated hash `hash_conflict`."""
    known = _named(backend, args)
    if known is None:
        raise Refused("not_found")
    _same_hash(args, known)
    payload = _checked(backend, "views.update", args, known.type, known)
    return {"view": view_json(backend.screens.update(known, payload))}


def publish(backend: Backend, args: Arguments) -> Json:
    user = args.text("user_id")
    if user not in backend.state.people:
        raise invalid("invalid `user_id`")
    known = backend.screens.home(user)
    if known is not None:
        _same_hash(args, known)
    payload = _checked(backend, "views.publish", args, "home", known)
    return {"view": view_json(backend.screens.publish(user, payload))}


def _named(backend: Backend, args: Arguments) -> View | None:
    if bool(args.maybe("view_id")) == bool(args.maybe("external_id")):
        raise invalid("[ERROR] give exactly one of view_id and external_id")
    if args.maybe("view_id"):
        return backend.screens.open_view(args.text("view_id"))
    return backend.screens.by_external_id(args.text("external_id"))


def _same_hash(args: Arguments, known: View) -> None:
    if args.maybe("hash") not in {None, known.hash}:
        raise Refused("hash_conflict")


def _checked(backend: Backend, method: str, args: Arguments, kind: str, known: View | None = None) -> Json:
    payload = args.json("view")
    refusal = check_view(method, payload, kind, backend.inspection)
    if refusal is not None:
        raise refusal
    external_id = payload.get("external_id")
    twin = backend.screens.by_external_id(external_id) if external_id else None
    if twin is not None and (known is None or twin.id != known.id):
        raise Refused("duplicate_external_id")
    return dict(payload)
