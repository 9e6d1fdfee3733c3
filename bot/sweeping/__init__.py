"""What time does beside starting and expiring: reminders, lost work, old cases. Each may be repeated."""

from bot.sweeping.approvable import Approvable
from bot.sweeping.lost import Lost
from bot.sweeping.reminders import Reminders
from bot.sweeping.retention import Retention
from bot.sweeping.troubles import Troubles

__all__ = ["Approvable", "Lost", "Reminders", "Retention", "Troubles"]
