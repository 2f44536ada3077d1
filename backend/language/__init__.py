"""What is known of a chip, and the sentences, questions and answers that follow from it.

record     `Record`: objects, cover, place, size of a pixel, date; and its JSON
sentence   `Sentence` with its `Evidence`
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
from backend.language.sentence import Evidence, Sentence, as_text

__all__ = [
    "Box",
    "Contact",
    "Cover",
    "Evidence",
    "Object",
    "Patches",
    "Place",
    "Record",
    "Region",
    "Sentence",
    "as_text",
    "from_json",
    "to_json",
]
