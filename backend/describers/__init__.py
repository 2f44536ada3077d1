"""Describers: whatever says in words what is in a chip.

base       `Describer`: caption a chip, answer a question, hold a conversation
"""

from backend.describers.base import Answer, Chip, Describer, Description

__all__ = ["Answer", "Chip", "Describer", "Description"]
