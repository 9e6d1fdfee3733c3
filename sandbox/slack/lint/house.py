"""What Slack would take but this house does not send."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.slack.backend import Inspection


def house_findings(method: str, values: Mapping[str, Any], inspection: Inspection) -> Iterator[str]:
    """Yield every breach of the house's own rules in a message's arguments."""
    if values.get("blocks") and not values.get("text"):
        yield "blocks without a text for notifications and screen readers"
    if method == "chat.postMessage":
        for name in ("unfurl_links", "unfurl_media"):
            if values.get(name) is not False:
                yield f"{name} is not false"
    yield from _forbidden(values, inspection)


def _forbidden(values: Mapping[str, Any], inspection: Inspection) -> Iterator[str]:
    """Name the place, not the string: a finding may be printed anywhere."""
    for place in ("text", "blocks", "metadata"):
        written = json.dumps(values.get(place), ensure_ascii=False)
        if any(word in written for word in inspection.forbidden):
            yield f"a forbidden string stands in {place}"
        if place != "blocks" and any(word in written for word in inspection.forbidden_in_text):
            yield f"a string that must not be in notifications stands in {place}"
