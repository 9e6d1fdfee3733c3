"""The Engine port on DBOS: hands work over in the domain's own transaction and runs it at least once.

No workflow waits for a person and none has children: one workflow is one look or one removal in one system, with a
single step that looks before it sends. `docs/decisions/engine.md` says why.
"""

from bot.engine.executor import Executor
from bot.engine.names import APP_VERSION, QUEUE, WORKFLOW
from bot.engine.queue import UnderWay, WorkQueue, migrate_engine

__all__ = ["APP_VERSION", "QUEUE", "WORKFLOW", "Executor", "UnderWay", "WorkQueue", "migrate_engine"]
