"""The jobs of a service: their order, their lanes, their results.

work         work that one job or several wait for, and how far it is
lanes        which work is next, and when a long one gives way to a question
retention    which results are forgotten
jobs         all of it together: what the routes and the service call
"""

from backend.service.queue.jobs import JobQueue
from backend.service.queue.retention import Retention
from backend.service.queue.work import ENDED, CancelLimit

__all__ = ["ENDED", "CancelLimit", "JobQueue", "Retention"]
