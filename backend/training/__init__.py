"""The life of a training run (`folder`, `curve`), and tasks, of which `linking` is one."""

from backend.training.folder import RunFolder, train
from backend.training.linking import TrainConfig, read_config, train_head
from backend.training.task import Finished, Task

__all__ = [
    "Finished",
    "RunFolder",
    "Task",
    "TrainConfig",
    "read_config",
    "train",
    "train_head",
]
