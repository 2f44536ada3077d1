"""Linking an encoder with a text space: a head fitted on a survey's views, as AdamW or ridge do."""

from backend.training.linking.config import TrainConfig, read_config
from backend.training.linking.task import Linking, train_head

__all__ = ["Linking", "TrainConfig", "read_config", "train_head"]
