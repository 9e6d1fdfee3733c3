"""What offboarding means. Nothing in here knows Slack or a vendor."""
