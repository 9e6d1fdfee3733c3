"""blocks.validate: says what is wrong with blocks, a view or a message, without a token and without doing anything."""

from sandbox.slack.backend import Backend
from sandbox.slack.lint.spec import Finding
from sandbox.slack.lint.surface import check_blocks
from sandbox.slack.lint.view import view_findings
from sandbox.slack.methods.arguments import Arguments, invalid
from sandbox.slack.records import Json, Refused


def validate(_backend: Backend, args: Arguments) -> Json:
    """Take exactly one of blocks, view and message ("blocks.validate")."""
    given = [name for name in ("blocks", "view", "message") if name in args]
    if len(given) != 1:
        raise invalid("[ERROR] give exactly one of blocks, view and message")
    findings = _findings(given[0], args.json(given[0]))
    if findings:
        errors = [{"pointer": each.pointer, "message": each.message} for each in findings]
        raise Refused("invalid_blocks", errors=errors)
    return {}


def _findings(name: str, value: object) -> list[Finding]:
    if name == "blocks":
        return list(check_blocks(value, "message"))
    if not isinstance(value, dict):
        return [Finding(f"/{name}", "must be an object")]
    if name == "view":
        return list(view_findings(value, str(value.get("type"))))
    return list(check_blocks(value.get("blocks"), "message", "/message/blocks"))
