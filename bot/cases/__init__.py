"""What people do to a case. One transaction each."""

from bot.cases.choosing import Choosing
from bot.cases.confirming import Confirming
from bot.cases.deciding import Deciding
from bot.cases.desk import Desk
from bot.cases.holding import Holding
from bot.cases.mending import Mending
from bot.cases.opening import Opening
from bot.cases.origins import Origins
from bot.cases.reading import Reading
from bot.cases.restoring import Restoring
from bot.cases.said import Denied, Field, Form, Opened, Said, Shown
from bot.quiet import Room


class Cases(Opening, Deciding, Confirming, Choosing, Holding, Mending, Restoring, Reading, Origins):
    """Everything that a person can do."""

    __slots__ = ()


__all__ = ["Cases", "Denied", "Desk", "Field", "Form", "Opened", "Room", "Said", "Shown"]
