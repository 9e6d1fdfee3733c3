"""What proves a case to somebody who trusts neither this machine nor its operator: seals, packs, and their checks.

Nothing here opens a file, a database or a connection, and nothing knows of Slack.
"""
