"""What time does beside starting and expiring: reminders, lost work, old cases. Each may be repeated."""

from bot.sweeping.approvable import Approvable
from bot.sweeping.channel_privacy import ChannelPrivacyCheck
from bot.sweeping.lost import Lost
from bot.sweeping.refusals import RefusalCounts
from bot.sweeping.reminders import Reminders
from bot.sweeping.retention import Retention
from bot.sweeping.troubles import Troubles

__all__ = ["Approvable", "ChannelPrivacyCheck", "Lost", "RefusalCounts", "Reminders", "Retention", "Troubles"]
