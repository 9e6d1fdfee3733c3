"""What a test may hang on to what passes between Slack and the app, in both directions."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack.limits import FaultStatus
from sandbox.slack.records import Json


def _nothing(_: str) -> None:
    return None


def _once(_: str) -> bool:
    return False


def _goes_well(_: str, __: Json) -> FaultStatus | None:
    return None


@dataclass(slots=True)
class Watching:
    """Payloads go by their own word (`block_actions approve`, `view_submission offboard_request`, `/offboard`).

    `sent` is called when one is about to be delivered, `acknowledged` when its acknowledgement has come; where `twice`
    says so it is delivered a second time at once. `called` is asked when a Web API call comes in, with its method and
    arguments: what it answers befalls that call, as in `Workspace.fail_next`.
    """

    sent: Callable[[str], None] = _nothing
    acknowledged: Callable[[str], None] = _nothing
    twice: Callable[[str], bool] = _once
    called: Callable[[str, Json], FaultStatus | None] = _goes_well
