"""What can fail, named by what the caller does next."""

from __future__ import annotations


class OffboardError(Exception):
    """The root of all errors of this program. Its text is for people and holds no secret."""


class ConfigurationError(OffboardError):
    """The program cannot start: the text names the key. Exit code 2."""


class Refusal(OffboardError):
    """Slack said no to us: bad token, not in the channel. Exit code 1."""


class Fenced(OffboardError):
    """This process may no longer do what it was doing, or somebody else does it: let go at once, and send nothing."""

    def __init__(self, text: str = "another process may be doing this by now") -> None:
        super().__init__(text)


class Overtaken(OffboardError):
    """Somebody else was about to write to the same account since it was read: look again, then decide again."""


class PeopleNotReadable(OffboardError):
    """Slack did not answer who somebody is or who is in a group; nothing is allowed on that ground."""


class NotAskedAbout(OffboardError):
    """A decision depends on people who were not looked up (`users`, Slack ids): ask about them, then decide again."""

    def __init__(self, users: frozenset[str]) -> None:
        super().__init__("somebody was not asked about on whom this depends")
        self.users = users


class ProviderError(OffboardError):
    """The root of what a system's adapter raises. The text says what happened, for people, without personal data."""


class CredentialsRejected(ProviderError):
    """The system does not accept our key: a person acts; asking again makes it worse."""


class Forbidden(ProviderError):
    """The key is known but may not do this: a person grants rights. Never a proof of absence."""


class RateLimited(ProviderError):
    """Surely not carried out; ask again after `retry_after` seconds."""

    def __init__(self, text: str, retry_after: float) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class Unavailable(ProviderError):
    """Surely not carried out (not reached, or a read that failed); ask again later."""


class AnswerLost(ProviderError):
    """Sent, and the answer did not arrive or says nothing (500, cut, time limit): look first, never resend blindly."""


class Conflict(ProviderError):
    """Not carried out because the account's state is another than thought: read again, then decide again."""


class Refused(ProviderError):
    """The system, or a guard of ours, said no, and will say so again."""


class HandedOver(ProviderError):
    """The system cannot do this for such an account: a person must, in another place. The text says what and where."""


class StillWorking(ProviderError):
    """Accepted and not finished: read again after `check_after` seconds."""

    def __init__(self, text: str, check_after: float) -> None:
        super().__init__(text)
        self.check_after = check_after


class Misconfigured(ProviderError):
    """The system answers as another one would (wrong path, tenant or certificate): the operator mends the file."""


class UnexpectedAnswer(ProviderError):
    """The answer to a read cannot be understood (HTML page, wrong type, too large): nothing is known."""
