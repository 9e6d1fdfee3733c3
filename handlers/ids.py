"""The ids that Slack sends back to us. They are part of messages that stand in channels for years: never rename one."""

COMMAND = "/offboard"

REQUEST_VIEW = "offboard_request"
DECLINE_VIEW = "offboard_decline"
MARK_DONE_VIEW = "offboard_mark_done"
SKIP_VIEW = "offboard_skip"

PERSON = "person"
EMAIL = "email"
NO_SLACK = "no_slack"
OTHER_LOGINS = "other_logins"
REASON = "reason"
SYSTEMS = "systems"
WHEN = "when"
"""Block ids of the request's inputs; each input's action id is the same word."""

APPROVE = "approve"
DECLINE = "decline"
RETRY = "retry"
MARK_DONE = "mark_done"
SKIP = "skip"
"""Action ids of the buttons. Their value is `case:turn:digest` for a plan and `case:system` for a system."""

WORDS = "words"
"""Block and action id of the one text input in the dialogs for declining, skipping and marking done."""

METADATA_EVENT = "offboard_message"
"""Event type of every message's metadata; its payload is `{"case": 12, "key": "plan:1", "head": "57:9f86…"}`."""

PLAN_VIEW = "offboard_plan"
REVIEW = "review"
"""A discreet case keeps its plan in a dialog; `review` opens it and has the value of a plan's buttons."""

STOP = "stop"
WITHDRAW = "withdraw"
CHOOSE = "choose"
RELEASE = "release"
CANCEL = "cancel"
"""Action ids of the brakes. Withdraw and Choose have the value of a plan's buttons, the others `case:word`."""

RUN = "run"
HELD = "held"
WHOLE = "whole"
AGAIN = "again"
DATABASE = "database"
"""Those words: what Stop, Release, Cancel, Ask again and Go on are about."""

CHOOSE_VIEW = "offboard_choose"
RELEASE_VIEW = "offboard_release"
GLASS_VIEW = "offboard_break_glass"
ACCOUNTS = "accounts"
ADDRESS = "address"
"""Block ids of the brakes' dialogs: `accounts_0` holds the accounts of the plan's first system."""

CODE_VIEW = "offboard_code"
CODE = "code"
"""The dialog that asks for the code of an authenticator app, and the block id of its input."""

ASK_AGAIN = "ask_again"
GO_ON = "go_on"
GO_ON_VIEW = "offboard_go_on"
"""What time leaves to people: a new request in the place of an expired one, and a database that was put back."""

NOTHING_TO_REMOVE = "nothing_to_remove"
CORRECT_ADDRESS = "correct_address"
NOTHING_VIEW = "offboard_nothing"
NOTHING = "nothing"
CORRECTED = "corrected"
"""What is answered where no system knows the person. The first has the value `case:attempt:nothing`, or
`case:attempt:review` where it opens the details first; the second `case:corrected`, as has the form that it opens."""
