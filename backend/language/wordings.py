"""How questions are worded. Every wording is read back by `backend.language.asked`."""

from __future__ import annotations

WORDINGS: dict[str, tuple[str, ...]] = {
    "presence": ("Is there {a_class} in the image?", "Does the image show {a_class}?"),
    "presence_side": ("Is there {a_class} {on_side}?", "Does the image show {a_class} {on_side}?"),
    "other": (
        "Is there anything other than {classes} in the image?",
        "Does the image show anything other than {classes}?",
    ),
    "main": (
        "Which category has the most objects?",
        "What is the main category of the image?",
    ),
    "categories": (
        "Which categories are in the image?",
        "What kinds of object does the image show?",
        "Which categories does the image show?",
        "Which categories can be seen here?",
        "Which categories do the objects belong to?",
        "Which kinds of object are in the image?",
        "Which kinds of object can be found here?",
        "Which types of object are visible?",
        "Which types of object does this chip hold?",
        "What categories are there?",
        "What categories does this chip hold?",
        "What categories of object are visible?",
        "What kinds of object can you find?",
        "What kinds of object are there?",
        "What types of object does the scene hold?",
        "What types of object can be told apart here?",
        "Name the categories in the image.",
        "List all categories that are visible.",
        "Give the categories of all objects.",
        "Tell me which types of object are here.",
    ),
    "count": ("How many {classes} are in the image?", "What is the number of {classes}?"),
    "side": (
        "On which side are most of the {classes}?",
        "Which side of the image holds most of the {classes}?",
    ),
    "box": (
        "Which category is in the box {box}?",
        "What does the box {box} hold?",
    ),
    "recognition": (
        "Of which type is the object whose centre is {point}?",
        "What is the object with its centre at {point}?",
    ),
    "position": (
        "Which cells of the grid, 1 to 9 row by row, hold {classes}?",
        "In which cells, counted 1 to 9 row by row, are {classes}?",
    ),
    "main_landform": ("What is the main landform?", "Which landform covers the most ground?"),
    "all_landforms": ("Which landforms are in the image?", "What are all the landforms here?"),
    "regional_landform": (
        "What is the main landform of the {region} corner?",
        "Which landform covers the most ground in the {region} corner?",
    ),
}
"""By kind of question; each chip draws one of the wordings."""

KINDS = tuple(WORDINGS)
OF_BOXES = KINDS[:10]
"""Kinds that ask for objects."""
OF_COVER = KINDS[10:]
"""Kinds that ask for what covers the ground."""
YES, NO = "Yes", "No"
