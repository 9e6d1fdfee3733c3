"""The one door to the network: time limits, TLS, no redirects, size caps, and writes that are sent once."""

from providers.http.answer import Answer, is_token
from providers.http.door import Door
from providers.http.items import Intake, JsonItems
from providers.http.limit import Limit, Turns
from providers.http.status import failure, retry_after

__all__ = ["Answer", "Door", "Intake", "JsonItems", "Limit", "Turns", "failure", "is_token", "retry_after"]
