"""LivePerson Conversational Cloud, simulated from the Domain, Users, Login Service and OAuth 2.0 pages."""

from sandbox.systems.liveperson.server import LivePerson

__all__ = ["LivePerson"]
