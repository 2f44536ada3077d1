"""What is known of a chip, and the sentences, questions and answers that follow from it.

record     `Record`: objects, cover, place, size of a pixel, date; and its JSON
"""

from backend.language.record import (
    Box,
    Contact,
    Cover,
    Object,
    Patches,
    Place,
    Record,
    Region,
    from_json,
    to_json,
)

__all__ = [
    "Box",
    "Contact",
    "Cover",
    "Object",
    "Patches",
    "Place",
    "Record",
    "Region",
    "from_json",
    "to_json",
]
