"""Small tasks for worker processes; importing this takes no time."""

import os
import signal
import time
from pathlib import Path

from backend.errors import SceneUnreadable, WeightsMissing


def task(order: tuple[str, int, Path]) -> tuple[int, int]:
    """Do as ordered; the task's number and the worker's process."""
    what, number, folder = order
    with (folder / "begun").open("a") as begun:
        begun.write(f"{number}\n")
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "die once" and not (folder / "died").exists():
        (folder / "died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "unreadable":
        raise SceneUnreadable("A strip is damaged.", "Copy it again.")
    if what == "unforeseen":
        raise ZeroDivisionError("by zero")
    if what == "no weights":
        raise WeightsMissing("The weights are missing.", "Fetch them.")
    time.sleep(0.01)
    return number, os.getpid()
