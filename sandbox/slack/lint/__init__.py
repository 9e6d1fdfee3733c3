"""The block linter: what Slack would refuse, and what this house does not send.

`spec` is the small language of the tables; `objects`, `elements`, `rich_text` and `blocks` are the tables, after
"Block Kit reference"; `walk` holds a payload against them; `rules` is what no single field can tell; `message` and
`view` are the two doors; `house` is our own taste.
"""
