"""Training a tower on a corpus.

config    the YAML file; pairs: chips and captions; learner: what one batch teaches
screening decisions on fragments before a stage; task: the life of it; card: the model card
"""

from backend.training.towers.config import TowerConfig, read_tower_config
from backend.training.towers.task import Towers, train_tower

__all__ = ["TowerConfig", "Towers", "read_tower_config", "train_tower"]
