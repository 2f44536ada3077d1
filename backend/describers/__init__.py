"""Describers: whatever says in words what is in a chip.

base       `Describer`: caption a chip, answer a question, hold a conversation
cover      what covers each cell of an area, as a head reads it
measured   `measure`: the record of an area of a scene
facts      the describer that says what was measured, and nothing else
meant      what people call what is measured
replies, typed  answers to questions, of the kinds of corpora and of what people type
outline    outlines of cells
model      describers that look at a picture of a chip
tower, coca  what was trained here, and CoCas; backscatter: what they look at
blip, chat  published models, through transformers; loading: their files
endpoint   a model behind an HTTP endpoint
ranking    answers from a closed list; corpora: a whole corpus asked; adapters: LoRA
judge      a model that judges answers; its verdicts are kept
registry   describers by name; offered: those that can be chosen by name alone
views      what a describer looks at of an area, and what was measured there
"""

from backend.describers.base import Answer, Chip, Describer, Description
from backend.describers.measured import Measured, measure
from backend.describers.registry import load_describer
from backend.describers.views import View, look

__all__ = [
    "Answer",
    "Chip",
    "Describer",
    "Description",
    "Measured",
    "View",
    "load_describer",
    "look",
    "measure",
]
