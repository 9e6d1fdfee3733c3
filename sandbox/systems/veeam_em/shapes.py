"""Enterprise Manager's documents: each is one tree, written as XML or as JSON.

"Resource Representations": element names are the JSON keys, XML attributes become plain keys, collections become
arrays under a plural key. That accounts follow the rule in JSON is inferred; the XML is documented.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from aiohttp import web

from sandbox.systems.veeam_em.state import ROLES, EmAccount, Session, Task

NAMESPACE: Final = "http://www.veeam.com/ent/v1.0"

Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Node:
    """An element. `leaves` are child elements with text, `singles` with structure, `lists` are JSON arrays.

    `lists` maps (XML wrapper or "" for none, JSON key) to the nodes.
    """

    tag: str
    attributes: Attributes = field(default_factory=dict)
    leaves: dict[str, str | bool | int | None] = field(default_factory=dict)
    lists: dict[tuple[str, str], list["Node"]] = field(default_factory=dict)
    singles: tuple["Node", ...] = ()

    def json(self) -> dict[str, Any]:
        children = {key: [node.json() for node in nodes] for (_, key), nodes in self.lists.items()}
        return children | dict(self.attributes) | self.leaves | {node.tag: node.json() for node in self.singles}

    def xml(self) -> Element:
        element = Element(self.tag, self.attributes)
        for (wrapper, _), nodes in self.lists.items():
            holder = SubElement(element, wrapper) if wrapper else element
            holder.extend(node.xml() for node in nodes)
        element.extend(node.xml() for node in self.singles)
        for tag, value in self.leaves.items():
            if value is not None:
                SubElement(element, tag).text = str(value).lower() if isinstance(value, bool) else str(value)
        return element


def wants_json(request: web.Request) -> bool:
    """A list that merely contains application/json gets JSON too, as a public report shows."""
    return "application/json" in request.headers.get("Accept", "")


def document(request: web.Request, node: Node, status: int = 200) -> web.Response:
    if wants_json(request):
        return _response(json.dumps(node.json(), ensure_ascii=False), "application/json", status)
    root = node.xml()
    root.set("xmlns", NAMESPACE)
    return _response(tostring(root, encoding="unicode"), "application/xml", status)


def error(request: web.Request, status: int, message: str) -> web.Response:
    """The two captured shapes of an error: attributes in XML, five keys in JSON."""
    if wants_json(request):
        keys = {"FirstChanceExceptionMessage": None, "Message": message, "StackTrace": None, "Status": None}
        return _response(json.dumps(keys | {"StatusCode": status}), "application/json", status)
    root = Element("Error", {"xmlns": NAMESPACE, "Message": message, "StatusCode": str(status)})
    SubElement(root, "FirstChanceExceptionMessage").text = message
    return _response(tostring(root, encoding="unicode"), "application/xml", status)


def _response(text: str, content_type: str, status: int) -> web.Response:
    response = web.Response(text=text, content_type=content_type, charset="utf-8", status=status)
    response.headers["Server"] = "Microsoft-HTTPAPI/2.0"
    return response


def links(*each: Attributes) -> dict[tuple[str, str], list[Node]]:
    return {("Links", "Links"): [Node("Link", one) for one in each]}


def reference(root: str, account: EmAccount) -> Node:
    href = f"{root}/security/accounts/{account.id}"
    about = {"UID": _urn(account), "Name": account.name, "Href": href, "Type": "EnterpriseAccountReference"}
    entity = {"Rel": "Alternate", "Type": "EnterpriseAccount", "Href": f"{href}?format=Entity"}
    return Node("Ref", about, lists=links(entity))


def references(root: str, accounts: Iterable[EmAccount]) -> Node:
    return Node("EntityReferences", lists={("", "Refs"): [reference(root, account) for account in accounts]})


def entity(root: str, account: EmAccount) -> Node:
    href = f"{root}/security/accounts/{account.id}"
    about = {"UID": _urn(account), "Name": account.name, "Href": f"{href}?format=Entity", "Type": "EnterpriseAccount"}
    roles = {"Rel": "Down", "Type": "EnterpriseAccountInRoleList", "Href": f"{href}/roles"}
    leaves: dict[str, str | bool | int | None] = {
        "AccountType": account.type,
        "AllowRestoreAllVms": account.restore_all,
    }
    settings = (
        Node("FlrSettings", leaves={"FlrInplaceOnly": False, "FlrExtentionRestrictions": ""}),
        Node("SqlSettings", leaves={"DenyInPlaceRestore": False}),
    )
    return Node("EnterpriseAccount", about, leaves, links({"Rel": "Delete", "Href": href}, roles), settings)


def role_list(root: str, account: EmAccount) -> Node:
    nodes = [_held(f"{root}/security/accounts/{account.id}/roles/{ROLES[name]}", name) for name in account.roles]
    return Node("EnterpriseAccountInRoleList", lists={("", "EnterpriseAccountInRoles"): nodes})


def _held(href: str, name: str) -> Node:
    about = {"Href": href, "Type": "EnterpriseAccountInRole"}
    return Node("EnterpriseAccountInRole", about, {"RoleName": name}, links({"Rel": "Delete", "Href": href}))


def all_roles(root: str) -> Node:
    nodes = [
        Node("Ref", {"UID": f"urn:veeam:EnterpriseRole:{id_}", "Name": name, "Href": f"{root}/security/roles/{id_}"})
        for name, id_ in ROLES.items()
    ]
    return Node("EntityReferences", lists={("", "Refs"): nodes})


def scopes(root: str, account: EmAccount) -> Node:
    href = f"{root}/security/accounts/{account.id}/scopes"
    return Node("EnterpriseAccountHierarchyScopes", {"Href": href}, lists={("", "HierarchyScopes"): []})


def logon(root: str, session: Session) -> Node:
    href = f"{root}/logonSessions/{session.id}"
    about = {"Type": "LogonSession", "Href": href}
    leaves: dict[str, str | bool | int | None] = {"UserName": session.user, "SessionId": session.id}
    return Node("LogonSession", about, leaves, links({"Rel": "Delete", "Type": "LogonSession", "Href": href}))


def logons(root: str, sessions: Iterable[Session]) -> Node:
    return Node("LogonSessions", lists={("", "LogonSessions"): [logon(root, session) for session in sessions]})


def task(root: str, about: Task) -> Node:
    """Running at the first look, finished with a result at the second ("Tasks")."""
    done = about.looked > 1
    leaves: dict[str, str | bool | int | None] = {"TaskId": about.id, "State": "Finished" if done else "Running"}
    result = Node("Result", leaves={"Success": True, "Message": "Ok"})
    href = f"{root}/tasks/{about.id}"
    return Node("Task", {"Type": "Task", "Href": href}, leaves, singles=(result,) if done else ())


def hub(root: str) -> Node:
    """The page that needs no log-on ("/api")."""
    create = {"Rel": "Create", "Type": "LogonSession", "Href": f"{root}/sessionMngr/?v=latest"}
    down = {"Rel": "Down", "Type": "LogonSessionList", "Href": f"{root}/logonSessions"}
    versions = [Node("SupportedVersion", {"Name": name}) for name in ("v1_5", "v1_6", "v1_7")]
    return Node("EnterpriseManager", lists=links(down, create) | {("SupportedVersions", "SupportedVersions"): versions})


def security_hub(root: str) -> Node:
    accounts = {"Rel": "Down", "Type": "EnterpriseAccountList", "Href": f"{root}/security/accounts"}
    roles = {"Rel": "Down", "Type": "EnterpriseRoleList", "Href": f"{root}/security/roles"}
    return Node("EnterpriseSecurity", lists=links(accounts, roles))


def _urn(account: EmAccount) -> str:
    return f"urn:veeam:EnterpriseAccount:{account.id}"
