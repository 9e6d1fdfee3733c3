"""How a user looks on the wire: version, `select`, masked fields, quoted values (Users API, Appendix)."""

from sandbox.systems.liveperson.users import Entity

VERSIONS = ("2.0", "4.0", "5.0", "6.0")
DEFAULT_VERSION = "2.0"
"""What the server uses where `v` is left out."""

FOUR_FIELDS = ("id", "pid", "deleted", "loginName")
MASKED = ("fullName", "employeeId")
NOT_IN_2_0 = ("memberOf", "managerOf", "maxAsyncChats", "lobIds", "userTypeId", "isEnabled", "disabledManually")


def shown(entity: Entity, *, version: str, select: str | None, quoted: bool = False) -> Entity:
    """Return the entity as that version shows it, cut down to the selected fields.

    `select` is None or `$all` for everything, else a comma list in which unknown names are ignored. `quoted` puts
    numbers and booleans in quotation marks, as the vendor's own example has them.
    """
    masked = {name: "" if name in MASKED else value for name, value in entity.items()}
    versioned = _as_2_0(masked) if version == DEFAULT_VERSION else masked
    selected = _selected(versioned, select)
    return {name: _quote(value) for name, value in selected.items()} if quoted else selected


def _selected(entity: Entity, select: str | None) -> Entity:
    wanted = (select or "$all").split(",")
    return entity if "$all" in wanted else {name: value for name, value in entity.items() if name in wanted}


def _as_2_0(entity: Entity) -> Entity:
    """Return the older shape: `isActive` and `agentGroups` where later versions have other fields."""
    group = entity.get("memberOf")
    groups = [{"agentGroupId": group.get("agentGroupId"), "roleId": 1}] if isinstance(group, dict) else []
    kept = {name: value for name, value in entity.items() if name not in NOT_IN_2_0}
    return {**kept, "isActive": entity.get("isEnabled"), "agentGroups": groups}


def _quote(value: object) -> object:
    if isinstance(value, list):
        return [_quote(one) for one in value]
    if isinstance(value, dict):
        return {name: _quote(one) for name, one in value.items()}
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else value
