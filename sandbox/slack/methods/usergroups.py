"""usergroups.list, usergroups.users.list."""

from sandbox.slack.backend import Backend
from sandbox.slack.methods.arguments import Arguments
from sandbox.slack.people import TEAM_ID
from sandbox.slack.records import Json, Refused


def list_groups(backend: Backend, args: Arguments) -> Json:
    return {"usergroups": [_group(backend, args, group) for group in backend.state.groups]}


def users_list(backend: Backend, args: Arguments) -> Json:
    group = args.text("usergroup")
    if group not in backend.state.groups:
        raise Refused("no_such_subteam")
    return {"users": list(backend.state.groups[group])}


def _group(backend: Backend, args: Arguments, group: str) -> Json:
    users = backend.state.groups[group]
    handle = backend.state.seed.handle_of(group)
    shape: Json = {
        "id": group,
        "team_id": TEAM_ID,
        "is_usergroup": True,
        "is_external": False,
        "name": handle.capitalize(),
        "handle": handle,
        "description": "",
        "date_delete": 0,
    }
    if args.flag("include_users"):
        shape["users"] = list(users)
    return shape | ({"user_count": len(users)} if args.flag("include_count") else {})
