"""Training runs: a configuration, a survey, and a folder where a run can be left and taken up."""

from backend.training.config import TrainConfig, read_config
from backend.training.folder import RunFolder
from backend.training.run import train_head

__all__ = ["RunFolder", "TrainConfig", "read_config", "train_head"]
