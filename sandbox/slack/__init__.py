"""A local Slack workspace on loopback: Web API, Socket Mode, signed HTTP delivery, and a page for people."""
