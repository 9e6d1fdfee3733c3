"""What time does beside starting and expiring, built."""

from __future__ import annotations

from bot.engine_rows import DbosRows
from bot.model import WorkKind
from bot.policy import Policy
from bot.ports import People, Reporter, Store, Systems
from bot.quiet import Quiet
from bot.rechecks import Rechecks
from bot.restored import Restored
from bot.runs import Runs
from bot.settings import Loaded
from bot.sweeper import Chore
from bot.sweeping import Approvable, ChannelPrivacyCheck, Lost, RefusalCounts, Reminders, Retention, Troubles
from handlers.marks import SlackTold
from handlers.slack_app import SlackSide


def restored_of(loaded: Loaded, slack: SlackSide, store: Store, policy: Policy, reporter: Reporter) -> Restored:
    """Return what compares the database with what stands in the channels of the cases."""
    table = loaded.file.slack
    channels = [one for one in (table.channel, table.sensitive_channel) if one is not None]
    return Restored(store, slack.people, policy, reporter, SlackTold(slack.client, slack.identity, channels))


def chores(
    loaded: Loaded, quiet: Quiet, systems: Systems, reporter: Reporter, rows: DbosRows, restored: Restored
) -> tuple[Chore, ...]:
    """Return the chores in their order: nothing is told or given up before the database was compared with Slack."""
    store, people, policy = quiet.store, quiet.people, quiet.policy
    troubles = Troubles(store, people, policy, reporter)
    runs, later = Runs(store, systems, reporter, policy, quiet), Rechecks(store, systems, reporter, quiet)
    give_up = {WorkKind.LOOK: runs.give_up_look, WorkKind.REMOVE: runs.give_up, WorkKind.RECHECK: later.give_up}
    return (
        restored,
        *_privacy_checks(loaded, store, people, policy, reporter),
        Lost(store, rows, give_up, troubles),
        Reminders(store, policy, reporter, quiet, troubles),
        Approvable(store, people, systems, policy, reporter, quiet, troubles),
        RefusalCounts(store),
        Retention(store, loaded.file.retention.cases, troubles),
    )


def _privacy_checks(
    loaded: Loaded, store: Store, people: People, policy: Policy, reporter: Reporter
) -> tuple[Chore, ...]:
    """Return the daily look at who can read the channels; none where the operator allows public ones."""
    table = loaded.file.slack
    channels = [one for one in (table.channel, table.sensitive_channel) if one is not None]
    return () if table.allow_public else (ChannelPrivacyCheck(store, people, policy, reporter, channels),)
