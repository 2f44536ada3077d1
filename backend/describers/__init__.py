"""Describers: whatever says in words what is in a chip.

base       `Describer`: caption a chip, answer a question, hold a conversation
model      describers that look at a picture of a chip
endpoint   a model behind an HTTP endpoint
judge      a model that judges answers; its verdicts are kept
"""

from backend.describers.base import Answer, Chip, Describer, Description

__all__ = ["Answer", "Chip", "Describer", "Description"]
