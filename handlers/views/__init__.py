"""Pure: domain data → Slack's blocks. No client, no clock, no await."""
