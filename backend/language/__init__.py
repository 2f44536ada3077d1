"""What is known of a chip, and the sentences, questions and answers that follow from it.

record     `Record`: objects, cover, place, size of a pixel, date; and its JSON
sentence   `Sentence` with its `Evidence`
regions    five sides and nine regions
words      plurals, lists, shares, lengths
table      objects of many chips as columns
wordings   how questions are worded
questions  questions with answers, all chips of a batch at once
asked      one question, read and answered
segmentation  the cover of a raster of classes
captions   sentences, each with what it rests on
claims     sentences read back, and whether a record bears them out
tasks      SARChat's tasks about objects
rewriting  optical captions made radar's
prompts    five levels of knowledge, and the fields of a reply
"""

from backend.language.asked import Asked, Found, answer_from, read_question
from backend.language.captions import describe
from backend.language.questions import Pair, Pairs, box_questions, cover_questions, questions
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
from backend.language.segmentation import cover_of
from backend.language.sentence import Evidence, Sentence, as_text
from backend.language.table import BoxTable

__all__ = [
    "Asked",
    "Box",
    "BoxTable",
    "Contact",
    "Cover",
    "Evidence",
    "Found",
    "Object",
    "Pair",
    "Pairs",
    "Patches",
    "Place",
    "Record",
    "Region",
    "Sentence",
    "answer_from",
    "as_text",
    "box_questions",
    "cover_of",
    "cover_questions",
    "describe",
    "from_json",
    "questions",
    "read_question",
    "to_json",
]
