"""The threads in which QGIS's tasks run."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QThreadPool

LONGEST_WAIT_MS = 1000


def end_idle_threads() -> None:
    """End the threads that wait for another task, before QGIS deletes what they have used.

    QGIS 3.40 keeps a pool of them until after its store of passwords is gone. A thread that has
    asked the store, has been idle for half a minute and has run a task since tells the store when
    it ends, and so QGIS crashed as it closed: https://github.com/qgis/QGIS/pull/62429.
    """
    for pool in QgsApplication.taskManager().findChildren(QThreadPool):
        pool.waitForDone(LONGEST_WAIT_MS)
