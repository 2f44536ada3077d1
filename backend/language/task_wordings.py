"""How SARChat's tasks are worded, in our own words; `task_asked` reads every one of them back."""

from __future__ import annotations

import re

TASK_WORDINGS: dict[str, tuple[str, ...]] = {
    "count": (
        "How many {classes} are there?",
        "How many {classes} does the image show?",
        "How many {classes} can be counted here?",
        "Count the {classes}.",
        "Count all {classes} in the image.",
        "Give the number of {classes}.",
        "What is the number of {classes}?",
        "What is the total of {classes} here?",
        "Say how many {classes} are in view.",
        "State how many {classes} this chip holds.",
        "Tell me how many {classes} you find.",
        "Find all {classes}, and give their number.",
        "I need the number of {classes} in this image.",
        "Of {classes}, how many are visible?",
        "Which number of {classes} is in the scene?",
    ),
    "grounding": (
        "Mark all {classes}.",
        "Mark every one of the {classes} with a box.",
        "Draw a box around each of the {classes}.",
        "Box all {classes} in the image.",
        "Give the boxes of all {classes}.",
        "List a box for each of the {classes}.",
        "Where are the {classes}? Answer with boxes.",
        "Locate the {classes}.",
        "Locate all {classes}, each by its box.",
        "Find the {classes}, and give their boxes.",
        "Show where all {classes} lie.",
        "Outline the {classes} with boxes.",
        "Return the corners of all {classes}.",
        "Point out each of the {classes} by its corners.",
        "Detect all {classes} in this chip.",
    ),
    "identify": (
        "What is at {box}?",
        "What does the box {box} hold?",
        "What is inside {box}?",
        "What lies in the box {box}?",
        "What can be seen at {box}?",
        "What kind of object is at {box}?",
        "What object does {box} mark?",
        "Which object is at {box}?",
        "Which category does the object at {box} have?",
        "Name the object at {box}.",
        "Name what the box {box} marks.",
        "Identify the object at {box}.",
        "Identify what lies inside {box}.",
        "Describe the object at {box}.",
        "Describe the size, shape and category of what is at {box}.",
        "Say what is at {box}.",
        "Tell me what the box {box} contains.",
        "Give the category of the object in {box}.",
        "Recognise the target at {box}.",
        "Look at {box}: what is there?",
    ),
    "refer": (
        "Mark {object}.",
        "Mark {object} with a box.",
        "Draw a box around {object}.",
        "Put a box around {object}.",
        "Box {object}.",
        "Give the box of {object}.",
        "Give the corners of {object}.",
        "Give the position of {object}.",
        "Where is {object}?",
        "Where does {object} lie?",
        "Where in the image is {object}?",
        "At which corners is {object}?",
        "Which box holds {object}?",
        "Which box marks {object}?",
        "What is the box of {object}?",
        "What are the corners of {object}?",
        "Locate {object}.",
        "Locate {object} by its box.",
        "Find {object}.",
        "Find {object}, and give its box.",
        "Show me {object}.",
        "Show where {object} is.",
        "Point to {object}.",
        "Point out {object} in the image.",
        "Outline {object} with a box.",
        "Detect {object}.",
        "Return the box of {object}.",
        "Say where {object} is.",
        "Tell me where {object} can be found.",
        "I am looking for {object}: where is it?",
    ),
}
"""By task; each question draws one, by the chip's name and what is asked."""


def task_asked(question: str) -> tuple[str, str] | None:
    """Return the task of a question and what it asks about; None where no wording reads it.

    Example:
        task_asked("[count] How many ships are there?")  # ("count", "ships")
    """
    for task, patterns in _PATTERNS.items():
        for pattern in patterns:
            if match := pattern.fullmatch(question):
                return task, match["part"]
    return None


def _pattern(task: str, wording: str) -> re.Pattern[str]:
    before, after = re.split(r"\{\w+\}", wording)
    return re.compile(rf"\[{task}\] {re.escape(before)}(?P<part>.+){re.escape(after)}")


# The longest first: "Mark all ships." is one of the shorter ones' ways to be read, too.
_PATTERNS = {
    task: [_pattern(task, one) for one in sorted(wordings, key=len, reverse=True)]
    for task, wordings in TASK_WORDINGS.items()
}
