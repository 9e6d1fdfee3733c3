"""The world, small: a local Slack workspace and the systems' simulators. The bot imports nothing from here."""
