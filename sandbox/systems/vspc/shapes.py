"""The console's resources as each client version sees them ("Versioning")."""

from typing import Any, Final

from aiohttp import web

from sandbox.systems.vspc.state import Action, Login, Rule, User, VspcState

Json = dict[str, Any]

_OLDEST_ROLES: Final = frozenset({"PortalAdministrator", "PortalOperator", "CompanyOwner", "CompanyAdministrator"})


def is_old(request: web.Request) -> bool:
    """Up to 3.4 an identity's owner is `userId`, its scopes are one string and later roles read Unknown."""
    version = request.headers.get("X-Client-Version", "3.6.1")
    return version in {"3.0", "3.1", "3.2", "3.3", "3.4"}


def user(about: User, *, old: bool) -> Json:
    return {
        "instanceUid": about.uid,
        "organizationUid": about.organization,
        "userName": about.name,
        "status": about.status,
        "role": "Unknown" if old and about.role not in _OLDEST_ROLES else about.role,
        "mfaPolicyStatus": "Enabled" if about.mfa_code else "Disabled",
        "mfaPolicyConfigurationStatus": "Configured" if about.mfa_code else "NotConfigured",
        "credentials": {"userName": about.name, "password": None},
        "profile": {
            "firstName": about.first,
            "lastName": about.last,
            "title": None,
            "email": about.mail,
            "address": None,
            "phone": None,
        },
    }


def login(about: Login, state: VspcState, *, old: bool) -> Json:
    """An identity; `parameters` is held back, as the key of an API key is shown only once."""
    owner = state.users.get(about.user)
    optional = {} if owner is None else _owner(owner, state)
    named = {} if about.user_name is None else {"userName": about.user_name}
    return (
        optional
        | named
        | {
            "id": about.id,
            "userId" if old else "userUid": about.user,
            "identityProviderName": about.provider,
            "identifierInProvider": about.identifier,
            "description": about.description,
            "isReadAccessOnly": about.read_only,
            "scopes": "rest" if old else ["rest"],
            "status": about.status if owner is None or owner.status == "Enabled" else "disabledDueToUser",
            "creationDate": about.created,
        }
    )


def _owner(owner: User, state: VspcState) -> Json:
    name = state.organizations[owner.organization]
    return {"userName": owner.name, "companyId": owner.organization, "companyName": name}


def rule(about: Rule) -> Json:
    return {
        "id": about.id,
        "name": about.name,
        "sid": f"S-1-5-21-1000-2000-3000-{about.id}",
        "type": about.type,
        "contextType": "Domain",
        "roleType": about.role,
        "enabled": about.enabled,
    }


def action(about: Action) -> Json:
    """The schema AsyncActionsInfo."""
    return {
        "id": about.id,
        "initiatorUid": about.initiator,
        "actionName": about.operation,
        "status": about.status,
    }
